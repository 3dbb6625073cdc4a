import type { ContentSource, ItemIssue } from '../content/item-record.ts';
import type { PolicyFacts, RecoveryPointRetention, RecoveryPointSummary } from '../point/recovery-point.ts';

/**
 * A piece of a database's log. Positions are the database's own words (an LSN, a file and offset, a sequence number);
 * the engine only compares them for equality: a segment continues the one before when its `from` is that one's `to`.
 */
export interface LogSegment {
  readonly from: string;
  readonly to: string;
  /** Times of the first and last record, in ms. */
  readonly startAt: number;
  readonly endAt: number;
  readonly sizeBytes: number;
  readonly content: ContentSource;
}

/** A segment as it is kept. */
export interface StoredLogSegment extends Omit<LogSegment, 'content'> {
  /** Counts up over the whole life of the stream. */
  readonly sequence: number;
  /** False: it could not be read when it was appended; the window has a gap here. */
  readonly isReadable: boolean;
}

export interface AppendLogRequest {
  /** 1 to 48 characters as for recovery points; the stream begins with the first append. */
  readonly streamId: string;
  readonly retention: RecoveryPointRetention;
  readonly facts: PolicyFacts;
  /** In order; whatever is missing between two of them becomes a gap. */
  readonly segments: AsyncIterable<LogSegment>;
  /** Segments that end before this time are dropped from the stream. */
  readonly keepFromAt?: number;
  readonly signal?: AbortSignal;
}

export interface AppendLogOutcome {
  /** The recovery point that holds the stream as it is now. */
  readonly recoveryPointId: string;
  readonly appended: number;
  readonly dropped: number;
  readonly storedBytes: number;
  /** Among them `log-gap` for each gap that this append brought. */
  readonly issues: readonly ItemIssue[];
}

/** A time in which the stream cannot bring a database back to. */
export interface LogGap {
  readonly fromAt: number;
  readonly untilAt: number;
  readonly after: string;
  readonly before: string;
}

/** What the stream can bring back, as measured from what is stored. */
export interface LogWindow {
  readonly earliestAt: number;
  readonly latestAt: number;
  readonly gaps: readonly LogGap[];
}

/** An open log stream; a read lease keeps it from being replaced until `close`. */
export interface LogReader extends AsyncDisposable {
  readonly summary: RecoveryPointSummary;
  /** Undefined while the stream holds no segment. */
  window(): Promise<LogWindow | undefined>;
  /** In order; only segments that touch the time range. */
  segments(range?: { readonly fromAt: number; readonly untilAt: number }): AsyncIterable<StoredLogSegment>;
  /** @throws EngineError `not-found` */
  read(sequence: number): AsyncIterable<Uint8Array>;
  close(): Promise<void>;
}
