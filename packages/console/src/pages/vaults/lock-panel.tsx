import type { DescribeBackupVaultOutput } from '@aws-sdk/client-backup';
import Button from '@cloudscape-design/components/button';
import SpaceBetween from '@cloudscape-design/components/space-between';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { CliCommand } from '../../components/cli-command.tsx';
import { ConfirmDialog } from '../../components/confirm-dialog.tsx';
import { DetailPairs } from '../../components/detail-pairs.tsx';
import { NavButton } from '../../components/nav-button.tsx';
import { Time } from '../../components/time.tsx';
import { useAction } from '../../components/use-action.ts';
import { paths } from '../../paths.ts';
import { useConsole } from '../../session/use-console.ts';
import { LockState } from './lock-state.tsx';

/** The vault's lock: what it demands, until when it can be changed, and how to be rid of it. */
export function LockPanel({ vault }: { readonly vault: DescribeBackupVaultOutput }) {
  const { t } = useTranslation();
  const { backup } = useConsole();
  const [isRemoving, setRemoving] = useState(false);
  const name = vault.BackupVaultName ?? '';
  const isImmutable = vault.LockDate !== undefined && vault.LockDate.getTime() <= Date.now();
  const remove = useAction({
    run: () =>
      backup.call((client, { DeleteBackupVaultLockConfigurationCommand }) =>
        client.send(new DeleteBackupVaultLockConfigurationCommand({ BackupVaultName: name })),
      ),
    success: () => t('vaults.lockRemoved'),
  });
  return (
    <SpaceBetween size="l">
      <DetailPairs
        title={t('vaults.lock')}
        actions={
          <SpaceBetween direction="horizontal" size="xs">
            {vault.Locked === true && !isImmutable && (
              <Button onClick={() => setRemoving(true)}>{t('vaults.lockDelete')}</Button>
            )}
            {!isImmutable && (
              <NavButton href={paths.lockVault(name)}>
                {vault.Locked === true ? t('vaults.lockManage') : t('vaults.lockCreate')}
              </NavButton>
            )}
          </SpaceBetween>
        }
        items={[
          [t('common.status'), <LockState key="s" isLocked={vault.Locked} lockDate={vault.LockDate} />],
          [t('vaults.minRetention'), vault.MinRetentionDays === undefined ? '-' : String(vault.MinRetentionDays)],
          [t('vaults.maxRetention'), vault.MaxRetentionDays === undefined ? '-' : String(vault.MaxRetentionDays)],
          [t('vaults.lockDate'), <Time key="d" at={vault.LockDate} />],
        ]}
      />
      <CliCommand operation="DeleteBackupVaultLockConfiguration" input={{ BackupVaultName: name }} />
      {isRemoving && (
        <ConfirmDialog
          title={t('vaults.lockDelete')}
          warning={t('vaults.lockDeleteWarning')}
          word="confirm"
          confirmText={t('common.confirm')}
          isRunning={remove.isPending}
          onConfirm={() => remove.mutate(undefined, { onSettled: () => setRemoving(false) })}
          onCancel={() => setRemoving(false)}
        >
          {t('vaults.lockDeleteHint', { name })}
        </ConfirmDialog>
      )}
    </SpaceBetween>
  );
}
