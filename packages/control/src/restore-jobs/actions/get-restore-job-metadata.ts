import type { BackupHandler } from '../../action.ts';
import type { ControlPorts } from '../../ports.ts';
import { findRestoreJob } from '../find-restore-job.ts';

/** GetRestoreJobMetadata (API-189): the map with which the restore was started. */
export function getRestoreJobMetadata(ports: ControlPorts): BackupHandler<'GetRestoreJobMetadata'> {
  return async (input, context) => {
    const job = await findRestoreJob(ports, context, input.RestoreJobId);
    return { RestoreJobId: job.jobId, Metadata: { ...job.metadata } };
  };
}
