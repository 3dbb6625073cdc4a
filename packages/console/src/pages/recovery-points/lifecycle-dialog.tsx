import type { DescribeRecoveryPointOutput } from '@aws-sdk/client-backup';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { CliCommand } from '../../components/cli-command.tsx';
import { FormDialog } from '../../components/form-dialog.tsx';
import { LifecycleFields, lifecycleForm, lifecycleOf, lifecycleProblem } from '../../components/lifecycle-fields.tsx';
import { useAction } from '../../components/use-action.ts';
import { useConsole } from '../../session/use-console.ts';

interface LifecycleDialogProps {
  readonly vault: string;
  readonly point: DescribeRecoveryPointOutput;
  readonly onClose: () => void;
}

/** When a recovery point moves to cold storage and when it goes. */
export function LifecycleDialog({ vault, point, onClose }: LifecycleDialogProps) {
  const { t } = useTranslation();
  const { backup } = useConsole();
  const [form, setForm] = useState(() => lifecycleForm(point.Lifecycle));
  // What is left out stays as it is; -1 is the API's word for "never".
  const lifecycle = lifecycleOf(form);
  const input = {
    BackupVaultName: vault,
    RecoveryPointArn: point.RecoveryPointArn,
    Lifecycle: {
      MoveToColdStorageAfterDays: lifecycle?.MoveToColdStorageAfterDays ?? -1,
      DeleteAfterDays: lifecycle?.DeleteAfterDays ?? -1,
    },
  };
  const save = useAction({
    run: () =>
      backup.call((client, { UpdateRecoveryPointLifecycleCommand }) =>
        client.send(new UpdateRecoveryPointLifecycleCommand(input)),
      ),
    success: () => t('points.lifecycleSaved'),
    onDone: onClose,
  });
  return (
    <FormDialog
      title={t('points.editLifecycle')}
      confirmText={t('common.save')}
      isReady={lifecycleProblem(form) === undefined}
      isRunning={save.isPending}
      onConfirm={() => save.mutate()}
      onClose={onClose}
    >
      <LifecycleFields form={form} onChange={setForm} />
      <CliCommand operation="UpdateRecoveryPointLifecycle" input={input} />
    </FormDialog>
  );
}
