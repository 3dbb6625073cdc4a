import type { Page, PageRequest, TimeRange } from '../pagination/page.ts';
import type { Scope, Tags } from '../scope.ts';
import type { EncryptionKeyType, VaultType } from '../vaults/vault-store.ts';

export type RecoveryPointStatus =
  | 'CREATING'
  | 'AVAILABLE'
  | 'COMPLETED'
  | 'PARTIAL'
  | 'DELETING'
  | 'EXPIRED'
  | 'STOPPED';
export type StorageClass = 'WARM' | 'COLD' | 'DELETED';

/** `Lifecycle` of the API; days count from the creation of the recovery point. */
export interface Lifecycle {
  readonly moveToColdStorageAfterDays?: number;
  readonly deleteAfterDays?: number;
  readonly optInToArchiveForSupportedResources?: boolean;
  readonly deleteAfterEvent?: 'DELETE_AFTER_COPY';
}

/** `RecoveryPointCreator` of the API: the plan and rule that made a job; absent for what was made on demand. */
export interface RecoveryPointCreator {
  readonly backupPlanId: string;
  readonly backupPlanArn: string;
  readonly backupPlanName?: string;
  readonly backupPlanVersion: string;
  readonly backupRuleId: string;
  readonly backupRuleName?: string;
  readonly backupRuleCron?: string;
  readonly backupRuleTimezone?: string;
}

export interface RecoveryPointRecord extends Scope {
  readonly arn: string;
  /** The vault that holds it, by identity and by name. */
  readonly vaultId: string;
  readonly vaultName: string;
  readonly vaultArn: string;
  readonly vaultType: VaultType;
  /** Names the recovery point inside the vault's engine repository. */
  readonly engineId: string;
  readonly resourceArn: string;
  readonly resourceType: string;
  readonly resourceName?: string;
  readonly status: RecoveryPointStatus;
  readonly statusMessage?: string;
  readonly createdAt: number;
  readonly initiatedAt?: number;
  readonly completedAt?: number;
  /** Logical size of what it holds. */
  readonly sizeBytes: number;
  /** What it added to the vault after deduplication and compression. */
  readonly storedBytes: number;
  readonly itemCount: number;
  readonly issueCount: number;
  readonly isEncrypted: boolean;
  readonly encryptionKeyArn?: string;
  readonly encryptionKeyType?: EncryptionKeyType;
  readonly iamRoleArn: string;
  readonly createdBy?: RecoveryPointCreator;
  readonly backupJobId?: string;
  readonly backupOptions?: Readonly<Record<string, string>>;
  readonly lifecycle?: Lifecycle;
  /** Computed from `lifecycle` at creation and at each change, so that expiry is one indexed query. */
  readonly deleteAt?: number;
  readonly moveToColdStorageAt?: number;
  readonly storageClass: StorageClass;
  readonly lastRestoredAt?: number;
  readonly isParent: boolean;
  readonly parentRecoveryPointArn?: string;
  readonly compositeMemberIdentifier?: string;
  readonly sourceBackupVaultArn?: string;
  readonly isContinuous: boolean;
  /** What GetRecoveryPointRestoreMetadata answers. */
  readonly restoreMetadata: Readonly<Record<string, string>>;
  /** What the connector wants back when the next recovery point is made from this one. */
  readonly connectorState?: Uint8Array;
  /** Tags that the resource had when the backup was made: what a restore may copy (RST-37). */
  readonly resourceTags: Tags;
}

export interface RecoveryPointListQuery {
  readonly vaultId?: string;
  /** Needed when `vaultId` is absent: the scope whose recovery points are meant. */
  readonly scope?: Scope;
  readonly resourceArn?: string;
  readonly resourceType?: string;
  readonly backupPlanId?: string;
  readonly parentRecoveryPointArn?: string;
  readonly created?: TimeRange;
  readonly statuses?: readonly RecoveryPointStatus[];
}

/** What ends a job together with its recovery point, checked against the job's lease in the same transaction. */
export interface JobFence {
  readonly jobId: string;
  readonly fencingToken: number;
}

export interface RecoveryPointCommit {
  readonly recoveryPoint: RecoveryPointRecord;
  /** Tags of the recovery point itself. */
  readonly tags: Tags;
  /** Refuses the commit when the worker has lost the job meanwhile. */
  readonly fence?: JobFence;
}

export interface RecoveryPointChange {
  readonly status?: RecoveryPointStatus;
  readonly statusMessage?: string | null;
  readonly storageClass?: StorageClass;
  readonly lastRestoredAt?: number;
  readonly parentRecoveryPointArn?: null;
  readonly lifecycle?: Lifecycle | null;
  readonly deleteAt?: number | null;
  readonly moveToColdStorageAt?: number | null;
  /** What a new base changes of a continuous recovery point. */
  readonly engineId?: string;
  readonly completedAt?: number;
  readonly sizeBytes?: number;
  readonly storedBytes?: number;
  readonly itemCount?: number;
  readonly issueCount?: number;
  readonly iamRoleArn?: string;
  readonly createdBy?: RecoveryPointCreator;
  readonly restoreMetadata?: Readonly<Record<string, string>>;
  readonly resourceTags?: Tags;
  readonly connectorState?: Uint8Array;
}

export interface RecoveryPointStore {
  /**
   * One transaction: inserts the recovery point and its tags, raises the vault's count, and brings the protected
   * resource's "last backup" up to date.
   * @throws an error of the jobs package when the fence no longer holds; nothing is written then.
   */
  commit(commit: RecoveryPointCommit): Promise<void>;
  get(vaultId: string, arn: string): Promise<RecoveryPointRecord | undefined>;
  /** In whichever vault of the account it lies; the newest when copies share an ARN. */
  getByArn(accountId: string, arn: string): Promise<RecoveryPointRecord | undefined>;
  /** Newest first, ties by ARN. */
  list(query: RecoveryPointListQuery, page: PageRequest): Promise<Page<RecoveryPointRecord>>;
  /** The newest usable (COMPLETED or PARTIAL) recovery point of a resource in a vault: the parent of the next one. */
  newestUsable(vaultId: string, resourceArn: string): Promise<RecoveryPointRecord | undefined>;
  /**
   * Changes what is given (null removes), provided that the status is one of `whileStatus`; the record after the change,
   * or undefined when the recovery point is gone or in another status.
   */
  change(
    vaultId: string,
    arn: string,
    change: RecoveryPointChange,
    whileStatus?: readonly RecoveryPointStatus[],
  ): Promise<RecoveryPointRecord | undefined>;
  /** One transaction: removes the record and its tags, lowers the vault's count, corrects the protected resource. */
  remove(vaultId: string, arn: string): Promise<void>;
  /** Recovery points in a status, of all scopes, oldest first: DELETING ones to finish after a restart. */
  listByStatus(status: RecoveryPointStatus, page: PageRequest): Promise<Page<RecoveryPointRecord>>;
}
