import type { CapturedLogSegment } from '@holdfast/connectors/sdk';
import { type Clock, sleep } from '@holdfast/jobs';

export interface BatchLimits {
  /** From the first segment of a batch until it is given on. */
  readonly waitMs: number;
  /** The same for a batch that says only that nothing happened. */
  readonly idleWaitMs: number;
  readonly bytes: number;
  readonly segments: number;
}

/**
 * Gathers segments into batches that are stored at once. Of segments that say only that nothing happened, neighbours
 * become one: a quiet source must not make a long log.
 */
export async function* logBatches(
  segments: AsyncIterable<CapturedLogSegment>,
  limits: BatchLimits,
  clock: Clock,
): AsyncGenerator<readonly CapturedLogSegment[]> {
  const iterator = segments[Symbol.asyncIterator]();
  let next = nextOf(iterator);
  try {
    for (;;) {
      const first = await next;
      if (first.error !== undefined) throw first.error;
      if (first.segment === undefined) return;
      const batch = [first.segment];
      const beganAt = clock.now();
      next = nextOf(iterator);
      while (!isFull(batch, limits)) {
        const waitMs = batch.every(isEmpty) ? limits.idleWaitMs : limits.waitMs;
        const arrived = await within(next, beganAt + waitMs - clock.now(), clock);
        // An end or an error comes after what was gathered.
        if (arrived?.segment === undefined) break;
        add(batch, arrived.segment);
        next = nextOf(iterator);
      }
      yield batch;
    }
  } finally {
    // Not awaited: a source that hangs is ended by its signal and by `close`.
    void Promise.resolve(iterator.return?.()).catch(() => undefined);
  }
}

interface Arrived {
  readonly segment?: CapturedLogSegment;
  readonly error?: unknown;
}

/** Never rejects, so that an error which comes while a batch is stored waits for its turn. */
async function nextOf(iterator: AsyncIterator<CapturedLogSegment>): Promise<Arrived> {
  try {
    const result = await iterator.next();
    return result.done === true ? {} : { segment: result.value };
  } catch (error) {
    return { error: error ?? new Error('a log capture failed without saying why') };
  }
}

/** What arrives within the time; undefined when nothing does. */
async function within(next: Promise<Arrived>, waitMs: number, clock: Clock): Promise<Arrived | undefined> {
  if (waitMs <= 0) return undefined;
  const arrived = new AbortController();
  const timeout = sleep(clock, waitMs, arrived.signal).then(() => undefined);
  const first = await Promise.race([next, timeout]);
  arrived.abort();
  return first;
}

function isEmpty({ from, to, sizeBytes }: CapturedLogSegment): boolean {
  return from === to && sizeBytes === 0;
}

function isFull(batch: readonly CapturedLogSegment[], { bytes, segments }: BatchLimits): boolean {
  return batch.length >= segments || batch.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0) >= bytes;
}

function add(batch: CapturedLogSegment[], segment: CapturedLogSegment): void {
  const last = batch.at(-1);
  if (last !== undefined && isEmpty(last) && isEmpty(segment) && last.to === segment.from) {
    batch[batch.length - 1] = { ...segment, startAt: last.startAt };
  } else {
    batch.push(segment);
  }
}
