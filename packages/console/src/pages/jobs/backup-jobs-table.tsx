import type { BackupJob, BackupJobState } from '@aws-sdk/client-backup';
import Button from '@cloudscape-design/components/button';
import { useTranslation } from 'react-i18next';
import { shortArn } from '../../api/resource-names.ts';
import { searchList } from '../../api/search-api.ts';
import { Bytes } from '../../components/bytes.tsx';
import { Empty } from '../../components/empty.tsx';
import { NavButton } from '../../components/nav-button.tsx';
import { NavLink } from '../../components/nav-link.tsx';
import { PagedTable } from '../../components/paged-table.tsx';
import { jobStatus, Status } from '../../components/status.tsx';
import type { Column } from '../../components/table-column.ts';
import { Time } from '../../components/time.tsx';
import { useAction } from '../../components/use-action.ts';
import { useBulkAction } from '../../components/use-bulk-action.tsx';
import { paths } from '../../paths.ts';
import { useConsole } from '../../session/use-console.ts';
import { JobFilters, searchFilter, sinceDate, useJobFilter } from './job-filters.tsx';
import { isOpen, refreshWhileOpen } from './live.ts';

const STATES = ['CREATED', 'PENDING', 'RUNNING', 'ABORTING', 'ABORTED', 'COMPLETED', 'PARTIAL', 'FAILED', 'EXPIRED'];

export function BackupJobsTable() {
  const { t } = useTranslation();
  const { backup, admin } = useConsole();
  const [filter, setFilter] = useJobFilter();
  const stopOne = useAction({
    run: (BackupJobId: string) =>
      backup.call((client, { StopBackupJobCommand }) => client.send(new StopBackupJobCommand({ BackupJobId }))),
    success: () => t('jobs.stopping', { count: 1 }),
  });
  const stopMany = useBulkAction();
  const stop = (jobs: readonly BackupJob[], onSuccess: () => void): void => {
    const ids = jobs.map(({ BackupJobId = '' }) => BackupJobId);
    const [only, ...more] = ids;
    if (only !== undefined && more.length === 0) stopOne.mutate(only, { onSuccess });
    else stopMany.mutate({ Action: 'StopBackupJob', Targets: ids }, { onSuccess });
  };
  const columns: readonly Column<BackupJob>[] = [
    {
      id: 'id',
      header: t('jobs.backupJobId'),
      value: (job) => job.BackupJobId,
      cell: (job) => <NavLink href={paths.job('backup', job.BackupJobId ?? '')}>{job.BackupJobId}</NavLink>,
      width: 200,
    },
    {
      id: 'status',
      header: t('common.status'),
      value: (job) => jobStatus(job.State, job.MessageCategory),
      cell: (job) => <Status value={jobStatus(job.State, job.MessageCategory)} message={job.StatusMessage} />,
      width: 180,
    },
    {
      id: 'resource',
      header: t('jobs.resource'),
      value: (job) => job.ResourceName ?? shortArn(job.ResourceArn),
      width: 180,
    },
    { id: 'arn', header: t('jobs.resourceId'), value: (job) => shortArn(job.ResourceArn), width: 240 },
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
    { id: 'vault', header: t('vaults.vault'), value: (job) => job.BackupVaultName, width: 140 },
    { id: 'message', header: t('jobs.message'), value: (job) => job.StatusMessage, isHidden: true },
  ];
  return (
    <PagedTable<BackupJob>
      id="backup-jobs"
      title={t('jobs.kinds.backup')}
      columns={columns}
      keyOf={(job) => job.BackupJobId ?? ''}
      queryKey={['backup-jobs', filter]}
      load={(NextToken, MaxResults) =>
        backup.call(async (client, { ListBackupJobsCommand }) => {
          const page = await client.send(
            new ListBackupJobsCommand({
              NextToken,
              MaxResults,
              ByState: filter.state as BackupJobState | undefined,
              ByResourceType: filter.type,
              ByCreatedAfter: sinceDate(filter.since),
            }),
          );
          return { items: page.BackupJobs ?? [], nextToken: page.NextToken };
        })
      }
      selection="multi"
      isDisabled={(job) => !isOpen(job.State)}
      search={{
        sorts: { created: 'created', status: 'state', arn: 'resource', type: 'resource-type', vault: 'vault' },
        load: (request) => searchList(admin, 'backup-jobs', request, searchFilter(filter)),
      }}
      refreshMs={(jobs) => refreshWhileOpen(jobs.map(({ State }) => State))}
      filters={<JobFilters states={STATES} filter={filter} onChange={setFilter} />}
      actions={(selected, clear) => (
        <Button
          disabled={selected.length === 0}
          loading={stopOne.isPending || stopMany.isPending}
          onClick={() => stop(selected, clear)}
        >
          {t('jobs.stop')}
        </Button>
      )}
      empty={
        <Empty
          title={t('jobs.noneTitle')}
          hint={t('jobs.noBackupJobs')}
          action={<NavButton href={paths.createBackup()}>{t('backups.create')}</NavButton>}
        />
      }
    />
  );
}
