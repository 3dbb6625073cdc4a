import type { BackupOperations } from '../action.ts';
import { optionalDate } from '../optional-date.ts';
import { presentCalculatedLifecycle, presentLifecycle } from './lifecycle-rules.ts';
import { presentCreator } from './present-creator.ts';
import type { RecoveryPointRecord } from './recovery-point-store.ts';

type ByVault = NonNullable<BackupOperations['ListRecoveryPointsByBackupVault']['output']['RecoveryPoints']>[number];
type ByResource = NonNullable<BackupOperations['ListRecoveryPointsByResource']['output']['RecoveryPoints']>[number];
type Described = BackupOperations['DescribeRecoveryPoint']['output'];

/** A recovery point as ListRecoveryPointsByBackupVault shows it (TYPE-156). */
export function presentRecoveryPoint(point: RecoveryPointRecord): ByVault {
  return {
    RecoveryPointArn: point.arn,
    BackupVaultName: point.vaultName,
    BackupVaultArn: point.vaultArn,
    VaultType: point.vaultType,
    SourceBackupVaultArn: point.sourceBackupVaultArn,
    ResourceArn: point.resourceArn,
    ResourceType: point.resourceType,
    ResourceName: point.resourceName,
    CreatedBy: presentCreator(point.createdBy),
    IamRoleArn: point.iamRoleArn,
    Status: point.status,
    StatusMessage: point.statusMessage,
    CreationDate: new Date(point.createdAt),
    InitiationDate: optionalDate(point.initiatedAt),
    CompletionDate: optionalDate(point.completedAt),
    BackupSizeInBytes: point.sizeBytes,
    CalculatedLifecycle: presentCalculatedLifecycle(point),
    Lifecycle: presentLifecycle(point.lifecycle),
    EncryptionKeyArn: point.encryptionKeyArn,
    EncryptionKeyType: point.encryptionKeyType,
    IsEncrypted: point.isEncrypted,
    LastRestoreTime: optionalDate(point.lastRestoredAt),
    ParentRecoveryPointArn: point.parentRecoveryPointArn,
    CompositeMemberIdentifier: point.compositeMemberIdentifier,
    IsParent: point.isParent,
  };
}

/** A recovery point as DescribeRecoveryPoint shows it (API-122 to API-142). */
export function describeRecord(point: RecoveryPointRecord): Described {
  return { ...presentRecoveryPoint(point), StorageClass: point.storageClass };
}

/** A recovery point as ListRecoveryPointsByResource shows it (TYPE-167); note the other name of the size. */
export function presentRecoveryPointOfResource(point: RecoveryPointRecord): ByResource {
  return {
    RecoveryPointArn: point.arn,
    BackupVaultName: point.vaultName,
    VaultType: point.vaultType,
    CreationDate: new Date(point.createdAt),
    Status: point.status,
    StatusMessage: point.statusMessage,
    EncryptionKeyArn: point.encryptionKeyArn,
    EncryptionKeyType: point.encryptionKeyType,
    BackupSizeBytes: point.sizeBytes,
    IsParent: point.isParent,
    ParentRecoveryPointArn: point.parentRecoveryPointArn,
    ResourceName: point.resourceName,
  };
}
