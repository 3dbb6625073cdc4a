import { useTranslation } from 'react-i18next';
import { type BulkOperation, bulkApi } from '../../api/bulk-api.ts';
import { roleName } from '../../api/resource-names.ts';
import { Empty } from '../../components/empty.tsx';
import { NavButton } from '../../components/nav-button.tsx';
import { NavLink } from '../../components/nav-link.tsx';
import { Page } from '../../components/page.tsx';
import { PagedTable } from '../../components/paged-table.tsx';
import { Status } from '../../components/status.tsx';
import { Time } from '../../components/time.tsx';
import { paths } from '../../paths.ts';
import { useConsole } from '../../session/use-console.ts';

/** What was asked for many things at once. */
export function BulkOperationsPage() {
  const { t } = useTranslation();
  const { admin } = useConsole();
  return (
    <Page title={t('nav.bulk')} description={t('bulk.description')}>
      <PagedTable<BulkOperation>
        id="bulk-operations"
        title={t('nav.bulk')}
        columns={[
          {
            id: 'action',
            header: t('bulk.action'),
            value: ({ Action }) => t(`bulk.actions.${Action}`),
            cell: ({ Action, OperationId }) => (
              <NavLink href={paths.bulkOperation(OperationId)}>{t(`bulk.actions.${Action}`)}</NavLink>
            ),
            width: 260,
          },
          {
            id: 'status',
            header: t('common.status'),
            value: ({ State }) => State,
            cell: (operation) => <Status value={bulkStatus(operation)} />,
            width: 200,
          },
          { id: 'items', header: t('bulk.items'), value: ({ ItemCount }) => ItemCount, width: 100 },
          { id: 'succeeded', header: t('bulk.succeeded'), value: ({ SucceededCount }) => SucceededCount, width: 120 },
          { id: 'failed', header: t('bulk.failed'), value: ({ FailedCount }) => FailedCount, width: 100 },
          { id: 'vault', header: t('vaults.vault'), value: ({ BackupVaultName }) => BackupVaultName, width: 160 },
          { id: 'by', header: t('bulk.requestedBy'), value: ({ RequestedBy }) => roleName(RequestedBy), width: 160 },
          {
            id: 'created',
            header: t('common.created'),
            value: ({ CreationDate }) => CreationDate,
            cell: ({ CreationDate }) => <Time at={CreationDate} />,
            width: 215,
          },
        ]}
        keyOf={({ OperationId }) => OperationId}
        queryKey={['bulk-operations']}
        load={async (nextToken, pageSize) => {
          const page = await bulkApi.list(admin, nextToken, pageSize);
          return { items: page.Operations, nextToken: page.NextToken };
        }}
        refreshMs={(operations) => (operations.some(isUnderWay) ? 2000 : 15_000)}
        empty={
          <Empty
            title={t('bulk.none')}
            hint={t('bulk.noneHint')}
            action={<NavButton href={paths.vaults}>{t('nav.vaults')}</NavButton>}
          />
        }
      />
    </Page>
  );
}

export function isUnderWay({ State }: BulkOperation): boolean {
  return State === 'RUNNING' || State === 'STOPPING';
}

/** An operation that has ended is as good as its items. */
export function bulkStatus({ State, FailedCount }: BulkOperation): string {
  return State === 'COMPLETED' && FailedCount > 0 ? 'COMPLETED_WITH_ISSUES' : State;
}
