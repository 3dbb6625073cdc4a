import type { ItemRecord } from '../content/item-record.ts';
import { EngineError } from '../engine-error.ts';
import type { LogSegment, StoredLogSegment } from './log-stream.ts';

const SECTION = 'log.segment';
const DIRECTORY = 'segments/';

/** Path of a segment: sixteen digits, so that path order is the order of the log. */
export function segmentPath(sequence: number): Buffer {
  return Buffer.from(`${DIRECTORY}${sequence.toString(16).padStart(16, '0')}`);
}

type Facts = Pick<LogSegment, 'from' | 'to' | 'startAt' | 'endAt'>;

/** A segment as an item; equal segments have equal fingerprints, so that they are carried over without being read. */
export function segmentItem(sequence: number, segment: LogSegment): ItemRecord {
  const { from, to, startAt, endAt, sizeBytes, content } = segment;
  const facts: Facts = { from, to, startAt, endAt };
  const section = Buffer.from(JSON.stringify(facts), 'utf8');
  return {
    path: segmentPath(sequence),
    type: 'object',
    sizeBytes,
    metadata: { extra: { [SECTION]: section } },
    fingerprint: section,
    content,
  };
}

export function readSegmentItem(item: ItemRecord): Omit<StoredLogSegment, 'isReadable'> {
  const section = item.metadata.extra?.[SECTION];
  if (section === undefined) throw new EngineError('damaged', 'an item of a log stream is no segment');
  const { from, to, startAt, endAt } = JSON.parse(Buffer.from(section).toString('utf8')) as Facts;
  const sequence = Number.parseInt(Buffer.from(item.path).toString('utf8').slice(DIRECTORY.length), 16);
  return { sequence, from, to, startAt, endAt, sizeBytes: item.sizeBytes };
}
