import type { BackupJobState } from '@holdfast/jobs';
import type { Page, PageRequest, TimeRange } from '../pagination/page.ts';
import type { Lifecycle, RecoveryPointCreator } from '../recovery-points/recovery-point-store.ts';
import type { Scope, Tags } from '../scope.ts';
import type { VaultType } from '../vaults/vault-store.ts';

export type { BackupJobState };

/** What is known of a backup job when it is made; the queue and its worker add the rest. */
export interface NewBackupJob extends Scope {
  readonly jobId: string;
  readonly vaultId: string;
  readonly vaultName: string;
  readonly vaultArn: string;
  readonly vaultType: VaultType;
  readonly resourceArn: string;
  readonly resourceType: string;
  readonly resourceName?: string;
  readonly iamRoleArn: string;
  /** Allotted with the job, so that clients know it from the start. */
  readonly recoveryPointArn: string;
  readonly encryptionKeyArn?: string;
  readonly lifecycle?: Lifecycle;
  readonly recoveryPointTags: Tags;
  readonly backupOptions: Readonly<Record<string, string>>;
  readonly createdBy?: RecoveryPointCreator;
  readonly createdAt: number;
  /** When it was due; windows count from here. */
  readonly scheduledAt: number;
  /** End of the start window: not begun by then means EXPIRED. */
  readonly startBy: number;
  /** End of the completion window: not complete by then means the job is ended. */
  readonly completeBy?: number;
  readonly isParent: boolean;
  readonly parentJobId?: string;
  readonly isContinuous: boolean;
  /** Of a continuous rule: it has copy actions, for which each run makes a snapshot (BKP-71). */
  readonly hasCopies?: boolean;
  /** The logically air-gapped vault into which the backup is copied as soon as it is complete. */
  readonly airGappedVaultArn?: string;
  /** With `requestFingerprint`: a second request with the same token and content is the same request. */
  readonly idempotencyToken?: string;
  readonly requestFingerprint?: string;
}

export interface BackupJobRecord extends NewBackupJob {
  readonly state: BackupJobState;
  readonly statusMessage?: string;
  /** A category of the monitoring chapter, `SUCCESS` for a job that completed without a message. */
  readonly messageCategory?: string;
  readonly initiatedAt?: number;
  readonly completedAt?: number;
  readonly expectedCompletionAt?: number;
  /** 0 to 100. */
  readonly percentDone: number;
  readonly bytesTransferred: number;
  readonly sizeBytes?: number;
  readonly backupType?: string;
  /** `LOCKED` or `UNLOCKED` as the vault was when the job ran. */
  readonly vaultLockState?: string;
  readonly isEncrypted?: boolean;
  readonly issueCount: number;
  readonly childJobsInState?: Readonly<Record<string, number>>;
}

export interface BackupJobListQuery {
  readonly accountIds: readonly string[];
  readonly region: string;
  /** Jobs made before this are left out unless they still run (API2-41). */
  readonly windowStart: number;
  readonly vaultName?: string;
  readonly created?: TimeRange;
  readonly completed?: TimeRange;
  readonly messageCategory?: string;
  readonly parentJobId?: string;
  readonly resourceArn?: string;
  readonly resourceType?: string;
  readonly states?: readonly BackupJobState[];
}

/** Facts that only the executor learns; states, progress and bytes travel through the queue's lease. */
export interface BackupJobFacts {
  /** Of a continuous rule's run: the continuous recovery point, instead of the one allotted with the job. */
  readonly recoveryPointArn?: string;
  readonly sizeBytes?: number;
  readonly backupType?: string;
  readonly vaultLockState?: string;
  readonly isEncrypted?: boolean;
  readonly issueCount?: number;
  readonly expectedCompletionAt?: number;
}

/** Something that went wrong with one item of a job, kept for `holdfast jobs` and the console. */
export interface JobIssueRecord {
  readonly jobId: string;
  readonly sequence: number;
  /** The item's path as raw bytes; names need not be text. */
  readonly path: Uint8Array;
  readonly code: string;
  readonly message: string;
  readonly dataMissing: boolean;
}

export interface BackupJobStore {
  /**
   * One transaction: writes the job in state CREATED where workers can claim it. A job of the scope with the same
   * idempotency token is returned instead, and nothing is written.
   */
  create(job: NewBackupJob): Promise<BackupJobRecord>;
  get(scope: Scope, jobId: string): Promise<BackupJobRecord | undefined>;
  /** Newest first, ties by job ID. */
  list(query: BackupJobListQuery, page: PageRequest): Promise<Page<BackupJobRecord>>;
  setFacts(jobId: string, facts: BackupJobFacts): Promise<void>;
  addIssues(issues: readonly JobIssueRecord[]): Promise<void>;
  /** In the order in which they were found. */
  listIssues(jobId: string, page: PageRequest): Promise<Page<JobIssueRecord>>;
}
