import type { ProtectedResource } from '@aws-sdk/client-backup';
import { useTranslation } from 'react-i18next';
import { shortArn } from '../../api/resource-names.ts';
import { searchList } from '../../api/search-api.ts';
import { Copyable } from '../../components/copyable.tsx';
import { Empty } from '../../components/empty.tsx';
import { NavButton } from '../../components/nav-button.tsx';
import { NavLink } from '../../components/nav-link.tsx';
import { Page } from '../../components/page.tsx';
import { PagedTable } from '../../components/paged-table.tsx';
import type { Column } from '../../components/table-column.ts';
import { Time } from '../../components/time.tsx';
import { paths } from '../../paths.ts';
import { useConsole } from '../../session/use-console.ts';

/** Everything that was backed up at least once (PLAN-10). */
export function ProtectedResourcesPage() {
  const { t } = useTranslation();
  const { backup, admin } = useConsole();
  const columns: readonly Column<ProtectedResource>[] = [
    {
      id: 'id',
      header: t('jobs.resourceId'),
      value: (item) => shortArn(item.ResourceArn),
      cell: (item) => (
        <NavLink href={paths.protectedResource(item.ResourceArn ?? '')}>{shortArn(item.ResourceArn)}</NavLink>
      ),
      width: 280,
    },
    { id: 'name', header: t('jobs.resource'), value: (item) => item.ResourceName, width: 220 },
    { id: 'type', header: t('common.resourceType'), value: (item) => item.ResourceType, width: 140 },
    {
      id: 'last',
      header: t('resources.lastBackup'),
      value: (item) => item.LastBackupTime?.getTime(),
      cell: (item) => <Time at={item.LastBackupTime} />,
      width: 215,
    },
    {
      id: 'vault',
      header: t('resources.lastVault'),
      value: (item) => shortArn(item.LastBackupVaultArn),
      width: 180,
      isHidden: true,
    },
    {
      id: 'arn',
      header: 'ARN',
      value: (item) => item.ResourceArn,
      cell: (item) => <Copyable text={item.ResourceArn} />,
      isHidden: true,
    },
  ];
  return (
    <Page
      title={t('nav.protectedResources')}
      description={t('resources.description')}
      actions={
        <NavButton variant="primary" href={paths.createBackup()}>
          {t('backups.create')}
        </NavButton>
      }
    >
      <PagedTable<ProtectedResource>
        id="protected-resources"
        title={t('nav.protectedResources')}
        columns={columns}
        keyOf={(item) => item.ResourceArn ?? ''}
        queryKey={['protected-resources']}
        load={(NextToken, MaxResults) =>
          backup.call(async (client, { ListProtectedResourcesCommand }) => {
            const page = await client.send(new ListProtectedResourcesCommand({ NextToken, MaxResults }));
            return { items: page.Results ?? [], nextToken: page.NextToken };
          })
        }
        search={{ sorts: {}, load: (request) => searchList(admin, 'protected-resources', request) }}
        empty={
          <Empty
            title={t('resources.none')}
            hint={t('resources.noneHint')}
            action={<NavButton href={paths.start}>{t('dashboard.start')}</NavButton>}
          />
        }
      />
    </Page>
  );
}
