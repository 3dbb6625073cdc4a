import { resourceNotFound } from '../errors.ts';
import type { ControlPorts } from '../ports.ts';
import type { Scope } from '../scope.ts';
import type { RestoreJobRecord } from './restore-job-store.ts';

/** @throws ServiceError ResourceNotFoundException */
export async function findRestoreJob(ports: ControlPorts, scope: Scope, jobId: string): Promise<RestoreJobRecord> {
  const job = await ports.stores.restoreJobs.get(scope, jobId);
  if (job === undefined) throw resourceNotFound(`There is no restore job ${jobId}.`, jobId);
  return job;
}
