/** Everything that must be true before a backup job may touch its resource; each refusal is a failed job with a reason. */
import { newestParent } from '../continuous/snapshot-parent.ts';
import { JobFailure } from '../job-messages/outcome-of-error.ts';
import type { ControlPorts } from '../ports.ts';
import type { RecoveryPointRecord } from '../recovery-points/recovery-point-store.ts';
import type { ResourceRecord } from '../resources/resource-store.ts';
import { requireJobRole } from '../roles/require-job-role.ts';
import { requireUsableKey } from '../roles/require-usable-key.ts';
import { backupRights } from '../roles/role-rights.ts';
import type { SourceRecord } from '../sources/source-store.ts';
import { retentionRefusal } from '../vaults/vault-lock-rules.ts';
import type { BackupVaultRecord } from '../vaults/vault-store.ts';
import type { BackupJobRecord } from './backup-job-store.ts';

export interface PreparedBackup {
  readonly record: BackupJobRecord;
  readonly vault: BackupVaultRecord;
  readonly resource: ResourceRecord;
  readonly source: SourceRecord;
  /** The newest usable recovery point of the resource in this vault: unchanged content is taken from it. */
  readonly parent: RecoveryPointRecord | undefined;
}

/** @throws JobFailure */
export async function prepareBackup(
  ports: ControlPorts,
  job: { accountId: string; region: string; jobId: string },
): Promise<PreparedBackup> {
  const record = await ports.stores.backupJobs.get(job, job.jobId);
  if (record === undefined) throw new JobFailure('FATAL_ERROR', `The record of backup job ${job.jobId} is missing.`);
  const vault = await usableVault(ports, record);
  await requireUsableKey(ports.keys, vault.encryptionKeyArn);
  await ports.roles.ensureServiceLinkedRole(record.accountId);
  await requireJobRole(ports.roles, record, backupRights(record, record.isContinuous));
  const { resource, source } = await availableResource(ports, record);
  const parent = await newestParent(ports, vault, resource, record.isContinuous);
  return { record, vault, resource, source, parent };
}

async function usableVault(ports: ControlPorts, record: BackupJobRecord): Promise<BackupVaultRecord> {
  const vault = await ports.stores.vaults.getById(record.vaultId);
  if (vault === undefined) throw missingVault(record);
  const refusal = retentionRefusal(vault.lock, record.lifecycle?.deleteAfterDays);
  if (refusal === undefined) return vault;
  throw new JobFailure('INVALID_LIFECYCLE', `Backup vault "${vault.name}" refuses the backup: ${refusal}.`);
}

/** The vault was deleted before the job could use it (TS-5). */
export function missingVault(record: Pick<BackupJobRecord, 'vaultArn'>): JobFailure {
  const message = `Backup job failed because backup vault ${record.vaultArn} does not exist.`;
  return new JobFailure('RESOURCE_NOT_FOUND', message);
}

async function availableResource(
  ports: ControlPorts,
  record: BackupJobRecord,
): Promise<{ resource: ResourceRecord; source: SourceRecord }> {
  const resource = await ports.stores.resources.get(record, record.resourceArn);
  if (resource === undefined || resource.status === 'vanished') {
    throw new JobFailure('RESOURCE_NOT_FOUND', `Resource ${record.resourceArn} is no longer available at its source.`);
  }
  const source = await ports.stores.sources.get(record, resource.sourceName);
  if (source === undefined) {
    throw new JobFailure(
      'RESOURCE_NOT_FOUND',
      `Source "${resource.sourceName}" of ${record.resourceArn} does not exist (any more).`,
    );
  }
  return { resource, source };
}
