import type { LogSegment } from '../../log/log-stream.ts';
import { bytesOf, type Dice } from './soak-content.ts';

/** A piece of a log: its bytes follow from the seed. */
export interface SoakSegment {
  readonly from: number;
  readonly seed: number;
  readonly sizeBytes: number;
}

/** A log stream as the journal knows it. */
export interface SoakLog {
  /** What was acknowledged last. */
  readonly segments: readonly SoakSegment[];
  /** What an append that was begun would make of it: it may have come to pass. */
  readonly pending?: readonly SoakSegment[];
}

/** New segments that continue a log. */
export function nextSegments(throwDice: Dice, log: readonly SoakSegment[]): SoakSegment[] {
  const from = (log.at(-1)?.from ?? 0) + 1;
  return Array.from({ length: 1 + throwDice(4) }, (_, index) => ({
    from: from + index,
    seed: throwDice(0x7fffffff),
    sizeBytes: 1000 + throwDice(throwDice(5) === 0 ? 600_000 : 20_000),
  }));
}

/** The number of a segment counts as its time, too. */
export async function* logSegments(segments: readonly SoakSegment[]): AsyncGenerator<LogSegment> {
  for (const segment of segments) {
    const { from, sizeBytes } = segment;
    yield {
      from: String(from),
      to: String(from + 1),
      startAt: from,
      endAt: from,
      sizeBytes,
      content: { kind: 'inline', bytes: logBytes(segment) },
    };
  }
}

export function logBytes({ seed, sizeBytes }: SoakSegment): Buffer {
  return bytesOf({ name: '', seed, sizeBytes });
}
