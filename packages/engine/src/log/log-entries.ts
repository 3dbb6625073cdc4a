import type { ContentSource, ItemEntry } from '../content/item-record.ts';
import { EngineError } from '../engine-error.ts';
import type { TreeReader } from '../tree/tree-reader.ts';
import type { AppendLogRequest, LogSegment, StoredLogSegment } from './log-stream.ts';
import { readSegmentItem, segmentItem, segmentPath } from './segment-record.ts';

/** Stands for the content of a segment that is carried over by its fingerprint; nobody may read it. */
const CARRIED: ContentSource = {
  kind: 'stream',
  // biome-ignore lint/correctness/useYield: it only exists to fail
  open: async function* () {
    throw new EngineError('damaged', 'a stored log segment was to be read from its source again');
  },
};

export interface LogCounts {
  appended: number;
  dropped: number;
}

/** What the next state of a stream holds: its segments so far, less those too old, then the new ones with their gaps. */
export async function* logEntries(
  parent: TreeReader | undefined,
  request: AppendLogRequest,
  counts: LogCounts,
): AsyncGenerator<ItemEntry> {
  let last: Omit<StoredLogSegment, 'isReadable'> | undefined;
  for await (const stored of parent?.items() ?? []) {
    const item = stored.record();
    last = readSegmentItem(item);
    if (last.endAt < (request.keepFromAt ?? 0)) counts.dropped += 1;
    else yield { item: stored.content.form === 'none' ? item : { ...item, content: CARRIED } };
  }
  let sequence = (last?.sequence ?? 0) + 1;
  let position = last?.to;
  let reachedAt = last?.endAt ?? Number.NEGATIVE_INFINITY;
  for await (const segment of request.segments) {
    checkTimes(segment, reachedAt);
    if (position !== undefined && position !== segment.from) yield gapBefore(sequence, position, segment);
    yield { item: segmentItem(sequence, segment) };
    counts.appended += 1;
    sequence += 1;
    position = segment.to;
    reachedAt = segment.endAt;
  }
}

function checkTimes({ from, startAt, endAt }: LogSegment, reachedAt: number): void {
  if (startAt <= endAt && endAt >= reachedAt) return;
  throw new EngineError(
    'invalid-argument',
    `the log segment from ${from} ends before it begins, or before the one before it`,
  );
}

function gapBefore(sequence: number, position: string, { from }: LogSegment): ItemEntry {
  const message = `the log is missing between ${position} and ${from}`;
  return { issue: { path: segmentPath(sequence), code: 'log-gap', message, dataMissing: true } };
}
