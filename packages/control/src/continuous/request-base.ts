import { newBackupJob } from '../backup-jobs/new-backup-job.ts';
import type { ControlPorts } from '../ports.ts';
import type { ContinuousBackupRecord } from './continuous-backup-store.ts';
import { placeOf } from './continuous-work.ts';

const UNENDED = ['CREATED', 'PENDING', 'RUNNING'] as const;

/**
 * Writes a job for the rule of a continuous backup between the rule's own runs: to begin anew, or for a base that cannot
 * wait. Does nothing while a job of the resource waits or runs, which sees to it as well.
 */
export async function requestBase(
  ports: Pick<ControlPorts, 'ids' | 'clock' | 'stores' | 'jobControl' | 'emit' | 'log'>,
  record: ContinuousBackupRecord,
  why: string,
): Promise<void> {
  const { vault, resource } = await placeOf(ports, record);
  if (vault === undefined || resource === undefined || resource.status === 'vanished') return;
  if (await hasUnendedJob(ports, record)) return;
  const now = ports.clock.now();
  const job = await ports.stores.backupJobs.create(
    newBackupJob(ports, {
      resource,
      vault,
      iamRoleArn: record.iamRoleArn,
      lifecycle: { deleteAfterDays: record.retention.days },
      recoveryPointTags: record.recoveryPointTags,
      backupOptions: {},
      createdBy: record.createdBy,
      scheduledAt: now,
      isContinuous: true,
    }),
  );
  const { jobId, resourceArn } = job;
  ports.log('info', 'a base of a continuous backup is made out of turn', { jobId, resourceArn, why });
  ports.emit({ kind: 'backup-job-state', at: now, job });
  ports.jobControl.wake();
}

/** Whether a backup job of the resource waits or runs. */
export async function hasUnendedJob(
  { stores }: Pick<ControlPorts, 'stores'>,
  { accountId, region, resourceArn }: Pick<ContinuousBackupRecord, 'accountId' | 'region' | 'resourceArn'>,
): Promise<boolean> {
  const query = { accountIds: [accountId], region, windowStart: 0, resourceArn, states: UNENDED };
  return (await stores.backupJobs.list(query, { limit: 1 })).items.length > 0;
}
