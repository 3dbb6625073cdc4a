import type { BackupOperations } from '../action.ts';
import { optionalDate } from '../optional-date.ts';
import { presentLifecycle } from '../recovery-points/lifecycle-rules.ts';
import { presentCreator } from '../recovery-points/present-creator.ts';
import type { BackupJobRecord } from './backup-job-store.ts';

type BackupJobMember = NonNullable<BackupOperations['ListBackupJobs']['output']['BackupJobs']>[number];
type Described = BackupOperations['DescribeBackupJob']['output'];

/** A backup job as ListBackupJobs shows it (TYPE-54 to TYPE-65). */
export function presentBackupJob(job: BackupJobRecord): BackupJobMember {
  return {
    AccountId: job.accountId,
    BackupJobId: job.jobId,
    BackupVaultName: job.vaultName,
    BackupVaultArn: job.vaultArn,
    VaultType: job.vaultType,
    VaultLockState: job.vaultLockState,
    RecoveryPointArn: job.recoveryPointArn,
    RecoveryPointLifecycle: presentLifecycle(job.lifecycle),
    EncryptionKeyArn: job.encryptionKeyArn,
    IsEncrypted: job.isEncrypted,
    ResourceArn: job.resourceArn,
    ResourceType: job.resourceType,
    ResourceName: job.resourceName,
    CreationDate: new Date(job.createdAt),
    InitiationDate: optionalDate(job.initiatedAt),
    CompletionDate: optionalDate(job.completedAt),
    ExpectedCompletionDate: optionalDate(job.expectedCompletionAt),
    StartBy: new Date(job.startBy),
    State: job.state,
    StatusMessage: job.statusMessage,
    MessageCategory: job.messageCategory,
    PercentDone: job.percentDone.toFixed(1),
    BackupSizeInBytes: job.sizeBytes,
    BytesTransferred: job.bytesTransferred,
    IamRoleArn: job.iamRoleArn,
    CreatedBy: presentCreator(job.createdBy),
    BackupOptions: Object.keys(job.backupOptions).length === 0 ? undefined : { ...job.backupOptions },
    BackupType: job.backupType,
    ParentJobId: job.parentJobId,
    IsParent: job.isParent,
  };
}

/** A backup job as DescribeBackupJob shows it: with the counts of its children (API-166). */
export function describeBackupJobRecord(job: BackupJobRecord): Described {
  const children = job.childJobsInState;
  if (children === undefined) return presentBackupJob(job);
  return {
    ...presentBackupJob(job),
    ChildJobsInState: { ...children },
    NumberOfChildJobs: Object.values(children).reduce((sum, count) => sum + count, 0),
  };
}
