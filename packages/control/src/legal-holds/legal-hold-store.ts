import type { Page, PageRequest } from '../pagination/page.ts';
import type { Scope, Tags } from '../scope.ts';

export type LegalHoldStatus = 'CREATING' | 'ACTIVE' | 'CANCELING' | 'CANCELED';

/** Which recovery points a hold takes in; what is absent does not restrict. Dates are inclusive, in ms. */
export interface LegalHoldCriteria {
  readonly vaultNames?: readonly string[];
  /** ARNs of resources, or resource types. */
  readonly resourceIdentifiers?: readonly string[];
  readonly createdFrom?: number;
  readonly createdTo?: number;
}

export interface LegalHoldRecord extends Scope {
  readonly holdId: string;
  readonly arn: string;
  readonly title: string;
  readonly description: string;
  readonly status: LegalHoldStatus;
  readonly criteria: LegalHoldCriteria;
  readonly createdAt: number;
  readonly idempotencyToken?: string;
  readonly requestFingerprint: string;
  readonly cancelledAt?: number;
  readonly cancelDescription?: string;
  /** Until when the record of a cancelled hold is kept. */
  readonly retainRecordUntil?: number;
}

/** One recovery point under a hold. */
export interface HeldRecoveryPoint {
  readonly vaultId: string;
  readonly vaultName: string;
  readonly recoveryPointArn: string;
  readonly resourceArn: string;
  readonly resourceType: string;
}

/** Where a held recovery point lies in the engine. */
export interface HeldContent extends Scope, RecoveryPointKey {
  readonly engineId: string;
}

export interface RecoveryPointKey {
  readonly vaultId: string;
  readonly arn: string;
}

/** Legal holds and the recovery points that they took in when they were made (HOLD-12). */
export interface LegalHoldStore {
  /**
   * One transaction: the hold, its tags, and its recovery points: those of the scope that match the criteria now and
   * are neither EXPIRED nor DELETING.
   */
  create(hold: LegalHoldRecord, tags: Tags): Promise<void>;
  /**
   * Recovery of a lost catalog: enters an active hold, unless there is one with its ID already, and adds recovery points
   * that the engine holds under it.
   */
  restore(hold: LegalHoldRecord, points: readonly RecoveryPointKey[]): Promise<void>;
  get(scope: Scope, holdId: string): Promise<LegalHoldRecord | undefined>;
  findByIdempotencyToken(scope: Scope, token: string): Promise<LegalHoldRecord | undefined>;
  /** Holds of the account, in all regions, that are CREATING or ACTIVE. */
  countActive(accountId: string): Promise<number>;
  /** Newest first, ties by hold ID. */
  list(scope: Scope, page: PageRequest): Promise<Page<LegalHoldRecord>>;
  /** Those recovery points of the hold that still exist, by ARN. */
  listRecoveryPoints(holdId: string, page: PageRequest): Promise<Page<HeldRecoveryPoint>>;
  /** Sets a hold from ACTIVE to CANCELING, from when on it holds nothing; false when it was in another state. */
  cancel(
    holdId: string,
    cancellation: { readonly at: number; readonly description: string; readonly retainRecordUntil: number },
  ): Promise<boolean>;
  /** Holds that are CREATING or CANCELING, oldest first. */
  listUnsettled(page: PageRequest): Promise<Page<LegalHoldRecord>>;
  /** Recovery points of the hold that the engine does not hold yet; never continuous ones (HOLD-3). */
  listToPlace(holdId: string, limit: number): Promise<readonly HeldContent[]>;
  /** Recovery points of the hold that the engine still holds. */
  listToRelease(holdId: string, limit: number): Promise<readonly HeldContent[]>;
  /** Notes whether the engine holds a recovery point of the hold. */
  setPlaced(holdId: string, point: RecoveryPointKey, isPlaced: boolean): Promise<void>;
  /** CREATING becomes ACTIVE when nothing is to be placed, CANCELING becomes CANCELED when nothing is to be released. */
  settle(holdId: string): Promise<LegalHoldStatus | undefined>;
  /** Whether the engine holds the recovery point only because a cancelled hold is still being released. */
  isBeingReleased(point: RecoveryPointKey): Promise<boolean>;
  /** The active holds on each of the recovery points; those that are free are absent. */
  activeHoldsOn(points: readonly RecoveryPointKey[]): Promise<ReadonlyMap<string, readonly LegalHoldRecord[]>>;
  /** Removes the records of CANCELED holds whose `retainRecordUntil` has passed; how many there were. */
  purge(now: number): Promise<number>;
}

/** The key under which `activeHoldsOn` answers. */
export function recoveryPointKey(point: RecoveryPointKey): string {
  return `${point.vaultId} ${point.arn}`;
}
