import type { ContinuousNature } from '@holdfast/connectors/sdk';
import type { Page, PageRequest } from '../pagination/page.ts';
import type { RecoveryPointCreator } from '../recovery-points/recovery-point-store.ts';
import type { Scope, Tags } from '../scope.ts';
import type { ContinuousRetention } from './continuous-retention.ts';

/**
 * - `STARTING`: a run of its rule made it; the capture is being opened and the first base made; no recovery point yet.
 * - `ACTIVE`: the window moves on.
 * - `STOPPING`: it has ended; a worker closes the capture and gives the source back.
 * - `STOPPED`: the window stands still until it expires.
 * - `DELETING`: what was stopped shall go with all that it stored; a worker does it.
 */
export type ContinuousState = 'STARTING' | 'ACTIVE' | 'STOPPING' | 'STOPPED' | 'DELETING';

/** Of each resource at most one continuous backup is in one of these. */
export const LIVE_STATES: readonly ContinuousState[] = ['STARTING', 'ACTIVE', 'STOPPING'];

/** A time for which nothing can be restored, in ms. */
export interface WindowGap {
  readonly fromAt: number;
  readonly untilAt: number;
}

export interface ContinuousError {
  readonly message: string;
  readonly at: number;
  /** How often in a row. */
  readonly count: number;
  /** It will not pass by waiting: somebody must act. */
  readonly isLasting: boolean;
}

/** The continuous backup of one resource in one vault: what stands behind one continuous recovery point. */
export interface ContinuousBackupRecord extends Scope {
  /** 16 hexadecimal digits; names the log stream in the vault's engine and begins the names of its bases. */
  readonly continuousId: string;
  readonly vaultId: string;
  readonly recoveryPointArn: string;
  readonly resourceArn: string;
  readonly resourceType: string;
  readonly nature: ContinuousNature;
  readonly state: ContinuousState;
  /** Why it stopped. */
  readonly reason?: string;
  /** In `STOPPING`: what it stored shall go as well. */
  readonly isToBeDeleted?: boolean;
  readonly createdAt: number;
  readonly iamRoleArn: string;
  /** The rule that it follows. */
  readonly createdBy?: RecoveryPointCreator;
  readonly recoveryPointTags: Tags;
  readonly retention: ContinuousRetention;
  /** Counts the times that a capture began without a position: a base from before the last one fits no log. */
  readonly captureCount: number;
  /** Bases that were made so far; the next one is named by it, so that a second try finds the first. */
  readonly baseCount: number;
  /** Until when the source's log, or its versions, are stored; ms by the clock of the resource. */
  readonly latestAt?: number;
  /** What the log misses, of nature `log`. */
  readonly logGaps: readonly WindowGap[];
  /** When content was last stored, in ms. */
  readonly storedAt?: number;
  /** When content was last sealed under the vault's lock. */
  readonly lockedAt?: number;
  readonly error?: ContinuousError;
  /** When a worker shall look at it next. */
  readonly dueAt: number;
  readonly lease?: { readonly workerId: string; readonly expiresAt: number };
  /** Grows with each claim: whoever holds a smaller one has lost it. */
  readonly fence: number;
}

/** A stored base: a recovery point of the engine from which, with the log, later times are reached. */
export interface ContinuousBase {
  readonly continuousId: string;
  /** Names it in the vault's engine. */
  readonly engineId: string;
  /**
   * Of nature `log`: the log is needed, and kept, from here on. Of nature `versions`: since when the history that it
   * tells is complete. In ms by the clock of the resource.
   */
  readonly startAt: number;
  /** From here on the base can be brought to any time. */
  readonly consistentAt: number;
  readonly completedAt: number;
  readonly sizeBytes: number;
  readonly storedBytes: number;
  readonly itemCount: number;
  readonly issueCount: number;
  readonly restoreMetadata: Readonly<Record<string, string>>;
  readonly connectorState?: Uint8Array;
}

/** Null removes. */
export interface ContinuousChange {
  readonly state?: ContinuousState;
  readonly reason?: string | null;
  readonly isToBeDeleted?: boolean | null;
  readonly iamRoleArn?: string;
  readonly createdBy?: RecoveryPointCreator;
  readonly recoveryPointTags?: Tags;
  readonly retention?: ContinuousRetention;
  readonly captureCount?: number;
  readonly baseCount?: number;
  readonly latestAt?: number;
  readonly logGaps?: readonly WindowGap[];
  readonly storedAt?: number;
  readonly lockedAt?: number;
  readonly error?: ContinuousError | null;
  readonly dueAt?: number;
}

/** When a change may be made. */
export interface ContinuousCondition {
  readonly states?: readonly ContinuousState[];
  /** The claim still stands: nobody else has claimed it since. */
  readonly fence?: number;
}

/** Continuous backups with their bases and leases. Callers combine calls in transactions of the catalog. */
export interface ContinuousBackupStore {
  /** Writes a new one, unless the resource has one in a live state, which then is returned. */
  create(record: ContinuousBackupRecord): Promise<ContinuousBackupRecord>;
  get(continuousId: string): Promise<ContinuousBackupRecord | undefined>;
  ofRecoveryPoint(vaultId: string, recoveryPointArn: string): Promise<ContinuousBackupRecord | undefined>;
  /** The one of the resource in a live state. */
  live(scope: Scope, resourceArn: string): Promise<ContinuousBackupRecord | undefined>;
  /** Of one scope, or of all; by identifier. */
  list(
    query: { readonly scope?: Scope; readonly states?: readonly ContinuousState[] },
    page: PageRequest,
  ): Promise<Page<ContinuousBackupRecord>>;
  /** The record after the change; undefined when it is gone or a condition does not hold, and then nothing changed. */
  change(
    continuousId: string,
    change: ContinuousChange,
    condition?: ContinuousCondition,
  ): Promise<ContinuousBackupRecord | undefined>;
  remove(continuousId: string): Promise<void>;

  /** Gives the worker one that is due and that nobody holds, for `leaseMs`; its fence has grown. */
  claim(workerId: string, now: number, leaseMs: number): Promise<ContinuousBackupRecord | undefined>;
  /** Prolongs the lease; undefined when it was lost. */
  heartbeat(continuousId: string, fence: number, expiresAt: number): Promise<ContinuousBackupRecord | undefined>;
  /** Ends the lease, unless it was lost; others may claim it from `dueAt` on. */
  release(continuousId: string, fence: number, dueAt: number): Promise<void>;

  /** Writes a base, or does nothing when it is there. */
  addBase(base: ContinuousBase): Promise<void>;
  /** Oldest first. */
  bases(continuousId: string): Promise<readonly ContinuousBase[]>;
  removeBase(continuousId: string, engineId: string): Promise<void>;
}
