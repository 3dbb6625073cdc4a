import type { BackupOperations } from '../action.ts';
import { optionalDate } from '../optional-date.ts';
import type { RestoreJobRecord } from './restore-job-store.ts';

type RestoreJobMember = NonNullable<BackupOperations['ListRestoreJobs']['output']['RestoreJobs']>[number];

/** A restore job as the lists and DescribeRestoreJob show it (TYPE-190); CREATED is shown as PENDING (API2-108). */
export function presentRestoreJob(job: RestoreJobRecord): RestoreJobMember {
  return {
    AccountId: job.accountId,
    RestoreJobId: job.jobId,
    RecoveryPointArn: job.recoveryPointArn,
    SourceResourceArn: job.sourceResourceArn,
    BackupVaultArn: job.vaultArn,
    CreationDate: new Date(job.createdAt),
    CompletionDate: optionalDate(job.completedAt),
    Status: job.status === 'CREATED' ? 'PENDING' : job.status,
    StatusMessage: job.statusMessage,
    PercentDone: job.percentDone.toFixed(1),
    BackupSizeInBytes: job.sizeBytes,
    IamRoleArn: job.iamRoleArn,
    ExpectedCompletionTimeMinutes: job.expectedCompletionMinutes,
    CreatedResourceArn: job.createdResourceArn,
    ResourceType: job.resourceType,
    RecoveryPointCreationDate: new Date(job.recoveryPointCreatedAt),
    CreatedBy:
      job.restoreTestingPlanArn === undefined ? undefined : { RestoreTestingPlanArn: job.restoreTestingPlanArn },
    ValidationStatus: job.validationStatus,
    ValidationStatusMessage: job.validationStatusMessage,
    DeletionStatus: job.deletionStatus,
    DeletionStatusMessage: job.deletionStatusMessage,
    IsParent: job.isParent,
    ParentJobId: job.parentJobId,
  };
}
