import type { JobStateChange } from '@holdfast/jobs';
import { discardUncommitted } from '../backup-jobs/discard-content.ts';
import type { ControlPorts } from '../ports.ts';

/**
 * Hears of every change of state of a job (`JobQueue`'s `onStateChange`): tells the event's listeners, with the record as
 * it is now, and tidies up after backup jobs that ended without a recovery point.
 */
export function jobStateListener(ports: ControlPorts): (change: JobStateChange) => void {
  return (change) => {
    const { job, to } = change;
    ports.background.run(`tell of job ${job.jobId} in state ${to}`, async () => {
      await tell(ports, change);
      if (job.kind === 'backup') await discardUncommitted(ports, job, job.jobId);
    });
  };
}

async function tell(ports: ControlPorts, { job, at }: JobStateChange): Promise<void> {
  if (job.kind === 'backup') {
    const record = await ports.stores.backupJobs.get(job, job.jobId);
    if (record !== undefined) ports.emit({ kind: 'backup-job-state', at, job: record });
  }
  if (job.kind === 'restore') {
    const record = await ports.stores.restoreJobs.get(job, job.jobId);
    if (record !== undefined) ports.emit({ kind: 'restore-job-state', at, job: record });
  }
}
