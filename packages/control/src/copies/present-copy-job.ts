import type { CopyJobState } from '@holdfast/jobs';
import type { BackupOperations } from '../action.ts';
import { optionalDate } from '../optional-date.ts';
import { presentLifecycle } from '../recovery-points/lifecycle-rules.ts';
import { presentCreator } from '../recovery-points/present-creator.ts';
import type { CopyJobRecord } from './copy-job-store.ts';

type CopyJobMember = NonNullable<BackupOperations['ListCopyJobs']['output']['CopyJobs']>[number];
type ShownState = NonNullable<CopyJobMember['State']>;

/** Clients see five states; the ones on the way between them show as what they are on the way from (API2-75). */
const SHOWN: Readonly<Record<CopyJobState, ShownState>> = {
  CREATED: 'CREATED',
  RUNNING: 'RUNNING',
  ABORTING: 'RUNNING',
  COMPLETED: 'COMPLETED',
  FAILED: 'FAILED',
  ABORTED: 'FAILED',
  PARTIAL: 'PARTIAL',
};

/** The states that a filter on a shown state means. */
export function statesShownAs(state: string): readonly CopyJobState[] {
  const all = Object.entries(SHOWN) as [CopyJobState, ShownState][];
  return all.filter(([, shown]) => shown === state).map(([own]) => own);
}

export function presentCopyJob(job: CopyJobRecord): CopyJobMember {
  return {
    AccountId: job.accountId,
    CopyJobId: job.jobId,
    SourceBackupVaultArn: job.sourceVaultArn,
    SourceRecoveryPointArn: job.sourceRecoveryPointArn,
    DestinationBackupVaultArn: job.destinationVaultArn,
    DestinationVaultType: job.destinationVaultType,
    DestinationVaultLockState: job.destinationVaultLockState,
    DestinationEncryptionKeyArn: job.destinationEncryptionKeyArn,
    DestinationRecoveryPointLifecycle: presentLifecycle(job.destinationLifecycle),
    DestinationRecoveryPointArn: SHOWN[job.state] === 'FAILED' ? undefined : job.destinationRecoveryPointArn,
    ResourceArn: job.resourceArn,
    ResourceType: job.resourceType,
    ResourceName: job.resourceName,
    CreationDate: new Date(job.createdAt),
    CompletionDate: optionalDate(job.completedAt),
    State: SHOWN[job.state],
    StatusMessage: job.statusMessage,
    MessageCategory: job.messageCategory,
    BackupSizeInBytes: job.sizeBytes,
    IamRoleArn: job.iamRoleArn,
    CreatedBy: presentCreator(job.createdBy),
    CreatedByBackupJobId: job.createdByBackupJobId,
    IsParent: job.isParent,
    ParentJobId: job.parentJobId,
    CompositeMemberIdentifier: job.compositeMemberIdentifier,
    ...presentChildren(job),
  };
}

/** Of a composite: how many nested jobs there are, and in which of the shown states (TYPE-47). */
function presentChildren({ isParent, childJobsInState = {} }: CopyJobRecord): Partial<CopyJobMember> {
  if (!isParent) return {};
  const ChildJobsInState: Partial<Record<ShownState, number>> = {};
  for (const [state, count] of Object.entries(childJobsInState) as [CopyJobState, number][]) {
    ChildJobsInState[SHOWN[state]] = (ChildJobsInState[SHOWN[state]] ?? 0) + count;
  }
  const NumberOfChildJobs = Object.values(childJobsInState).reduce((sum, count) => sum + count, 0);
  return { NumberOfChildJobs, ChildJobsInState };
}
