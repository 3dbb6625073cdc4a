import Alert from '@cloudscape-design/components/alert';
import Checkbox from '@cloudscape-design/components/checkbox';
import FormField from '@cloudscape-design/components/form-field';
import Input from '@cloudscape-design/components/input';
import { type ReactNode, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { FormDialog } from './form-dialog.tsx';

interface ConfirmDialogProps {
  readonly title: string;
  readonly children: ReactNode;
  /** What must be typed: a name, or a word such as `delete`. */
  readonly word?: string;
  /** A box that must be ticked besides. */
  readonly acknowledgement?: string;
  readonly warning?: ReactNode;
  readonly confirmText: string;
  readonly isRunning: boolean;
  readonly isConfirmDisabled?: boolean;
  readonly onConfirm: () => void;
  readonly onCancel: () => void;
}

/** Asks before something that cannot be taken back. */
export function ConfirmDialog(props: ConfirmDialogProps) {
  const { t } = useTranslation();
  const [typed, setTyped] = useState('');
  const [isAcknowledged, setAcknowledged] = useState(false);
  const isReady =
    (props.word === undefined || typed === props.word) &&
    (props.acknowledgement === undefined || isAcknowledged) &&
    props.isConfirmDisabled !== true;
  return (
    <FormDialog
      title={props.title}
      confirmText={props.confirmText}
      isReady={isReady}
      isRunning={props.isRunning}
      onConfirm={props.onConfirm}
      onClose={props.onCancel}
    >
      {props.warning !== undefined && <Alert type="warning">{props.warning}</Alert>}
      <div>{props.children}</div>
      {props.word !== undefined && (
        <FormField label={t('common.typeToConfirm', { word: props.word })}>
          <Input value={typed} placeholder={props.word} onChange={({ detail }) => setTyped(detail.value)} />
        </FormField>
      )}
      {props.acknowledgement !== undefined && (
        <Checkbox checked={isAcknowledged} onChange={({ detail }) => setAcknowledged(detail.checked)}>
          {props.acknowledgement}
        </Checkbox>
      )}
    </FormDialog>
  );
}
