import ProgressBar from '@cloudscape-design/components/progress-bar';
import RadioGroup from '@cloudscape-design/components/radio-group';
import SpaceBetween from '@cloudscape-design/components/space-between';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { awsCommand } from '../../api/aws-command.ts';
import { shortArn } from '../../api/resource-names.ts';
import { CommandText } from '../../components/cli-command.tsx';
import { ConfirmDialog } from '../../components/confirm-dialog.tsx';
import { describeError } from '../../components/error-alert.tsx';
import { useFlash } from '../../components/flash.tsx';
import { useAction } from '../../components/use-action.ts';
import { useConsole } from '../../session/use-console.ts';

interface DeletePointsDialogProps {
  readonly vault: string;
  readonly arns: readonly string[];
  readonly onClose: () => void;
  readonly onDeleted?: () => void;
}

/** A continuous backup is one recovery point whose ARN says so. */
const isContinuous = (arn: string): boolean => arn.includes(':continuous:');

/** Deletes recovery points after the word `delete` was typed; continuous ones may keep their data (BKP-219). */
export function DeletePointsDialog({ vault, arns, onClose, onDeleted }: DeletePointsDialogProps) {
  const { t } = useTranslation();
  const { backup, region } = useConsole();
  const flash = useFlash();
  const [keepsContinuous, setKeepsContinuous] = useState(false);
  const [done, setDone] = useState(0);
  const remove = useAction({
    run: () =>
      backup.call(async (client, { DeleteRecoveryPointCommand, DisassociateRecoveryPointCommand }) => {
        const failures: string[] = [];
        for (const [index, arn] of arns.entries()) {
          const input = { BackupVaultName: vault, RecoveryPointArn: arn };
          try {
            if (keepsContinuous && isContinuous(arn)) await client.send(new DisassociateRecoveryPointCommand(input));
            else await client.send(new DeleteRecoveryPointCommand(input));
          } catch (error) {
            failures.push(`${shortArn(arn)}: ${describeError(error, t)}`);
          }
          setDone(index + 1);
        }
        return failures;
      }),
    success: (failures) =>
      failures.length < arns.length ? t('points.deleted', { count: arns.length - failures.length }) : undefined,
    onDone: (failures) => {
      if (failures.length > 0) {
        const content = failures.slice(0, 5).join('\n');
        flash({ type: 'error', header: t('points.notDeleted', { count: failures.length }), content });
      } else {
        onDeleted?.();
      }
      onClose();
    },
  });
  const commands = arns
    .slice(0, 20)
    .map((arn) => awsCommand('DeleteRecoveryPoint', { BackupVaultName: vault, RecoveryPointArn: arn }, { region }));
  return (
    <ConfirmDialog
      title={t('points.deleteTitle', { count: arns.length })}
      warning={t('points.deleteWarning')}
      word="delete"
      confirmText={t('points.deleteConfirm')}
      isRunning={remove.isPending}
      onConfirm={() => remove.mutate()}
      onCancel={onClose}
    >
      <SpaceBetween size="m">
        <ul>
          {arns.slice(0, 10).map((arn) => (
            <li key={arn}>{shortArn(arn)}</li>
          ))}
          {arns.length > 10 && <li>{t('points.andMore', { count: arns.length - 10 })}</li>}
        </ul>
        {arns.some(isContinuous) && (
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
        {remove.isPending && arns.length > 1 && (
          <ProgressBar value={(100 * done) / arns.length} description={t('points.deletingHint')} />
        )}
        <CommandText command={commands.join('\n')} />
      </SpaceBetween>
    </ConfirmDialog>
  );
}
