import Button from '@cloudscape-design/components/button';
import SpaceBetween from '@cloudscape-design/components/space-between';
import { useTranslation } from 'react-i18next';

interface FormActionsProps {
  readonly submitText: string;
  /** Default: "Cancel". */
  readonly cancelText?: string;
  readonly isReady: boolean;
  readonly isRunning: boolean;
  readonly onCancel: () => void;
}

/** What ends a form on a page of its own: a way out, and its submission, which says why it is not possible yet. */
export function FormActions({ submitText, cancelText, isReady, isRunning, onCancel }: FormActionsProps) {
  const { t } = useTranslation();
  return (
    <SpaceBetween direction="horizontal" size="xs">
      <Button formAction="none" variant="link" onClick={onCancel}>
        {cancelText ?? t('common.cancel')}
      </Button>
      <Button variant="primary" disabled={!isReady} disabledReason={t('common.incomplete')} loading={isRunning}>
        {submitText}
      </Button>
    </SpaceBetween>
  );
}
