import type { ItemIssue } from '../content/item-record.ts';

/** Dates in ms since the epoch that decide how long a recovery point stays. */
export interface RecoveryPointRetention {
  /** When it expires by its lifecycle; absent: never. Chooses the cohort of the packs. */
  readonly keepUntilAt?: number;
  /** Until when nobody may delete it (vault lock); absent: no lock. */
  readonly lockedUntilAt?: number;
  /** `compliance` can be lifted by nobody, `governance` by an administrator of the vault. */
  readonly lockMode?: 'governance' | 'compliance';
}

/** What a backup did, in numbers. */
export interface RecoveryPointStatistics {
  readonly itemCount: number;
  /** Sum of the items' sizes. */
  readonly logicalBytes: number;
  /** Bytes read from the source. */
  readonly readBytes: number;
  /** Bytes of packs that this backup added to the store, trees included. */
  readonly storedBytes: number;
  /** Plain bytes of the chunks that were new, before compression. */
  readonly newChunkBytes: number;
  readonly newChunkCount: number;
  /** Items whose content came from the parent without being read. */
  readonly reusedItemCount: number;
  readonly reusedBytes: number;
  readonly issueCount: number;
  /** Issues with `dataMissing`. */
  readonly missingCount: number;
  readonly durationMs: number;
}

/** `partial`: at least one issue says that data is missing. */
export type RecoveryPointOutcome = 'complete' | 'partial';

/** A JSON value: what the catalog must know of a recovery point, sealed with it and opaque to the engine. */
export type PolicyFacts = Readonly<Record<string, unknown>>;

/** A committed recovery point. */
export interface RecoveryPointSummary {
  readonly recoveryPointId: string;
  readonly parentId?: string;
  readonly createdAt: number;
  readonly content: 'items' | 'image' | 'log';
  readonly retention: RecoveryPointRetention;
  readonly statistics: RecoveryPointStatistics;
  readonly outcome: RecoveryPointOutcome;
  readonly facts: PolicyFacts;
}

/** What a backup returns: the summary, and the first issues (all of them are in the recovery point). */
export interface SealedRecoveryPoint extends RecoveryPointSummary {
  /** At most 1,000; `statistics.issueCount` is the true number. */
  readonly issues: readonly ItemIssue[];
}
