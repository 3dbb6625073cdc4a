import type { BackupHandler } from '../../action.ts';
import { invalidRequest, resourceNotFound } from '../../errors.ts';
import type { ControlPorts } from '../../ports.ts';

/** StopBackupJob (API2-155, API2-156): every engine here can stop, so only ended jobs are refused. */
export function stopBackupJob(ports: ControlPorts): BackupHandler<'StopBackupJob'> {
  return async (input, context) => {
    const job = await ports.stores.backupJobs.get(context, input.BackupJobId);
    if (job === undefined) throw resourceNotFound(`There is no backup job ${input.BackupJobId}.`, input.BackupJobId);
    const result = await ports.jobControl.requestStop(job.jobId, 'Backup job was stopped by user.');
    if (result === 'stopping') return {};
    throw invalidRequest(`Backup job ${job.jobId} has ended and cannot be stopped.`, job.jobId);
  };
}
