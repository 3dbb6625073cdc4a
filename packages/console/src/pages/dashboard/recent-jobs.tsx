import type { BackupJob } from '@aws-sdk/client-backup';
import Header from '@cloudscape-design/components/header';
import Table from '@cloudscape-design/components/table';
import { useTranslation } from 'react-i18next';
import { shortArn } from '../../api/resource-names.ts';
import { useBackupQuery } from '../../api/use-backup-query.ts';
import { Bytes } from '../../components/bytes.tsx';
import { Empty } from '../../components/empty.tsx';
import { ErrorAlert } from '../../components/error-alert.tsx';
import { NavButton } from '../../components/nav-button.tsx';
import { NavLink } from '../../components/nav-link.tsx';
import { jobStatus, Status } from '../../components/status.tsx';
import { Time } from '../../components/time.tsx';
import { paths } from '../../paths.ts';
import { refreshWhileOpen } from '../jobs/live.ts';
import { recentJobs } from './recent-jobs-read.ts';

/** The latest backup jobs: the summaries know nothing of today. */
export function RecentJobs() {
  const { t } = useTranslation();
  const query = useBackupQuery(recentJobs.key, recentJobs.read, {
    refreshMs: (jobs) => refreshWhileOpen((jobs ?? []).map(({ State }) => State)),
  });
  if (query.isError) return <ErrorAlert error={query.error} onRetry={() => void query.refetch()} />;
  return (
    <Table<BackupJob>
      items={query.data ?? []}
      loading={query.isPending}
      loadingText={t('common.loading')}
      ariaLabels={{ tableLabel: t('dashboard.recent') }}
      header={
        <Header actions={<NavButton href={paths.jobs('backup')}>{t('dashboard.allJobs')}</NavButton>}>
          {t('dashboard.recent')}
        </Header>
      }
      columnDefinitions={[
        {
          id: 'resource',
          header: t('jobs.resource'),
          cell: (job) => (
            <NavLink href={paths.job('backup', job.BackupJobId ?? '')}>
              {job.ResourceName ?? shortArn(job.ResourceArn)}
            </NavLink>
          ),
        },
        {
          id: 'status',
          header: t('common.status'),
          cell: (job) => <Status value={jobStatus(job.State, job.MessageCategory)} message={job.StatusMessage} />,
        },
        { id: 'type', header: t('common.resourceType'), cell: (job) => job.ResourceType },
        { id: 'created', header: t('common.created'), cell: (job) => <Time at={job.CreationDate} /> },
        { id: 'size', header: t('common.size'), cell: (job) => <Bytes value={job.BackupSizeInBytes} /> },
      ]}
      empty={<Empty title={t('jobs.noneTitle')} hint={t('jobs.noBackupJobs')} />}
    />
  );
}
