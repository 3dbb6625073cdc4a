import Alert from '@cloudscape-design/components/alert';
import SpaceBetween from '@cloudscape-design/components/space-between';
import { useTranslation } from 'react-i18next';
import { useParams } from 'react-router';
import { useBackupQuery } from '../../api/use-backup-query.ts';
import { Bytes } from '../../components/bytes.tsx';
import { CliCommand } from '../../components/cli-command.tsx';
import { Copyable } from '../../components/copyable.tsx';
import { DetailPairs } from '../../components/detail-pairs.tsx';
import { Loaded } from '../../components/loaded.tsx';
import { Page } from '../../components/page.tsx';
import { jobStatus, Status } from '../../components/status.tsx';
import { Time } from '../../components/time.tsx';
import { paths } from '../../paths.ts';
import { isOpen } from './live.ts';

/** One copy job. */
export function CopyJobPage() {
  const { t } = useTranslation();
  const { id = '' } = useParams();
  const query = useBackupQuery(
    ['copy-job', id],
    async (client, { DescribeCopyJobCommand }) =>
      (await client.send(new DescribeCopyJobCommand({ CopyJobId: id }))).CopyJob ?? {},
    { refreshMs: (job) => (isOpen(job?.State) ? 1500 : false) },
  );
  return (
    <Page title={t('jobs.copyJob')} crumbs={[{ text: t('nav.jobs'), href: paths.jobs('copy') }]}>
      <Loaded query={query}>
        {(job) => (
          <SpaceBetween size="l">
            {job.StatusMessage !== undefined && (
              <Alert type={job.State === 'FAILED' ? 'error' : 'info'}>{job.StatusMessage}</Alert>
            )}
            <DetailPairs
              title={t('common.details')}
              items={[
                [t('common.status'), <Status key="s" value={jobStatus(job.State, job.MessageCategory)} />],
                [t('jobs.copyJobId'), <Copyable key="i" text={job.CopyJobId} />],
                [t('jobs.resourceArn'), <Copyable key="a" text={job.ResourceArn} />],
                [t('jobs.copiedFrom'), <Copyable key="f" text={job.SourceBackupVaultArn} />],
                [t('jobs.copiedTo'), <Copyable key="o" text={job.DestinationBackupVaultArn} />],
                [t('jobs.sourcePoint'), <Copyable key="p" text={job.SourceRecoveryPointArn} />],
                [t('jobs.newPoint'), <Copyable key="q" text={job.DestinationRecoveryPointArn} />],
                [t('common.size'), <Bytes key="b" value={job.BackupSizeInBytes} />],
                [t('common.created'), <Time key="c" at={job.CreationDate} />],
                [t('jobs.completed'), <Time key="d" at={job.CompletionDate} />],
              ]}
            />
            <CliCommand operation="DescribeCopyJob" input={{ CopyJobId: id }} />
          </SpaceBetween>
        )}
      </Loaded>
    </Page>
  );
}
