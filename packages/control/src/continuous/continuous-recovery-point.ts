/** The one recovery point that a continuous backup shows to clients. */
import type { ControlPorts } from '../ports.ts';
import type { RecoveryPointChange, RecoveryPointRecord } from '../recovery-points/recovery-point-store.ts';
import type { DraftRecoveryPoint } from '../recovery-points/sealed-facts.ts';
import { effectiveTags, type ResourceRecord } from '../resources/resource-store.ts';
import type { Tags } from '../scope.ts';
import type { BackupVaultRecord } from '../vaults/vault-store.ts';
import { withoutUndefined } from '../without-undefined.ts';
import type { ContinuousBackupRecord, ContinuousBase } from './continuous-backup-store.ts';

/** What is sealed of it with each base and each state of the log. */
export function continuousDraft(
  record: ContinuousBackupRecord,
  vault: BackupVaultRecord,
  resource: Pick<ResourceRecord, 'name' | 'sourceTags' | 'localTags'>,
  content: Pick<ContinuousBase, 'engineId' | 'restoreMetadata'> & { readonly createdAt: number },
): DraftRecoveryPoint {
  return {
    accountId: record.accountId,
    region: record.region,
    arn: record.recoveryPointArn,
    vaultId: vault.vaultId,
    vaultName: vault.name,
    vaultArn: vault.arn,
    vaultType: vault.type,
    engineId: content.engineId,
    resourceArn: record.resourceArn,
    resourceType: record.resourceType,
    resourceName: resource.name,
    createdAt: content.createdAt,
    isEncrypted: true,
    encryptionKeyArn: vault.encryptionKeyArn,
    encryptionKeyType: vault.encryptionKeyType,
    iamRoleArn: record.iamRoleArn,
    isParent: false,
    isContinuous: true,
    restoreMetadata: { ...content.restoreMetadata },
    resourceTags: effectiveTags(resource),
    lifecycle: { deleteAfterDays: record.retention.days },
    ...withoutUndefined({ createdBy: record.createdBy }),
  };
}

/** The recovery point as it is when its first base is stored. It expires only once it has stopped. */
export function firstRecoveryPoint(draft: DraftRecoveryPoint, base: ContinuousBase): RecoveryPointRecord {
  return {
    ...draft,
    status: 'AVAILABLE',
    initiatedAt: draft.createdAt,
    completedAt: base.completedAt,
    storageClass: 'WARM',
    ...sizesOf(base),
  };
}

function sizesOf({ sizeBytes, storedBytes, itemCount, issueCount, connectorState }: ContinuousBase) {
  return { sizeBytes, storedBytes, itemCount, issueCount, ...withoutUndefined({ connectorState }) };
}

/** What a further base changes of it: clients see the newest one. */
export function changeByBase(draft: DraftRecoveryPoint, base: ContinuousBase): RecoveryPointChange {
  const { engineId, restoreMetadata, resourceTags, iamRoleArn, createdBy, lifecycle } = draft;
  return {
    engineId,
    restoreMetadata,
    resourceTags,
    iamRoleArn,
    completedAt: base.completedAt,
    ...sizesOf(base),
    ...withoutUndefined({ createdBy, lifecycle }),
  };
}

/**
 * Shows a new base in the catalog: the first one makes the recovery point, the others change it.
 * @returns the recovery point when it is new
 */
export async function showBase(
  { recoveryPoints }: Pick<ControlPorts['stores'], 'recoveryPoints'>,
  draft: DraftRecoveryPoint,
  tags: Tags,
  base: ContinuousBase,
): Promise<RecoveryPointRecord | undefined> {
  const { vaultId, arn } = draft;
  if ((await recoveryPoints.get(vaultId, arn)) !== undefined) {
    await recoveryPoints.change(vaultId, arn, changeByBase(draft, base), ['AVAILABLE']);
    return undefined;
  }
  const recoveryPoint = firstRecoveryPoint(draft, base);
  await recoveryPoints.commit({ recoveryPoint, tags });
  return recoveryPoint;
}
