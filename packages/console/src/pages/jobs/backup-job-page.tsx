import Alert from '@cloudscape-design/components/alert';
import Button from '@cloudscape-design/components/button';
import SpaceBetween from '@cloudscape-design/components/space-between';
import { useTranslation } from 'react-i18next';
import { useParams } from 'react-router';
import { roleName } from '../../api/resource-names.ts';
import { useBackupQuery } from '../../api/use-backup-query.ts';
import { Bytes } from '../../components/bytes.tsx';
import { CliCommand } from '../../components/cli-command.tsx';
import { Copyable } from '../../components/copyable.tsx';
import { DetailPairs } from '../../components/detail-pairs.tsx';
import { formatDuration } from '../../components/format.ts';
import { Loaded } from '../../components/loaded.tsx';
import { NavButton } from '../../components/nav-button.tsx';
import { NavLink } from '../../components/nav-link.tsx';
import { Page } from '../../components/page.tsx';
import { jobStatus, Status } from '../../components/status.tsx';
import { Time } from '../../components/time.tsx';
import { useAction } from '../../components/use-action.ts';
import { paths } from '../../paths.ts';
import { useConsole } from '../../session/use-console.ts';
import { JobIssues } from './job-issues.tsx';
import { JobProgress } from './job-progress.tsx';
import { isOpen } from './live.ts';

/** One backup job: how far it is, what it made, what it could not keep. */
export function BackupJobPage() {
  const { t, i18n } = useTranslation();
  const { id = '' } = useParams();
  const { backup } = useConsole();
  const query = useBackupQuery(
    ['backup-job', id],
    (client, { DescribeBackupJobCommand }) => client.send(new DescribeBackupJobCommand({ BackupJobId: id })),
    { refreshMs: (job) => (isOpen(job?.State) ? 1000 : false) },
  );
  const stop = useAction({
    run: () =>
      backup.call((client, { StopBackupJobCommand }) => client.send(new StopBackupJobCommand({ BackupJobId: id }))),
    success: () => t('jobs.stopping', { count: 1 }),
  });
  const job = query.data;
  const hasPoint = job?.State === 'COMPLETED' || job?.State === 'PARTIAL';
  return (
    <Page
      title={t('jobs.backupJob')}
      crumbs={[{ text: t('nav.jobs'), href: paths.jobs('backup') }]}
      actions={
        <SpaceBetween direction="horizontal" size="xs">
          {isOpen(job?.State) && (
            <Button loading={stop.isPending} onClick={() => stop.mutate()}>
              {t('jobs.stop')}
            </Button>
          )}
          {hasPoint && (
            <NavButton
              variant="primary"
              href={paths.recoveryPoint(job.BackupVaultName ?? '', job.RecoveryPointArn ?? '')}
            >
              {t('jobs.openPoint')}
            </NavButton>
          )}
        </SpaceBetween>
      }
    >
      <Loaded query={query}>
        {(data) => (
          <SpaceBetween size="l">
            {data.StatusMessage !== undefined && !isOpen(data.State) && (
              <Alert type={data.State === 'FAILED' || data.State === 'EXPIRED' ? 'error' : 'warning'}>
                {data.StatusMessage}
              </Alert>
            )}
            <JobProgress
              state={data.State}
              percentDone={data.PercentDone}
              bytesDone={data.BytesTransferred}
              message={data.StatusMessage}
            />
            <DetailPairs
              title={t('common.details')}
              items={[
                [
                  t('common.status'),
                  <Status key="s" value={jobStatus(data.State, data.MessageCategory)} message={data.StatusMessage} />,
                ],
                [t('jobs.backupJobId'), <Copyable key="i" text={data.BackupJobId} />],
                [t('jobs.resource'), data.ResourceName ?? '-'],
                [t('jobs.resourceArn'), <Copyable key="a" text={data.ResourceArn} />],
                [t('common.resourceType'), data.ResourceType],
                [
                  t('vaults.vault'),
                  <NavLink key="v" href={paths.vault(data.BackupVaultName ?? '')}>
                    {data.BackupVaultName}
                  </NavLink>,
                ],
                [t('points.arn'), <Copyable key="p" text={hasPoint ? data.RecoveryPointArn : undefined} />],
                [t('common.size'), <Bytes key="b" value={data.BackupSizeInBytes} />],
                [t('jobs.transferred'), <Bytes key="t" value={data.BytesTransferred} />],
                [t('common.created'), <Time key="c" at={data.CreationDate} />],
                [t('jobs.completed'), <Time key="d" at={data.CompletionDate} />],
                [t('jobs.duration'), durationOf(data.CreationDate, data.CompletionDate, i18n.language)],
                [t('common.role'), roleName(data.IamRoleArn)],
                [
                  t('jobs.madeBy'),
                  data.CreatedBy?.BackupPlanId === undefined ? (
                    t('jobs.onDemand')
                  ) : (
                    <NavLink key="l" href={paths.plan(data.CreatedBy.BackupPlanId)}>
                      {data.CreatedBy.BackupPlanName ?? data.CreatedBy.BackupPlanId}
                    </NavLink>
                  ),
                ],
              ]}
            />
            {(data.State === 'PARTIAL' ||
              (data.MessageCategory !== undefined && data.MessageCategory !== 'SUCCESS')) && <JobIssues jobId={id} />}
            <CliCommand operation="DescribeBackupJob" input={{ BackupJobId: id }} />
          </SpaceBetween>
        )}
      </Loaded>
    </Page>
  );
}

function durationOf(from: Date | undefined, to: Date | undefined, language: string): string {
  return from === undefined || to === undefined ? '-' : formatDuration(to.getTime() - from.getTime(), language);
}
