import type { SealedRecoveryPoint } from '@holdfast/engine';
import { calculateLifecycle } from '../recovery-points/lifecycle-rules.ts';
import type { RecoveryPointRecord } from '../recovery-points/recovery-point-store.ts';
import type { DraftRecoveryPoint } from '../recovery-points/sealed-facts.ts';
import { effectiveTags } from '../resources/resource-store.ts';
import { withoutUndefined } from '../without-undefined.ts';
import type { PreparedBackup } from './prepare-backup.ts';

/** The recovery point's identifier in the engine: the last part of its ARN. */
export function engineIdOf(recoveryPointArn: string): string {
  return recoveryPointArn.slice(recoveryPointArn.lastIndexOf(':') + 1);
}

/** What is known of the recovery point while its content is still being read. */
export function draftRecoveryPoint(
  { record, vault, resource }: PreparedBackup,
  session: { restoreMetadata: Readonly<Record<string, string>> },
  times: { initiatedAt: number; createdAt: number },
): DraftRecoveryPoint {
  return {
    accountId: record.accountId,
    region: record.region,
    arn: record.recoveryPointArn,
    vaultId: vault.vaultId,
    vaultName: vault.name,
    vaultArn: vault.arn,
    vaultType: vault.type,
    engineId: engineIdOf(record.recoveryPointArn),
    resourceArn: resource.arn,
    resourceType: resource.resourceType,
    resourceName: resource.name,
    ...times,
    isEncrypted: true,
    encryptionKeyArn: vault.encryptionKeyArn,
    encryptionKeyType: vault.encryptionKeyType,
    iamRoleArn: record.iamRoleArn,
    backupJobId: record.jobId,
    backupOptions: record.backupOptions,
    isParent: false,
    isContinuous: false,
    restoreMetadata: { ...session.restoreMetadata },
    resourceTags: effectiveTags(resource),
    ...calculateLifecycle(record.lifecycle, times.createdAt, resource.resourceType),
    ...withoutUndefined({ createdBy: record.createdBy, lifecycle: record.lifecycle }),
  };
}

/** The finished recovery point, from the draft and what the engine sealed. */
export function finishedRecoveryPoint(
  draft: DraftRecoveryPoint,
  sealed: Pick<SealedRecoveryPoint, 'statistics' | 'outcome'>,
  completedAt: number,
  connectorState: Uint8Array | undefined,
): RecoveryPointRecord {
  return {
    ...draft,
    status: sealed.outcome === 'partial' ? 'PARTIAL' : 'COMPLETED',
    completedAt,
    sizeBytes: sealed.statistics.logicalBytes,
    storedBytes: sealed.statistics.storedBytes,
    itemCount: sealed.statistics.itemCount,
    issueCount: sealed.statistics.issueCount,
    storageClass: 'WARM',
    ...(connectorState === undefined ? {} : { connectorState }),
  };
}
