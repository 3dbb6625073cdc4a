import Button from '@cloudscape-design/components/button';
import SpaceBetween from '@cloudscape-design/components/space-between';
import Tabs from '@cloudscape-design/components/tabs';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useNavigate, useParams, useSearchParams } from 'react-router';
import { useBackupQuery } from '../../api/use-backup-query.ts';
import { CliCommand } from '../../components/cli-command.tsx';
import { ConfirmDialog } from '../../components/confirm-dialog.tsx';
import { Copyable } from '../../components/copyable.tsx';
import { DetailPairs } from '../../components/detail-pairs.tsx';
import { Loaded } from '../../components/loaded.tsx';
import { NavButton } from '../../components/nav-button.tsx';
import { Page } from '../../components/page.tsx';
import { TagsPanel } from '../../components/tags-panel.tsx';
import { Time } from '../../components/time.tsx';
import { useAction } from '../../components/use-action.ts';
import { paths } from '../../paths.ts';
import { useConsole } from '../../session/use-console.ts';
import { AccessPolicyPanel } from './access-policy-panel.tsx';
import { LockPanel } from './lock-panel.tsx';
import { LockState } from './lock-state.tsx';
import { NotificationsPanel } from './notifications-panel.tsx';
import { RecoveryPointsTable } from './recovery-points-table.tsx';

/** One vault: its recovery points, policy, lock, notifications and tags. */
export function VaultPage() {
  const { t } = useTranslation();
  const { vault = '' } = useParams();
  const navigate = useNavigate();
  const { backup } = useConsole();
  const [parameters, setParameters] = useSearchParams();
  const [isDeleting, setDeleting] = useState(false);
  const query = useBackupQuery(['vault', vault], (client, { DescribeBackupVaultCommand }) =>
    client.send(new DescribeBackupVaultCommand({ BackupVaultName: vault })),
  );
  const remove = useAction({
    run: () =>
      backup.call((client, { DeleteBackupVaultCommand }) =>
        client.send(new DeleteBackupVaultCommand({ BackupVaultName: vault })),
      ),
    success: () => t('vaults.deletedMessage', { name: vault }),
    onDone: () => void navigate(paths.vaults),
  });
  const count = query.data?.NumberOfRecoveryPoints ?? 0;
  return (
    <Page
      title={vault}
      crumbs={[{ text: t('nav.vaults'), href: paths.vaults }]}
      actions={
        <SpaceBetween direction="horizontal" size="xs">
          <Button disabled={query.data === undefined} onClick={() => setDeleting(true)}>
            {t('common.delete')}
          </Button>
          <NavButton href={paths.createBackup()}>{t('backups.create')}</NavButton>
        </SpaceBetween>
      }
    >
      <Loaded query={query}>
        {(data) => (
          <SpaceBetween size="l">
            <DetailPairs
              title={t('vaults.summary')}
              items={[
                [t('vaults.arn'), <Copyable key="a" text={data.BackupVaultArn} />],
                [t('vaults.type'), t(`vaults.types.${data.VaultType ?? 'BACKUP_VAULT'}`)],
                [t('vaults.points'), String(count)],
                [t('vaults.lock'), <LockState key="l" isLocked={data.Locked} lockDate={data.LockDate} />],
                [t('vaults.key'), <Copyable key="k" text={data.EncryptionKeyArn} />],
                [t('common.created'), <Time key="c" at={data.CreationDate} />],
              ]}
            />
            <Tabs
              ariaLabel={vault}
              activeTabId={parameters.get('tab') ?? 'points'}
              onChange={({ detail }) => setParameters({ tab: detail.activeTabId }, { replace: true })}
              tabs={[
                { id: 'points', label: t('vaults.points'), content: <VaultPoints vault={vault} /> },
                {
                  id: 'policy',
                  label: t('vaults.policy'),
                  content: <AccessPolicyPanel vault={vault} arn={data.BackupVaultArn ?? ''} />,
                },
                { id: 'lock', label: t('vaults.lock'), content: <LockPanel vault={data} /> },
                {
                  id: 'notifications',
                  label: t('vaults.notifications'),
                  content: <NotificationsPanel vault={vault} />,
                },
                { id: 'tags', label: t('common.tags'), content: <TagsPanel arn={data.BackupVaultArn ?? ''} /> },
              ]}
            />
          </SpaceBetween>
        )}
      </Loaded>
      {isDeleting && (
        <ConfirmDialog
          title={t('vaults.deleteTitle', { name: vault })}
          warning={count > 0 ? t('vaults.notEmpty', { count }) : undefined}
          word={vault}
          confirmText={t('common.delete')}
          isRunning={remove.isPending}
          isConfirmDisabled={count > 0}
          onConfirm={() => remove.mutate(undefined, { onSettled: () => setDeleting(false) })}
          onCancel={() => setDeleting(false)}
        >
          {t('vaults.deleteHint')}
        </ConfirmDialog>
      )}
    </Page>
  );
}

function VaultPoints({ vault }: { readonly vault: string }) {
  return (
    <SpaceBetween size="l">
      <RecoveryPointsTable vault={vault} />
      <CliCommand operation="ListRecoveryPointsByBackupVault" input={{ BackupVaultName: vault }} />
    </SpaceBetween>
  );
}
