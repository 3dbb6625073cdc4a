import type { BackupHandler } from '../../action.ts';
import type { ControlPorts } from '../../ports.ts';
import { findRestoreJob } from '../find-restore-job.ts';
import { presentRestoreJob } from '../present-restore-job.ts';

/** DescribeRestoreJob (API-180 to API-188). */
export function describeRestoreJob(ports: ControlPorts): BackupHandler<'DescribeRestoreJob'> {
  return async (input, context) => presentRestoreJob(await findRestoreJob(ports, context, input.RestoreJobId));
}
