import type { RestoreJobStatus, RestoreJobsListMember } from '@aws-sdk/client-backup';
import { useTranslation } from 'react-i18next';
import { shortArn } from '../../api/resource-names.ts';
import { searchList } from '../../api/search-api.ts';
import { Bytes } from '../../components/bytes.tsx';
import { Empty } from '../../components/empty.tsx';
import { NavButton } from '../../components/nav-button.tsx';
import { NavLink } from '../../components/nav-link.tsx';
import { PagedTable } from '../../components/paged-table.tsx';
import { Status } from '../../components/status.tsx';
import type { Column } from '../../components/table-column.ts';
import { Time } from '../../components/time.tsx';
import { paths } from '../../paths.ts';
import { useConsole } from '../../session/use-console.ts';
import { JobFilters, searchFilter, sinceDate, useJobFilter } from './job-filters.tsx';
import { refreshWhileOpen } from './live.ts';

const STATES = ['PENDING', 'RUNNING', 'COMPLETED', 'ABORTED', 'FAILED'];

export function RestoreJobsTable() {
  const { t } = useTranslation();
  const { backup, admin } = useConsole();
  const [filter, setFilter] = useJobFilter();
  const columns: readonly Column<RestoreJobsListMember>[] = [
    {
      id: 'id',
      header: t('jobs.restoreJobId'),
      value: (job) => job.RestoreJobId,
      cell: (job) => <NavLink href={paths.job('restore', job.RestoreJobId ?? '')}>{job.RestoreJobId}</NavLink>,
      width: 200,
    },
    {
      id: 'status',
      header: t('common.status'),
      value: (job) => job.Status,
      cell: (job) => <Status value={job.Status} message={job.StatusMessage} />,
      width: 160,
    },
    { id: 'source', header: t('jobs.restoredFrom'), value: (job) => shortArn(job.SourceResourceArn), width: 240 },
    {
      id: 'created-resource',
      header: t('jobs.createdResource'),
      value: (job) => shortArn(job.CreatedResourceArn),
      width: 240,
    },
    { id: 'type', header: t('common.resourceType'), value: (job) => job.ResourceType, width: 130 },
    {
      id: 'created',
      header: t('common.created'),
      value: (job) => job.CreationDate?.getTime(),
      cell: (job) => <Time at={job.CreationDate} />,
      width: 215,
    },
    {
      id: 'completed',
      header: t('jobs.completed'),
      value: (job) => job.CompletionDate?.getTime(),
      cell: (job) => <Time at={job.CompletionDate} />,
      isHidden: true,
    },
    {
      id: 'size',
      header: t('common.size'),
      value: (job) => job.BackupSizeInBytes,
      cell: (job) => <Bytes value={job.BackupSizeInBytes} />,
      width: 110,
    },
    { id: 'point', header: t('points.arn'), value: (job) => job.RecoveryPointArn, isHidden: true },
    { id: 'message', header: t('jobs.message'), value: (job) => job.StatusMessage, isHidden: true },
  ];
  return (
    <PagedTable<RestoreJobsListMember>
      id="restore-jobs"
      title={t('jobs.kinds.restore')}
      columns={columns}
      keyOf={(job) => job.RestoreJobId ?? ''}
      queryKey={['restore-jobs', filter]}
      load={(NextToken, MaxResults) =>
        backup.call(async (client, { ListRestoreJobsCommand }) => {
          const page = await client.send(
            new ListRestoreJobsCommand({
              NextToken,
              MaxResults,
              ByStatus: filter.state as RestoreJobStatus | undefined,
              ByResourceType: filter.type,
              ByCreatedAfter: sinceDate(filter.since),
            }),
          );
          return { items: page.RestoreJobs ?? [], nextToken: page.NextToken };
        })
      }
      search={{
        sorts: { created: 'created', status: 'state', source: 'resource', type: 'resource-type' },
        load: (request) => searchList(admin, 'restore-jobs', request, searchFilter(filter)),
      }}
      refreshMs={(jobs) => refreshWhileOpen(jobs.map(({ Status: status }) => status))}
      filters={<JobFilters states={STATES} filter={filter} onChange={setFilter} />}
      empty={
        <Empty
          title={t('jobs.noneTitle')}
          hint={t('jobs.noRestoreJobs')}
          action={<NavButton href={paths.protectedResources}>{t('nav.protectedResources')}</NavButton>}
        />
      }
    />
  );
}
