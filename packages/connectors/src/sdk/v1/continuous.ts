/**
 * Continuous backup, the second half of the contract: what a connector adds so that a resource can be brought back to
 * any second of a window (BKP-39 to BKP-83).
 *
 * Two natures exist, and `ConnectorAbilities.continuous` says which one a connector has:
 *
 * - `log`: base backups (`openBackup`) and, beside them, the resource's own log (write-ahead log, binary log) captured
 *   without end by `openLogCapture`. A restore gets the base that is consistent at or before the wanted time and the
 *   log from there on.
 * - `versions`: one base that itself tells what was when (an object store with versions). The service repeats
 *   `openBackup` with the last base as parent, at least every 15 minutes; a restore gets the newest base and the wanted
 *   time.
 */
import type { ContentSource, ItemPath, ItemRecord } from '@holdfast/engine';

/** How continuous backup works for a connector. */
export type ContinuousNature = 'log' | 'versions';

export interface LogCaptureRequest {
  readonly resourceArn: string;
  /** `to` of the last segment that is safely stored; absent when the stream begins: then capture from now on. */
  readonly after?: string;
  /** `endAt` of that segment: what is captured next may not claim to end before it. */
  readonly afterAt?: number;
  /** The longest time in ms that records may wait before they come as a segment; also for an idle resource. */
  readonly maximumLagMs: number;
  readonly signal: AbortSignal;
}

/**
 * A piece of the resource's log. Positions are the resource's own words; the service only compares them for equality: a
 * segment continues the one before when its `from` is that one's `to`.
 */
export interface CapturedLogSegment {
  readonly from: string;
  readonly to: string;
  /**
   * Times in ms, by the clock of the resource: everything that was committed after `startAt` and up to `endAt` is in
   * here or in an earlier segment. An idle resource sends empty segments (`from` equals `to`, `sizeBytes` 0), so that
   * the latest restorable time moves on.
   */
  readonly startAt: number;
  readonly endAt: number;
  readonly sizeBytes: number;
  /** Local files are read by worker threads and must stay until `acknowledge`. */
  readonly content: ContentSource;
}

/** An open capture: holds whatever keeps the log at the source (a replication slot, a reading connection). */
export interface LogCapture {
  /**
   * Segments in order, for ever; ends only by the signal's reason or by an error.
   * @throws ConnectorError `log-broken` when the log after `after` cannot be had any more (the slot is lost, files were
   * purged, the source was rebuilt): the service ends the window visibly and starts anew; `unavailable` when it is worth
   * trying again from the same position.
   */
  segments(signal: AbortSignal): AsyncIterable<CapturedLogSegment>;
  /** Everything up to this position is stored: the source may free it, spool files may go. */
  acknowledge(to: string): Promise<void>;
  /** Always called, once: ends processes and connections, keeps at the source what the next capture continues from. */
  close(): Promise<void>;
}

/** What a session of a connector with a log tells about its base: which log a restore of this base needs. */
export interface BaseLogFacts {
  /** Time in ms by the clock of the resource when the base began: the log is needed from here on. */
  readonly startAt: number;
  /** Time in ms by the clock of the resource from which on the base can be brought to any time. */
  readonly consistentAt: number;
}

/** Captured log as a restore gets it. */
export interface RestoreLogSegment extends Omit<CapturedLogSegment, 'content'> {
  /** Counts up over the whole life of the stream. */
  readonly sequence: number;
}

/** The wanted moment of a restore from a continuous recovery point, checked against the window by the service. */
export interface PointInTime {
  /** Time in ms; the resource is brought to the state with everything committed at or before it. */
  readonly targetAt: number;
  /** Of nature `log`: the segments from the base's `startAt` to the first that ends at or after `targetAt`, in order. */
  readonly log?: {
    segments(): AsyncIterable<RestoreLogSegment>;
    read(sequence: number): AsyncIterable<Uint8Array>;
  };
}

/** The parent recovery point as a connector may read it, to find what changed or to carry on what the source lost. */
export interface ParentContent {
  /** Items in path order with their metadata and fingerprints; `content` is absent. */
  items(under?: ItemPath): AsyncIterable<ItemRecord>;
  item(path: ItemPath): Promise<ItemRecord | undefined>;
  read(path: ItemPath): AsyncIterable<Uint8Array>;
}
