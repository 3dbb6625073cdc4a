import type { RecoveryPointSummary } from '../point/recovery-point.ts';
import type { ItemsReader } from '../read/recovery-point-reader.ts';
import type { LogGap, LogReader, LogWindow, StoredLogSegment } from './log-stream.ts';
import { readSegmentItem, segmentPath } from './segment-record.ts';

/** A log stream on top of the items that keep it. */
export class StoredLogReader implements LogReader {
  readonly #items: ItemsReader;

  constructor(items: ItemsReader) {
    this.#items = items;
  }

  get summary(): RecoveryPointSummary {
    return this.#items.summary;
  }

  async *segments(range?: { readonly fromAt: number; readonly untilAt: number }): AsyncGenerator<StoredLogSegment> {
    for await (const stored of this.#items.storedItems()) {
      const segment = { ...readSegmentItem(stored.record()), isReadable: stored.content.form !== 'none' };
      const isWanted = range === undefined || (segment.endAt >= range.fromAt && segment.startAt <= range.untilAt);
      if (isWanted) yield segment;
    }
  }

  async window(): Promise<LogWindow | undefined> {
    const gaps: LogGap[] = [];
    let first: StoredLogSegment | undefined;
    let last: StoredLogSegment | undefined;
    for await (const segment of this.segments()) {
      // A segment that could not be kept is no better than one that never came.
      if (!segment.isReadable) continue;
      if (last !== undefined && last.to !== segment.from) {
        gaps.push({ fromAt: last.endAt, untilAt: segment.startAt, after: last.to, before: segment.from });
      }
      first ??= segment;
      last = segment;
    }
    if (first === undefined || last === undefined) return undefined;
    return { earliestAt: first.startAt, latestAt: last.endAt, gaps };
  }

  read(sequence: number): AsyncIterable<Uint8Array> {
    return this.#items.read(segmentPath(sequence));
  }

  close(): Promise<void> {
    return this.#items.close();
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }
}
