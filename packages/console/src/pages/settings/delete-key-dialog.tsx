import FormField from '@cloudscape-design/components/form-field';
import Input from '@cloudscape-design/components/input';
import SpaceBetween from '@cloudscape-design/components/space-between';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { kmsApi } from '../../api/kms-api.ts';
import { CliCommand } from '../../components/cli-command.tsx';
import { ConfirmDialog } from '../../components/confirm-dialog.tsx';
import { useAction } from '../../components/use-action.ts';
import { useConsole } from '../../session/use-console.ts';

interface DeleteKeyDialogProps {
  readonly keyId: string;
  readonly onClose: () => void;
}

/** The most dangerous thing that there is: it makes backups unreadable, and so it says so and waits. */
export function DeleteKeyDialog({ keyId, onClose }: DeleteKeyDialogProps) {
  const { t } = useTranslation();
  const { region } = useConsole();
  const [days, setDays] = useState('30');
  const waiting = Number(days);
  const isValid = Number.isInteger(waiting) && waiting >= 7 && waiting <= 30;
  const remove = useAction({
    run: () => kmsApi.scheduleDeletion(region, keyId, waiting),
    success: () => t('settings.deletionScheduled'),
    onDone: onClose,
  });
  return (
    <ConfirmDialog
      title={t('settings.deletionTitle')}
      warning={t('settings.deletionWarning')}
      word="delete"
      acknowledgement={t('settings.deletionUnderstood')}
      confirmText={t('settings.scheduleDeletion')}
      isRunning={remove.isPending}
      isConfirmDisabled={!isValid}
      onConfirm={() => remove.mutate()}
      onCancel={onClose}
    >
      <SpaceBetween size="m">
        <FormField
          label={t('settings.waitingDays')}
          constraintText={t('settings.waitingHint')}
          errorText={isValid ? undefined : t('settings.waitingHint')}
        >
          <Input type="number" value={days} onChange={({ detail }) => setDays(detail.value)} />
        </FormField>
        <CliCommand
          service="kms"
          operation="ScheduleKeyDeletion"
          input={{ KeyId: keyId, PendingWindowInDays: waiting }}
        />
      </SpaceBetween>
    </ConfirmDialog>
  );
}
