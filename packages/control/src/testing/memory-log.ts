import type { AppendLogOutcome, AppendLogRequest, ItemIssue, LogReader, StoredLogSegment } from '@holdfast/engine';
import { EngineError } from '@holdfast/engine';

interface KeptSegment extends StoredLogSegment {
  readonly bytes: Uint8Array;
}

interface LogState {
  readonly recoveryPointId: string;
  readonly request: AppendLogRequest;
  readonly segments: readonly KeptSegment[];
}

/** Log streams as arrays: the newest state of each, with the engine's rules for gaps and times. */
export class MemoryLogs {
  readonly #states = new Map<string, LogState>();
  #generation = 0;

  /** The newest state of a stream, for tests to look at. */
  state(streamId: string): LogState | undefined {
    return this.#states.get(streamId);
  }

  async append(request: AppendLogRequest): Promise<AppendLogOutcome> {
    const before = this.#states.get(request.streamId)?.segments ?? [];
    const kept = before.filter(({ endAt }) => endAt >= (request.keepFromAt ?? 0));
    const issues: ItemIssue[] = [];
    const added: KeptSegment[] = [];
    let last: KeptSegment | undefined = before.at(-1);
    for await (const segment of request.segments) {
      request.signal?.throwIfAborted();
      if (segment.startAt > segment.endAt || (last !== undefined && segment.endAt < last.endAt)) {
        throw new EngineError('invalid-argument', `the log segment from ${segment.from} goes backwards`);
      }
      if (last !== undefined && last.to !== segment.from) {
        const message = `the log is missing between ${last.to} and ${segment.from}`;
        issues.push({ path: Buffer.from(segment.from), code: 'log-gap', message, dataMissing: true });
      }
      const { content, ...facts } = segment;
      const bytes = content.kind === 'inline' ? content.bytes : new Uint8Array();
      last = { ...facts, bytes, sequence: (last?.sequence ?? 0) + 1, isReadable: true };
      added.push(last);
    }
    if ((this.#states.get(request.streamId)?.segments ?? before) !== before) {
      throw new EngineError('already-exists', 'another append came first');
    }
    this.#generation += 1;
    const recoveryPointId = `${request.streamId}:log:${this.#generation}`;
    this.#states.set(request.streamId, { recoveryPointId, request, segments: [...kept, ...added] });
    return { recoveryPointId, appended: added.length, dropped: before.length - kept.length, storedBytes: 0, issues };
  }

  /** @throws EngineError `not-found` */
  open(streamId: string): LogReader {
    const state = this.#states.get(streamId);
    if (state === undefined) throw new EngineError('not-found', `there is no log stream ${streamId} in this vault`);
    return readerOf(state);
  }

  /** Whether a recovery point's identifier names the newest state of a stream. */
  has(recoveryPointId: string): boolean {
    return [...this.#states.values()].some((state) => state.recoveryPointId === recoveryPointId);
  }

  delete(recoveryPointId: string): void {
    for (const [streamId, state] of this.#states) {
      if (state.recoveryPointId === recoveryPointId) this.#states.delete(streamId);
    }
  }
}

function readerOf({ recoveryPointId, request, segments }: LogState): LogReader {
  const statistics = {
    itemCount: segments.length,
    logicalBytes: 0,
    readBytes: 0,
    storedBytes: 0,
    newChunkBytes: 0,
    newChunkCount: 0,
    reusedItemCount: 0,
    reusedBytes: 0,
    issueCount: 0,
    missingCount: 0,
    durationMs: 0,
  };
  const { retention, facts } = request;
  return {
    summary: { recoveryPointId, createdAt: 0, content: 'log', retention, facts, statistics, outcome: 'complete' },
    async window() {
      const [first] = segments;
      const last = segments.at(-1);
      if (first === undefined || last === undefined) return undefined;
      const gaps = segments.flatMap((segment, index) => {
        const previous = segments[index - 1];
        if (previous === undefined || previous.to === segment.from) return [];
        return [{ fromAt: previous.endAt, untilAt: segment.startAt, after: previous.to, before: segment.from }];
      });
      return { earliestAt: first.startAt, latestAt: last.endAt, gaps };
    },
    async *segments(range) {
      for (const { bytes: _, ...segment } of segments) {
        if (range !== undefined && (segment.endAt < range.fromAt || segment.startAt > range.untilAt)) continue;
        yield segment;
      }
    },
    async *read(sequence) {
      const segment = segments.find((each) => each.sequence === sequence);
      if (segment === undefined) throw new EngineError('not-found', `there is no segment ${sequence}`);
      yield segment.bytes;
    },
    close: async () => {},
    [Symbol.asyncDispose]: async () => {},
  };
}
