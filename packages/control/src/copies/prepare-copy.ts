/** What a copy job works with, and everything that must be true before it may begin. */
import { JobFailure } from '../job-messages/outcome-of-error.ts';
import { calculateLifecycle } from '../recovery-points/lifecycle-rules.ts';
import type { RecoveryPointRecord } from '../recovery-points/recovery-point-store.ts';
import type { DraftRecoveryPoint } from '../recovery-points/sealed-facts.ts';
import { requireJobRole } from '../roles/require-job-role.ts';
import { requireUsableKey } from '../roles/require-usable-key.ts';
import { copyRights } from '../roles/role-rights.ts';
import type { Tags } from '../scope.ts';
import { retentionRefusal } from '../vaults/vault-lock-rules.ts';
import type { BackupVaultRecord } from '../vaults/vault-store.ts';
import { withoutUndefined } from '../without-undefined.ts';
import { copyFacts, destinationVault } from './copy-facts.ts';
import type { CopyJobRecord } from './copy-job-store.ts';
import { copyLifecycle, copyLifecycleRefusal } from './copy-lifecycle.ts';
import type { CopyPorts } from './copy-ports.ts';
import { copyRefusal } from './copy-rules.ts';

export interface PreparedCopy {
  readonly record: CopyJobRecord;
  readonly source: RecoveryPointRecord;
  readonly destination: BackupVaultRecord;
  readonly draft: DraftRecoveryPoint;
  readonly tags: Tags;
}

/**
 * Everything that a copy needs, checked unless this copy was allowed before and only goes on.
 * @throws JobFailure with the reason why the copy cannot be
 */
export async function prepareCopy(
  ports: CopyPorts,
  record: CopyJobRecord,
  options: { readonly isChecked: boolean },
): Promise<PreparedCopy> {
  const source = await ports.stores.recoveryPoints.get(record.sourceVaultId, record.sourceRecoveryPointArn);
  if (source === undefined) {
    throw new JobFailure(
      'RESOURCE_NOT_FOUND',
      `Recovery point ${record.sourceRecoveryPointArn} does not exist any more.`,
    );
  }
  const destination = await destinationVault(ports, record.destinationVaultArn);
  if (destination === undefined) {
    throw new JobFailure('RESOURCE_NOT_FOUND', `Backup vault ${record.destinationVaultArn} does not exist.`);
  }
  const draft = draftCopy(record, source, destination);
  if (!options.isChecked) {
    await checkRules(ports, record, source, destination);
    await checkPermissions(ports, record, source, destination);
    checkRetention(draft, destination, ports.clock.now());
  }
  const page = await ports.stores.tags.list(source.accountId, source.arn, { limit: 1000 });
  return {
    record,
    source,
    destination,
    draft,
    tags: Object.fromEntries(page.items.map((tag) => [tag.key, tag.value])),
  };
}

async function checkRules(
  ports: CopyPorts,
  record: CopyJobRecord,
  source: RecoveryPointRecord,
  destination: BackupVaultRecord,
): Promise<void> {
  const isOnDemand = record.createdByBackupJobId === undefined;
  const refusal = copyRefusal(await copyFacts(ports, source, destination, isOnDemand));
  if (refusal !== undefined) throw new JobFailure(refusal.category, refusal.reason);
}

async function checkPermissions(
  ports: CopyPorts,
  record: CopyJobRecord,
  source: RecoveryPointRecord,
  destination: BackupVaultRecord,
): Promise<void> {
  if (source.encryptionKeyArn !== undefined) await requireUsableKey(ports.keys, source.encryptionKeyArn);
  await requireUsableKey(ports.keys, destination.encryptionKeyArn);
  const isAirGapped = destination.type === 'LOGICALLY_AIR_GAPPED_BACKUP_VAULT';
  await requireJobRole(ports.roles, record, copyRights(source, isAirGapped ? source.encryptionKeyArn : undefined));
  const allowed = await ports.copyPolicies.check({ source, destination, iamRoleArn: record.iamRoleArn });
  if (!allowed.ok) throw new JobFailure('ACCESS_DENIED', allowed.reason);
}

function checkRetention(draft: DraftRecoveryPoint, destination: BackupVaultRecord, now: number): void {
  const refusal =
    copyLifecycleRefusal(draft.lifecycle, draft.deleteAt, now) ??
    retentionRefusal(destination.lock, draft.lifecycle?.deleteAfterDays);
  if (refusal === undefined) return;
  throw new JobFailure('INVALID_LIFECYCLE', `Backup vault ${destination.arn} cannot take the copy: ${refusal}.`);
}

/** The copy as it will stand in the destination: dated as its source; a snapshot even of a continuous backup (COPY-3). */
function draftCopy(
  record: CopyJobRecord,
  source: RecoveryPointRecord,
  destination: BackupVaultRecord,
): DraftRecoveryPoint {
  const lifecycle = copyLifecycle(source, record.lifecycle);
  // The snapshot that stands for a continuous backup has the time of its rule's run.
  const createdAt = source.isContinuous ? record.createdAt : source.createdAt;
  const arn = record.destinationRecoveryPointArn;
  return {
    accountId: destination.accountId,
    region: destination.region,
    arn,
    vaultId: destination.vaultId,
    vaultName: destination.name,
    vaultArn: destination.arn,
    vaultType: destination.type,
    engineId: arn.slice(arn.lastIndexOf(':') + 1),
    resourceArn: source.resourceArn,
    resourceType: source.resourceType,
    createdAt,
    isEncrypted: true,
    encryptionKeyArn: destination.encryptionKeyArn,
    encryptionKeyType: destination.encryptionKeyType,
    iamRoleArn: record.iamRoleArn,
    isParent: source.isParent,
    isContinuous: false,
    restoreMetadata: source.restoreMetadata,
    resourceTags: source.resourceTags,
    ...calculateLifecycle(lifecycle, createdAt, source.resourceType),
    ...withoutUndefined({
      lifecycle,
      resourceName: source.resourceName,
      initiatedAt: source.initiatedAt,
      createdBy: source.createdBy,
      backupOptions: source.backupOptions,
      parentRecoveryPointArn: record.destinationParentArn,
      compositeMemberIdentifier: record.compositeMemberIdentifier,
      sourceBackupVaultArn: destination.accountId === source.accountId ? undefined : source.vaultArn,
    }),
  };
}
