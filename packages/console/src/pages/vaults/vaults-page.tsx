import type { BackupVaultListMember } from '@aws-sdk/client-backup';
import { useTranslation } from 'react-i18next';
import { roleName } from '../../api/resource-names.ts';
import { Empty } from '../../components/empty.tsx';
import { NavButton } from '../../components/nav-button.tsx';
import { NavLink } from '../../components/nav-link.tsx';
import { Page } from '../../components/page.tsx';
import { PagedTable } from '../../components/paged-table.tsx';
import type { Column } from '../../components/table-column.ts';
import { Time } from '../../components/time.tsx';
import { paths } from '../../paths.ts';
import { useConsole } from '../../session/use-console.ts';
import { LockState } from './lock-state.tsx';

/** The vaults of the account and region. */
export function VaultsPage() {
  const { t } = useTranslation();
  const { backup } = useConsole();
  const columns: readonly Column<BackupVaultListMember>[] = [
    {
      id: 'name',
      header: t('vaults.name'),
      value: (vault) => vault.BackupVaultName,
      cell: (vault) => <NavLink href={paths.vault(vault.BackupVaultName ?? '')}>{vault.BackupVaultName}</NavLink>,
      width: 240,
    },
    {
      id: 'points',
      header: t('vaults.points'),
      value: (vault) => Number(vault.NumberOfRecoveryPoints ?? 0),
      width: 150,
    },
    {
      id: 'type',
      header: t('vaults.type'),
      value: (vault) => t(`vaults.types.${vault.VaultType ?? 'BACKUP_VAULT'}`),
      width: 200,
    },
    {
      id: 'lock',
      header: t('vaults.lock'),
      value: (vault) => (vault.Locked === true ? 1 : 0),
      cell: (vault) => <LockState isLocked={vault.Locked} lockDate={vault.LockDate} />,
      width: 220,
    },
    {
      id: 'created',
      header: t('common.created'),
      value: (vault) => vault.CreationDate?.getTime(),
      cell: (vault) => <Time at={vault.CreationDate} />,
      width: 215,
    },
    { id: 'key', header: t('vaults.key'), value: (vault) => roleName(vault.EncryptionKeyArn), isHidden: true },
  ];
  return (
    <Page
      title={t('nav.vaults')}
      description={t('vaults.description')}
      actions={
        <NavButton variant="primary" href={paths.createVault}>
          {t('vaults.createTitle')}
        </NavButton>
      }
    >
      <PagedTable<BackupVaultListMember>
        id="vaults"
        title={t('nav.vaults')}
        columns={columns}
        keyOf={(vault) => vault.BackupVaultName ?? ''}
        queryKey={['vaults']}
        load={(NextToken, MaxResults) =>
          backup.call(async (client, { ListBackupVaultsCommand }) => {
            const page = await client.send(new ListBackupVaultsCommand({ NextToken, MaxResults }));
            return { items: page.BackupVaultList ?? [], nextToken: page.NextToken };
          })
        }
        empty={<Empty title={t('vaults.none')} hint={t('vaults.noneHint')} />}
      />
    </Page>
  );
}
