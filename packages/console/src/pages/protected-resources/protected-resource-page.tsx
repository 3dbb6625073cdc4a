import type { RecoveryPointByResource } from '@aws-sdk/client-backup';
import Button from '@cloudscape-design/components/button';
import SpaceBetween from '@cloudscape-design/components/space-between';
import { useTranslation } from 'react-i18next';
import { useNavigate, useParams } from 'react-router';
import { shortArn } from '../../api/resource-names.ts';
import { useBackupQuery } from '../../api/use-backup-query.ts';
import { Bytes } from '../../components/bytes.tsx';
import { CliCommand } from '../../components/cli-command.tsx';
import { Copyable } from '../../components/copyable.tsx';
import { DetailPairs } from '../../components/detail-pairs.tsx';
import { Empty } from '../../components/empty.tsx';
import { Loaded } from '../../components/loaded.tsx';
import { NavButton } from '../../components/nav-button.tsx';
import { NavLink } from '../../components/nav-link.tsx';
import { Page } from '../../components/page.tsx';
import { PagedTable } from '../../components/paged-table.tsx';
import { Status } from '../../components/status.tsx';
import type { Column } from '../../components/table-column.ts';
import { Time } from '../../components/time.tsx';
import { paths } from '../../paths.ts';
import { useConsole } from '../../session/use-console.ts';

/** One protected resource with its backups. */
export function ProtectedResourcePage() {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const { arn = '' } = useParams();
  const { backup } = useConsole();
  const query = useBackupQuery(['protected-resource', arn], (client, { DescribeProtectedResourceCommand }) =>
    client.send(new DescribeProtectedResourceCommand({ ResourceArn: arn })),
  );
  const pointOf = (point: RecoveryPointByResource): readonly [string, string] => [
    point.BackupVaultName ?? '',
    point.RecoveryPointArn ?? '',
  ];
  const columns: readonly Column<RecoveryPointByResource>[] = [
    {
      id: 'id',
      header: t('points.id'),
      value: (point) => shortArn(point.RecoveryPointArn),
      cell: (point) => (
        <NavLink href={paths.recoveryPoint(...pointOf(point))}>{shortArn(point.RecoveryPointArn)}</NavLink>
      ),
      width: 300,
    },
    {
      id: 'status',
      header: t('common.status'),
      value: (point) => point.Status,
      cell: (point) => <Status value={point.Status} message={point.StatusMessage} />,
      width: 150,
    },
    {
      id: 'created',
      header: t('common.created'),
      value: (point) => point.CreationDate?.getTime(),
      cell: (point) => <Time at={point.CreationDate} />,
      width: 215,
    },
    {
      id: 'size',
      header: t('common.size'),
      value: (point) => point.BackupSizeBytes,
      cell: (point) => <Bytes value={point.BackupSizeBytes} />,
      width: 110,
    },
    {
      id: 'vault',
      header: t('vaults.vault'),
      value: (point) => point.BackupVaultName,
      cell: (point) => <NavLink href={paths.vault(point.BackupVaultName ?? '')}>{point.BackupVaultName}</NavLink>,
      width: 160,
    },
  ];
  return (
    <Page
      title={query.data?.ResourceName ?? shortArn(arn)}
      crumbs={[{ text: t('nav.protectedResources'), href: paths.protectedResources }]}
      actions={<NavButton href={paths.createBackup(arn)}>{t('backups.create')}</NavButton>}
    >
      <SpaceBetween size="l">
        <Loaded query={query}>
          {(data) => (
            <DetailPairs
              title={t('resources.details')}
              items={[
                [t('jobs.resourceArn'), <Copyable key="a" text={data.ResourceArn} />],
                [t('common.resourceType'), data.ResourceType],
                [t('jobs.resource'), data.ResourceName ?? '-'],
                [t('resources.lastBackup'), <Time key="l" at={data.LastBackupTime} />],
                [t('resources.lastVault'), <LastVault key="v" arn={data.LastBackupVaultArn} />],
                [t('resources.lastRestore'), <Time key="r" at={data.LatestRestoreJobCreationDate} />],
              ]}
            />
          )}
        </Loaded>
        <PagedTable<RecoveryPointByResource>
          id="resource-recovery-points"
          title={t('resources.backups')}
          columns={columns}
          keyOf={(point) => point.RecoveryPointArn ?? ''}
          queryKey={['resource-recovery-points', arn]}
          load={(NextToken, MaxResults) =>
            backup.call(async (client, { ListRecoveryPointsByResourceCommand }) => {
              const page = await client.send(
                new ListRecoveryPointsByResourceCommand({ ResourceArn: arn, NextToken, MaxResults }),
              );
              return { items: page.RecoveryPoints ?? [], nextToken: page.NextToken };
            })
          }
          selection="single"
          actions={([point]) => (
            <>
              <Button
                disabled={point === undefined}
                onClick={() => point && void navigate(paths.browse(...pointOf(point)))}
              >
                {t('points.browse')}
              </Button>
              <Button
                variant="primary"
                disabled={point === undefined}
                onClick={() => point && void navigate(paths.restore(...pointOf(point)))}
              >
                {t('points.restore')}
              </Button>
            </>
          )}
          empty={<Empty title={t('points.none')} hint={t('points.noneHint')} />}
        />
        <CliCommand operation="ListRecoveryPointsByResource" input={{ ResourceArn: arn }} />
      </SpaceBetween>
    </Page>
  );
}

/** The vault of the last backup; `-` when there is none. */
function LastVault({ arn }: { readonly arn: string | undefined }) {
  const name = arn?.slice(arn.lastIndexOf(':') + 1);
  return name === undefined ? '-' : <NavLink href={paths.vault(name)}>{name}</NavLink>;
}
