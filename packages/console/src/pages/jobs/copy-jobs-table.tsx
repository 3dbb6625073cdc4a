import type { CopyJob, CopyJobState } from '@aws-sdk/client-backup';
import { useTranslation } from 'react-i18next';
import { shortArn } from '../../api/resource-names.ts';
import { searchList } from '../../api/search-api.ts';
import { Bytes } from '../../components/bytes.tsx';
import { Empty } from '../../components/empty.tsx';
import { NavLink } from '../../components/nav-link.tsx';
import { PagedTable } from '../../components/paged-table.tsx';
import { jobStatus, Status } from '../../components/status.tsx';
import type { Column } from '../../components/table-column.ts';
import { Time } from '../../components/time.tsx';
import { paths } from '../../paths.ts';
import { useConsole } from '../../session/use-console.ts';
import { JobFilters, searchFilter, sinceDate, useJobFilter } from './job-filters.tsx';
import { refreshWhileOpen } from './live.ts';

const STATES = ['CREATED', 'RUNNING', 'COMPLETED', 'PARTIAL', 'FAILED'];

export function CopyJobsTable() {
  const { t } = useTranslation();
  const { backup, admin } = useConsole();
  const [filter, setFilter] = useJobFilter();
  const columns: readonly Column<CopyJob>[] = [
    {
      id: 'id',
      header: t('jobs.copyJobId'),
      value: (job) => job.CopyJobId,
      cell: (job) => <NavLink href={paths.job('copy', job.CopyJobId ?? '')}>{job.CopyJobId}</NavLink>,
      width: 200,
    },
    {
      id: 'status',
      header: t('common.status'),
      value: (job) => jobStatus(job.State, job.MessageCategory),
      cell: (job) => <Status value={jobStatus(job.State, job.MessageCategory)} message={job.StatusMessage} />,
      width: 160,
    },
    {
      id: 'resource',
      header: t('jobs.resource'),
      value: (job) => job.ResourceName ?? shortArn(job.ResourceArn),
      width: 220,
    },
    { id: 'from', header: t('jobs.copiedFrom'), value: (job) => shortArn(job.SourceBackupVaultArn), width: 200 },
    { id: 'to', header: t('jobs.copiedTo'), value: (job) => shortArn(job.DestinationBackupVaultArn), width: 200 },
    { id: 'type', header: t('common.resourceType'), value: (job) => job.ResourceType, width: 130 },
    {
      id: 'created',
      header: t('common.created'),
      value: (job) => job.CreationDate?.getTime(),
      cell: (job) => <Time at={job.CreationDate} />,
      width: 215,
    },
    {
      id: 'size',
      header: t('common.size'),
      value: (job) => job.BackupSizeInBytes,
      cell: (job) => <Bytes value={job.BackupSizeInBytes} />,
      width: 110,
    },
    { id: 'message', header: t('jobs.message'), value: (job) => job.StatusMessage, isHidden: true },
  ];
  return (
    <PagedTable<CopyJob>
      id="copy-jobs"
      title={t('jobs.kinds.copy')}
      columns={columns}
      keyOf={(job) => job.CopyJobId ?? ''}
      queryKey={['copy-jobs', filter]}
      load={(NextToken, MaxResults) =>
        backup.call(async (client, { ListCopyJobsCommand }) => {
          const page = await client.send(
            new ListCopyJobsCommand({
              NextToken,
              MaxResults,
              ByState: filter.state as CopyJobState | undefined,
              ByResourceType: filter.type,
              ByCreatedAfter: sinceDate(filter.since),
            }),
          );
          return { items: page.CopyJobs ?? [], nextToken: page.NextToken };
        })
      }
      search={{
        sorts: { created: 'created', status: 'state', type: 'resource-type' },
        load: (request) => searchList(admin, 'copy-jobs', request, searchFilter(filter)),
      }}
      refreshMs={(jobs) => refreshWhileOpen(jobs.map(({ State }) => State))}
      filters={<JobFilters states={STATES} filter={filter} onChange={setFilter} />}
      empty={<Empty title={t('jobs.noneTitle')} hint={t('jobs.noCopyJobs')} />}
    />
  );
}
