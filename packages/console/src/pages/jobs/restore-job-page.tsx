import Alert from '@cloudscape-design/components/alert';
import SpaceBetween from '@cloudscape-design/components/space-between';
import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { useParams } from 'react-router';
import { useBackupQuery } from '../../api/use-backup-query.ts';
import { Bytes } from '../../components/bytes.tsx';
import { CliCommand } from '../../components/cli-command.tsx';
import { Copyable } from '../../components/copyable.tsx';
import { DetailPairs } from '../../components/detail-pairs.tsx';
import { Loaded } from '../../components/loaded.tsx';
import { Page } from '../../components/page.tsx';
import { Status } from '../../components/status.tsx';
import { Time } from '../../components/time.tsx';
import { paths } from '../../paths.ts';
import { useConsole } from '../../session/use-console.ts';
import { JobIssues } from './job-issues.tsx';
import { JobProgress } from './job-progress.tsx';
import { isOpen } from './live.ts';

/** One restore job: how far it is, and what it made. */
export function RestoreJobPage() {
  const { t } = useTranslation();
  const { id = '' } = useParams();
  const query = useBackupQuery(
    ['restore-job', id],
    (client, { DescribeRestoreJobCommand }) => client.send(new DescribeRestoreJobCommand({ RestoreJobId: id })),
    { refreshMs: (job) => (isOpen(job?.Status) ? 1000 : false) },
  );
  return (
    <Page title={t('jobs.restoreJob')} crumbs={[{ text: t('nav.jobs'), href: paths.jobs('restore') }]}>
      <Loaded query={query}>
        {(data) => (
          <SpaceBetween size="l">
            {data.Status === 'COMPLETED' && (
              <Alert type="success" header={t('jobs.restored')}>
                <SpaceBetween size="xs">
                  <Copyable text={data.CreatedResourceArn} />
                  <RestoredPath arn={data.CreatedResourceArn} />
                  {data.StatusMessage}
                </SpaceBetween>
              </Alert>
            )}
            {data.Status === 'FAILED' && <Alert type="error">{data.StatusMessage}</Alert>}
            <JobProgress state={data.Status} percentDone={data.PercentDone} message={data.StatusMessage} />
            <DetailPairs
              title={t('common.details')}
              items={[
                [t('common.status'), <Status key="s" value={data.Status} message={data.StatusMessage} />],
                [t('jobs.restoreJobId'), <Copyable key="i" text={data.RestoreJobId} />],
                [t('common.resourceType'), data.ResourceType],
                [t('jobs.restoredFrom'), <Copyable key="r" text={data.RecoveryPointArn} />],
                [t('jobs.createdResource'), <Copyable key="c" text={data.CreatedResourceArn} />],
                [t('common.size'), <Bytes key="b" value={data.BackupSizeInBytes} />],
                [t('common.created'), <Time key="t" at={data.CreationDate} />],
                [t('jobs.completed'), <Time key="d" at={data.CompletionDate} />],
              ]}
            />
            <JobIssues jobId={id} />
            <CliCommand operation="DescribeRestoreJob" input={{ RestoreJobId: id }} />
          </SpaceBetween>
        )}
      </Loaded>
    </Page>
  );
}

/** Where the restored files lie, when the new resource is a directory. */
function RestoredPath({ arn }: { readonly arn: string | undefined }) {
  const { t } = useTranslation();
  const { admin, region } = useConsole();
  const query = useQuery({
    queryKey: [region, 'resource', arn],
    queryFn: () => admin.resource(arn ?? ''),
    enabled: arn !== undefined,
  });
  const path = query.data?.Resource.Path;
  return path === undefined ? null : (
    <span>
      {t('jobs.restoredPath')} <Copyable text={path} />
    </span>
  );
}
