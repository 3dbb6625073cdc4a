/** Everything that must be true before a restore may begin; each refusal is a failed job with a reason. */
import { ServiceError } from '@holdfast/wire';
import { JobFailure } from '../job-messages/outcome-of-error.ts';
import type { ControlPorts } from '../ports.ts';
import type { RecoveryPointRecord } from '../recovery-points/recovery-point-store.ts';
import { requireJobRole } from '../roles/require-job-role.ts';
import { requireUsableKey } from '../roles/require-usable-key.ts';
import { restoreRights } from '../roles/role-rights.ts';
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
  await requireUsableKey(ports.keys, vault.encryptionKeyArn);
  const tags = restoreTags(record, recoveryPoint.resourceTags);
  await checkRestoreRole(ports, record, recoveryPoint, tags);
  const source = await restoreSource(ports, record, recoveryPoint);
  return { record, vault, recoveryPoint, source, tags };
}

async function checkRestoreRole(
  ports: ControlPorts,
  record: RestoreJobRecord,
  { resourceArn, encryptionKeyArn, encryptionKeyType }: RecoveryPointRecord,
  { copyTags }: RestoreTags,
): Promise<void> {
  const { accountId, region, resourceType, metadata } = record;
  const iamRoleArn = record.iamRoleArn ?? (await ports.roles.defaultRoleArn(accountId));
  const rights = restoreRights(
    { accountId, region, resourceType, resourceArn },
    {
      createsResource: isTrue(metadata, 'newfilesystem') || isTrue(metadata, 'newbucket'),
      isToPointInTime: Object.keys(metadata).some((key) => key.toLowerCase() === 'restoretime'),
      setsTags: Object.keys(copyTags).length > 0,
      customerKeyArn: encryptionKeyType === 'CUSTOMER_MANAGED_KMS_KEY' ? encryptionKeyArn : undefined,
    },
  );
  await requireJobRole(ports.roles, { accountId, iamRoleArn }, rights);
}

function isTrue(metadata: Readonly<Record<string, string>>, name: string): boolean {
  return Object.entries(metadata).some(([key, value]) => key.toLowerCase() === name && value.toLowerCase() === 'true');
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
