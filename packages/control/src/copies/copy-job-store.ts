import type { CopyJobState } from '@holdfast/jobs';
import type { Page, PageRequest, TimeRange } from '../pagination/page.ts';
import type { Lifecycle, RecoveryPointCreator } from '../recovery-points/recovery-point-store.ts';
import type { Scope } from '../scope.ts';
import type { VaultType } from '../vaults/vault-store.ts';

/** What is known of a copy job when it is made. Its scope is that of the source; the destination may lie elsewhere. */
export interface NewCopyJob extends Scope {
  readonly jobId: string;
  readonly sourceVaultId: string;
  readonly sourceVaultArn: string;
  readonly sourceRecoveryPointArn: string;
  readonly destinationVaultArn: string;
  readonly destinationAccountId: string;
  readonly destinationRegion: string;
  /** Allotted with the job: a job that continues after a crash finds what it had written. */
  readonly destinationRecoveryPointArn: string;
  readonly resourceArn: string;
  readonly resourceType: string;
  readonly resourceName?: string;
  readonly iamRoleArn: string;
  /** As asked for; the source's expiry limits it (COPY-5). */
  readonly lifecycle?: Lifecycle;
  readonly createdBy?: RecoveryPointCreator;
  readonly createdByBackupJobId?: string;
  readonly createdAt: number;
  /** A composite: the job copies what belongs to it by jobs of their own (TYPE-45 to TYPE-47). */
  readonly isParent: boolean;
  readonly parentJobId?: string;
  /** Of a nested recovery point that is copied with its composite: the composite's copy. */
  readonly destinationParentArn?: string;
  readonly compositeMemberIdentifier?: string;
  readonly idempotencyToken?: string;
  readonly requestFingerprint?: string;
}

export interface CopyJobRecord extends NewCopyJob {
  readonly state: CopyJobState;
  readonly statusMessage?: string;
  readonly messageCategory?: string;
  readonly completedAt?: number;
  readonly bytesTransferred: number;
  readonly sizeBytes?: number;
  readonly destinationVaultType?: VaultType;
  /** `LOCKED` or `UNLOCKED` as the destination was when the job ran. */
  readonly destinationVaultLockState?: string;
  readonly destinationEncryptionKeyArn?: string;
  readonly destinationLifecycle?: Lifecycle;
  /** Fences of the attempts at the copy in the engine: what they stored is taken over by the next one. */
  readonly engineFences?: readonly number[];
  /** Losses of a worker after which the job has waited for the lost attempt to be over. */
  readonly lossesWaitedFor?: number;
  /** Of a composite whose nested jobs were made: what is not in the copy (by resource), and what its own content added. */
  readonly composite?: { readonly leftOut: readonly string[]; readonly storedBytes: number };
  /** Of a composite: how many of its nested jobs are in which state. */
  readonly childJobsInState?: Readonly<Partial<Record<CopyJobState, number>>>;
}

/** Facts that only the executor learns. */
export type CopyJobFacts = Partial<
  Pick<
    CopyJobRecord,
    | 'sizeBytes'
    | 'destinationVaultType'
    | 'destinationVaultLockState'
    | 'destinationEncryptionKeyArn'
    | 'destinationLifecycle'
    | 'engineFences'
    | 'lossesWaitedFor'
    | 'composite'
  >
>;

export interface CopyJobListQuery {
  readonly accountIds: readonly string[];
  readonly region: string;
  readonly created?: TimeRange;
  readonly completed?: TimeRange;
  readonly destinationVaultArn?: string;
  readonly sourceRecoveryPointArn?: string;
  readonly messageCategory?: string;
  readonly parentJobId?: string;
  readonly resourceArn?: string;
  readonly resourceType?: string;
  readonly states?: readonly CopyJobState[];
}

/** Copies that run now (begun and not ended), counted as the limits count them (QUOTA-2). */
export interface RunningCopies {
  readonly fromAccountToRegion: number;
  readonly intoVault: number;
  /** Cross-account copies of the same resource into the same region. */
  readonly ofResourceToRegion: number;
}

export interface CopyJobStore {
  /**
   * One transaction: writes the job in state CREATED where workers can claim it. A job of the scope with the same
   * idempotency token is returned instead, and nothing is written.
   */
  create(job: NewCopyJob): Promise<CopyJobRecord>;
  get(scope: Scope, jobId: string): Promise<CopyJobRecord | undefined>;
  /** Newest first, ties by job ID. */
  list(query: CopyJobListQuery, page: PageRequest): Promise<Page<CopyJobRecord>>;
  setFacts(jobId: string, facts: CopyJobFacts): Promise<void>;
  /** Counts running copies other than this one. */
  countRunning(job: CopyJobRecord): Promise<RunningCopies>;
  /** Jobs that have not ended and read the recovery point. */
  isCopying(sourceVaultId: string, sourceRecoveryPointArn: string): Promise<boolean>;
}
