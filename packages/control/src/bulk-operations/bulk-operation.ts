/** One request for many recovery points or jobs, carried out by the server item by item. */
import type { CallerContext } from '@holdfast/wire';
import type { Scope, Tags } from '../scope.ts';

/** Operations of AWS Backup that can be asked for in bulk; each item is one call of the operation. */
export const BULK_ACTIONS = [
  'DeleteRecoveryPoint',
  'DisassociateRecoveryPoint',
  'UpdateRecoveryPointLifecycle',
  'StartCopyJob',
  'StopBackupJob',
  'TagResource',
  'UntagResource',
] as const;
export type BulkAction = (typeof BULK_ACTIONS)[number];

/** What is the same for all items. Which members are needed depends on the action. */
export interface BulkRequest {
  /** The vault of the recovery points. */
  readonly vaultName?: string;
  /** `Lifecycle` as the API takes it. */
  readonly lifecycle?: Readonly<Record<string, unknown>>;
  readonly destinationVaultArn?: string;
  readonly iamRoleArn?: string;
  readonly tags?: Tags;
  readonly tagKeys?: readonly string[];
}

/** Who asked: every item is decided by this principal's policies as they are when the item's turn comes. */
export type BulkCaller = Pick<
  CallerContext,
  'principal' | 'accessKeyId' | 'isTemporary' | 'sourceIp' | 'userAgent' | 'isSecure'
>;

export type BulkState = 'RUNNING' | 'STOPPING' | 'COMPLETED' | 'STOPPED';

export interface NewBulkOperation extends Scope {
  readonly operationId: string;
  readonly action: BulkAction;
  readonly request: BulkRequest;
  readonly caller: BulkCaller;
  readonly createdAt: number;
  /** A retry with the same token is answered with the operation that is there. */
  readonly clientToken?: string;
}

export interface BulkOperationRecord extends NewBulkOperation {
  readonly state: BulkState;
  readonly endedAt?: number;
  readonly itemCount: number;
  readonly succeededCount: number;
  readonly failedCount: number;
}

/** `RUNNING`: begun and not known to have ended; after a crash such an item is done again. */
export type BulkItemState = 'PENDING' | 'RUNNING' | 'SUCCEEDED' | 'FAILED' | 'SKIPPED';

export interface BulkItemRecord {
  /** From 0, in the order of the request. */
  readonly sequence: number;
  /** ARN of a recovery point, or ID of a job. */
  readonly target: string;
  readonly state: BulkItemState;
  readonly errorCode?: string;
  readonly message?: string;
  /** What the item made: the ID of a copy job. */
  readonly resultId?: string;
  readonly endedAt?: number;
}

/** How an item ended. */
export type BulkItemOutcome =
  | { readonly state: 'SUCCEEDED'; readonly resultId?: string }
  | { readonly state: 'FAILED'; readonly errorCode: string; readonly message: string };
