import type { BackupVaultRecord, NewBackupJob, NewRestoreJob, RecoveryPointRecord } from '@holdfast/control';

export const SCOPE = { accountId: '123456789012', region: 'us-east-1' };
export const START = Date.UTC(2024, 0, 1);

/** A vault for tests; its ID and ARN follow from its name. */
export function makeVault(name: string, changes: Partial<BackupVaultRecord> = {}): BackupVaultRecord {
  return {
    ...SCOPE,
    vaultId: `id-of-${name}`,
    name,
    arn: `arn:aws:backup:us-east-1:123456789012:backup-vault:${name}`,
    type: 'BACKUP_VAULT',
    state: 'AVAILABLE',
    encryptionKeyArn: 'arn:aws:kms:us-east-1:123456789012:key/1',
    encryptionKeyType: 'AWS_OWNED_KMS_KEY',
    createdAt: START,
    recoveryPointCount: 0,
    ...changes,
  };
}

/** A recovery point for tests, in the vault of that name. */
export function makeRecoveryPoint(
  id: string,
  vaultName: string,
  changes: Partial<RecoveryPointRecord> = {},
): RecoveryPointRecord {
  const vault = makeVault(vaultName);
  return {
    ...SCOPE,
    arn: `arn:aws:backup:us-east-1:123456789012:recovery-point:${id}`,
    vaultId: vault.vaultId,
    vaultName,
    vaultArn: vault.arn,
    vaultType: vault.type,
    engineId: id,
    resourceArn: 'arn:aws:elasticfilesystem:us-east-1:123456789012:file-system/fs-1',
    resourceType: 'EFS',
    status: 'COMPLETED',
    createdAt: START,
    sizeBytes: 1000,
    storedBytes: 100,
    itemCount: 3,
    issueCount: 0,
    isEncrypted: true,
    iamRoleArn: 'arn:aws:iam::123456789012:role/backup',
    storageClass: 'WARM',
    isParent: false,
    isContinuous: false,
    restoreMetadata: { 'file-system-id': 'fs-1' },
    resourceTags: {},
    ...changes,
  };
}

/** A backup job for tests. */
export function makeBackupJob(jobId: string, changes: Partial<NewBackupJob> = {}): NewBackupJob {
  const vault = makeVault('Default');
  const createdAt = changes.createdAt ?? START;
  return {
    ...SCOPE,
    jobId,
    vaultId: vault.vaultId,
    vaultName: vault.name,
    vaultArn: vault.arn,
    vaultType: vault.type,
    resourceArn: `arn:aws:elasticfilesystem:us-east-1:123456789012:file-system/fs-${jobId}`,
    resourceType: 'EFS',
    iamRoleArn: 'arn:aws:iam::123456789012:role/backup',
    recoveryPointArn: `arn:aws:backup:us-east-1:123456789012:recovery-point:${jobId}`,
    recoveryPointTags: {},
    backupOptions: {},
    createdAt,
    scheduledAt: createdAt,
    startBy: createdAt + 8 * 3_600_000,
    isParent: false,
    isContinuous: false,
    ...changes,
  };
}

/** A restore job for tests. */
export function makeRestoreJob(jobId: string, changes: Partial<NewRestoreJob> = {}): NewRestoreJob {
  const vault = makeVault('Default');
  return {
    ...SCOPE,
    jobId,
    recoveryPointArn: 'arn:aws:backup:us-east-1:123456789012:recovery-point:1',
    recoveryPointCreatedAt: START - 1000,
    vaultId: vault.vaultId,
    vaultArn: vault.arn,
    sourceResourceArn: 'arn:aws:elasticfilesystem:us-east-1:123456789012:file-system/fs-1',
    resourceType: 'EFS',
    metadata: {},
    copySourceTags: false,
    createdAt: START,
    isParent: false,
    ...changes,
  };
}
