import type { RestoreJobState } from '@holdfast/jobs';
import type { JobIssueRecord } from '../backup-jobs/backup-job-store.ts';
import type { Page, PageRequest, TimeRange } from '../pagination/page.ts';
import type { Scope } from '../scope.ts';

/** The API's `Status` of restore jobs; CREATED is known to summaries only, lists show it as PENDING. */
export type RestoreJobStatus = RestoreJobState;
export type ValidationStatus = 'FAILED' | 'SUCCESSFUL' | 'TIMED_OUT' | 'VALIDATING';
export type DeletionStatus = 'DELETING' | 'FAILED' | 'SUCCESSFUL';

export interface NewRestoreJob extends Scope {
  readonly jobId: string;
  readonly recoveryPointArn: string;
  readonly recoveryPointCreatedAt: number;
  readonly vaultId: string;
  readonly vaultArn: string;
  readonly sourceResourceArn: string;
  readonly resourceType: string;
  readonly iamRoleArn?: string;
  readonly metadata: Readonly<Record<string, string>>;
  readonly copySourceTags: boolean;
  /** From a continuous recovery point: the moment to restore, in ms. */
  readonly restoreToAt?: number;
  readonly createdAt: number;
  /** The restore testing plan that started it. */
  readonly restoreTestingPlanArn?: string;
  readonly isParent: boolean;
  readonly parentJobId?: string;
  readonly idempotencyToken?: string;
  readonly requestFingerprint?: string;
}

export interface RestoreJobRecord extends NewRestoreJob {
  readonly status: RestoreJobStatus;
  readonly statusMessage?: string;
  readonly startedAt?: number;
  readonly completedAt?: number;
  readonly percentDone: number;
  readonly bytesTransferred: number;
  readonly sizeBytes?: number;
  readonly expectedCompletionMinutes?: number;
  readonly createdResourceArn?: string;
  readonly validationStatus?: ValidationStatus;
  readonly validationStatusMessage?: string;
  readonly deletionStatus?: DeletionStatus;
  readonly deletionStatusMessage?: string;
  readonly issueCount: number;
}

export interface RestoreJobListQuery {
  readonly accountIds: readonly string[];
  readonly region: string;
  readonly resourceType?: string;
  readonly created?: TimeRange;
  readonly completed?: TimeRange;
  readonly statuses?: readonly RestoreJobStatus[];
  readonly restoreTestingPlanArn?: string;
  readonly parentJobId?: string;
  readonly sourceResourceArn?: string;
  readonly recoveryPointCreated?: TimeRange;
}

export interface RestoreJobFacts {
  readonly sizeBytes?: number;
  readonly expectedCompletionMinutes?: number;
  readonly createdResourceArn?: string;
  readonly validationStatus?: ValidationStatus;
  readonly validationStatusMessage?: string;
  readonly deletionStatus?: DeletionStatus;
  readonly deletionStatusMessage?: string;
  readonly issueCount?: number;
}

export interface RestoreJobStore {
  /** As `BackupJobStore.create`: claims the token, writes the job in state CREATED for the workers. */
  create(job: NewRestoreJob): Promise<RestoreJobRecord>;
  get(scope: Scope, jobId: string): Promise<RestoreJobRecord | undefined>;
  /** Newest first, ties by job ID. */
  list(query: RestoreJobListQuery, page: PageRequest): Promise<Page<RestoreJobRecord>>;
  setFacts(jobId: string, facts: RestoreJobFacts): Promise<void>;
  addIssues(issues: readonly JobIssueRecord[]): Promise<void>;
  /** True while a restore of this recovery point waits or runs: it must not be deleted meanwhile. */
  isRestoring(recoveryPointArn: string): Promise<boolean>;
}
