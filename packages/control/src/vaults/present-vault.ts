import type { BackupOperations } from '../action.ts';
import { optionalDate } from '../optional-date.ts';
import type { BackupVaultRecord } from './vault-store.ts';

type VaultMember = NonNullable<BackupOperations['ListBackupVaults']['output']['BackupVaultList']>[number];

/** A vault as ListBackupVaults and DescribeBackupVault show it. Lock members only while a lock is in force (VAULT-49). */
export function presentVault(vault: BackupVaultRecord): VaultMember {
  return {
    BackupVaultName: vault.name,
    BackupVaultArn: vault.arn,
    VaultType: vault.type,
    VaultState: vault.state,
    CreationDate: new Date(vault.createdAt),
    EncryptionKeyArn: vault.encryptionKeyArn,
    EncryptionKeyType: vault.encryptionKeyType,
    CreatorRequestId: vault.creatorRequestId,
    NumberOfRecoveryPoints: vault.recoveryPointCount,
    Locked: vault.lock !== undefined,
    MinRetentionDays: vault.lock?.minRetentionDays,
    MaxRetentionDays: vault.lock?.maxRetentionDays,
    LockDate: optionalDate(vault.lock?.lockDateAt),
  };
}
