import RadioGroup from '@cloudscape-design/components/radio-group';
import SpaceBetween from '@cloudscape-design/components/space-between';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { awsCommand } from '../../api/aws-command.ts';
import { type BulkRequest, bulkCommand } from '../../api/bulk-api.ts';
import { shortArn } from '../../api/resource-names.ts';
import { CommandText } from '../../components/cli-command.tsx';
import { ConfirmDialog } from '../../components/confirm-dialog.tsx';
import { useAction } from '../../components/use-action.ts';
import { useBulkAction } from '../../components/use-bulk-action.tsx';
import { useConsole } from '../../session/use-console.ts';

interface DeletePointsDialogProps {
  readonly vault: string;
  readonly arns: readonly string[];
  readonly onClose: () => void;
  readonly onDeleted?: () => void;
}

/** A continuous backup is one recovery point whose ARN says so. */
const isContinuous = (arn: string): boolean => arn.includes(':continuous:');

/**
 * Deletes recovery points after the word `delete` was typed; several are the server's business, so that the page may be
 * closed. Continuous ones may keep their data (BKP-219).
 */
export function DeletePointsDialog({ vault, arns, onClose, onDeleted }: DeletePointsDialogProps) {
  const { t } = useTranslation();
  const { backup, region } = useConsole();
  const [keepsContinuous, setKeepsContinuous] = useState(false);
  const [only, ...more] = arns;
  const isOne = more.length === 0 && only !== undefined;
  const keepsAll = keepsContinuous && arns.every(isContinuous);
  const operation = keepsAll ? ('DisassociateRecoveryPoint' as const) : ('DeleteRecoveryPoint' as const);
  const bulk: BulkRequest = { Action: operation, Targets: arns, BackupVaultName: vault };
  const removeOne = useAction({
    run: () =>
      backup.call((client, commands) => {
        const input = { BackupVaultName: vault, RecoveryPointArn: only };
        return keepsAll
          ? client.send(new commands.DisassociateRecoveryPointCommand(input))
          : client.send(new commands.DeleteRecoveryPointCommand(input));
      }),
    success: () => t('points.deleted', { count: 1 }),
    onDone: () => {
      onDeleted?.();
      onClose();
    },
  });
  const removeMany = useBulkAction(onClose);
  const input = { BackupVaultName: vault, RecoveryPointArn: only };
  return (
    <ConfirmDialog
      title={t('points.deleteTitle', { count: arns.length })}
      warning={t('points.deleteWarning')}
      word="delete"
      confirmText={t('points.deleteConfirm')}
      isRunning={removeOne.isPending || removeMany.isPending}
      onConfirm={() => (isOne ? removeOne.mutate() : removeMany.mutate(bulk))}
      onCancel={onClose}
    >
      <SpaceBetween size="m">
        <ul>
          {arns.slice(0, 10).map((arn) => (
            <li key={arn}>{shortArn(arn)}</li>
          ))}
          {arns.length > 10 && <li>{t('points.andMore', { count: arns.length - 10 })}</li>}
        </ul>
        {arns.every(isContinuous) && (
          <RadioGroup
            value={keepsContinuous ? 'keep' : 'delete'}
            ariaLabel={t('points.continuousChoice')}
            items={[
              { value: 'delete', label: t('points.continuousDelete') },
              { value: 'keep', label: t('points.continuousKeep') },
            ]}
            onChange={({ detail }) => setKeepsContinuous(detail.value === 'keep')}
          />
        )}
        <CommandText command={isOne ? awsCommand(operation, input, { region }) : bulkCommand(bulk)} />
      </SpaceBetween>
    </ConfirmDialog>
  );
}
