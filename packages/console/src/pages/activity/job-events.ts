import type { BackupClient } from '@aws-sdk/client-backup';
import { shortArn } from '../../api/resource-names.ts';
import { jobStatus } from '../../components/status.tsx';

type Commands = typeof import('@aws-sdk/client-backup');

/** A job that began, or that ended. */
export interface JobEvent {
  readonly key: string;
  readonly at: Date;
  readonly kind: 'backup' | 'copy' | 'restore';
  readonly phase: 'began' | 'ended';
  readonly jobId: string;
  readonly status: string | undefined;
  readonly resource: string;
  readonly message: string | undefined;
}

type Job = Omit<JobEvent, 'key' | 'at' | 'phase'> & {
  readonly began: Date | undefined;
  readonly ended: Date | undefined;
};

/** The newest events of all kinds of jobs. */
export async function readJobEvents(
  client: BackupClient,
  commands: Commands,
  count: number,
): Promise<readonly JobEvent[]> {
  const page = { MaxResults: count };
  const [backups, copies, restores] = await Promise.all([
    client.send(new commands.ListBackupJobsCommand(page)),
    client.send(new commands.ListCopyJobsCommand(page)),
    client.send(new commands.ListRestoreJobsCommand(page)),
  ]);
  const jobs: Job[] = [
    ...(backups.BackupJobs ?? []).map((job) => ({
      kind: 'backup' as const,
      jobId: job.BackupJobId ?? '',
      status: jobStatus(job.State, job.MessageCategory),
      resource: job.ResourceName ?? shortArn(job.ResourceArn),
      message: job.StatusMessage,
      began: job.CreationDate,
      ended: job.CompletionDate,
    })),
    ...(copies.CopyJobs ?? []).map((job) => ({
      kind: 'copy' as const,
      jobId: job.CopyJobId ?? '',
      status: jobStatus(job.State, job.MessageCategory),
      resource: job.ResourceName ?? shortArn(job.ResourceArn),
      message: job.StatusMessage,
      began: job.CreationDate,
      ended: job.CompletionDate,
    })),
    ...(restores.RestoreJobs ?? []).map((job) => ({
      kind: 'restore' as const,
      jobId: job.RestoreJobId ?? '',
      status: job.Status,
      resource: shortArn(job.CreatedResourceArn ?? job.RecoveryPointArn),
      message: job.StatusMessage,
      began: job.CreationDate,
      ended: job.CompletionDate,
    })),
  ];
  const events = jobs.flatMap(({ began, ended, ...job }): JobEvent[] => [
    ...(began === undefined
      ? []
      : [{ ...job, key: `${job.jobId}:began`, at: began, phase: 'began' as const, status: 'CREATED' }]),
    ...(ended === undefined ? [] : [{ ...job, key: `${job.jobId}:ended`, at: ended, phase: 'ended' as const }]),
  ]);
  return events.sort((a, b) => b.at.getTime() - a.at.getTime()).slice(0, count);
}
