/** Why the engine does not delete a recovery point. Callers branch on this, never on the message. */
export type RefusalReason =
  /** There is no such recovery point, or no longer. */
  | 'not-found'
  /** A legal hold stands, until it is released. */
  | 'held'
  /** A lock stands, until `untilAt`. */
  | 'locked'
  /** Somebody reads it: a restore, a copy, a backup that builds on it, an open browse session. */
  | 'in-use'
  /** Deletion is frozen in the whole vault: its counters were found wrong, or it is being recovered. */
  | 'frozen'
  /** What was sealed about its locks and holds is damaged or of a newer version: it counts as locked. */
  | 'unreadable';

/** One recovery point that was not deleted, and why. */
export interface Refusal {
  readonly recoveryPointId: string;
  readonly reason: RefusalReason;
  /** For people. */
  readonly message: string;
  /** When the lock ends; only with `locked`. */
  readonly untilAt?: number;
}

/**
 * What would help: `nothing` (it is gone already), `wait` (it passes by itself, ask again), `wait-until` (it passes at
 * `untilAt`), `release` (somebody must release the hold), `repair` (somebody must look at the vault).
 */
export type RefusalRemedy = 'nothing' | 'wait' | 'wait-until' | 'release' | 'repair';

const REMEDIES: Readonly<Record<RefusalReason, RefusalRemedy>> = {
  'not-found': 'nothing',
  held: 'release',
  locked: 'wait-until',
  'in-use': 'wait',
  frozen: 'repair',
  unreadable: 'repair',
};

/** Tells a caller that was refused whether to wait, to act, or to give up. */
export function remedyFor(reason: RefusalReason): RefusalRemedy {
  return REMEDIES[reason];
}
