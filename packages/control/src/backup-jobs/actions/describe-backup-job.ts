import type { BackupHandler } from '../../action.ts';
import { resourceNotFound } from '../../errors.ts';
import type { ControlPorts } from '../../ports.ts';
import { describeBackupJobRecord } from '../present-backup-job.ts';

/** DescribeBackupJob (API-158 to API-168). */
export function describeBackupJob(ports: ControlPorts): BackupHandler<'DescribeBackupJob'> {
  return async (input, context) => {
    const job = await ports.stores.backupJobs.get(context, input.BackupJobId);
    if (job === undefined) throw resourceNotFound(`There is no backup job ${input.BackupJobId}.`, input.BackupJobId);
    return describeBackupJobRecord(job);
  };
}
