/** Everything that must be true before a restore may begin; each refusal is a failed job with a reason. */
import { ServiceError } from '@holdfast/wire';
import { JobFailure } from '../job-messages/outcome-of-error.ts';
import type { ControlPorts } from '../ports.ts';
import type { RecoveryPointRecord } from '../recovery-points/recovery-point-store.ts';
import { sourceForRestore } from '../sources/source-for-restore.ts';
import type { SourceRecord } from '../sources/source-store.ts';
import type { BackupVaultRecord } from '../vaults/vault-store.ts';
import type { RestoreJobRecord } from './restore-job-store.ts';
import { type RestoreTags, restoreTags } from './restore-tags.ts';

export interface PreparedRestore {
  readonly record: RestoreJobRecord;
  readonly vault: BackupVaultRecord;
  readonly recoveryPoint: RecoveryPointRecord;
  readonly source: SourceRecord;
  readonly tags: RestoreTags;
}

/** @throws JobFailure */
export async function prepareRestore(
  ports: ControlPorts,
  job: { accountId: string; region: string; jobId: string },
): Promise<PreparedRestore> {
  const record = await ports.stores.restoreJobs.get(job, job.jobId);
  if (record === undefined) throw new JobFailure('FATAL_ERROR', `The record of restore job ${job.jobId} is missing.`);
  const vault = await ports.stores.vaults.getById(record.vaultId);
  const recoveryPoint = await ports.stores.recoveryPoints.get(record.vaultId, record.recoveryPointArn);
  if (vault === undefined || recoveryPoint === undefined || recoveryPoint.status === 'DELETING') {
    throw new JobFailure('RESOURCE_NOT_FOUND', `Recovery point ${record.recoveryPointArn} is no longer available.`);
  }
  await checkRestoreRole(ports, record);
  const source = await restoreSource(ports, record, recoveryPoint);
  return { record, vault, recoveryPoint, source, tags: restoreTags(record, recoveryPoint.resourceTags) };
}

async function checkRestoreRole(ports: ControlPorts, record: RestoreJobRecord): Promise<void> {
  const roleArn = record.iamRoleArn ?? (await ports.roles.defaultRoleArn(record.accountId));
  const role = await ports.roles.assume(record.accountId, roleArn);
  if (role.ok) return;
  throw new JobFailure('ACCESS_DENIED', `IAM Role ${roleArn} cannot be assumed by AWS Backup: ${role.reason}`);
}

async function restoreSource(
  ports: ControlPorts,
  record: RestoreJobRecord,
  recoveryPoint: RecoveryPointRecord,
): Promise<SourceRecord> {
  try {
    return (await sourceForRestore(ports, record, recoveryPoint)).source;
  } catch (error) {
    if (error instanceof ServiceError) throw new JobFailure('RESOURCE_NOT_SUPPORTED', error.message);
    throw error;
  }
}
