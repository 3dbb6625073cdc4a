import { packKey } from '../pack/pack-id.ts';
import type { Store } from '../store/store.ts';
import { isStoreError } from '../store/store-error.ts';
import type { JobDone } from '../worker/restore-protocol.ts';
import type { PlannedFile, PlannedFrame, PlannedRange } from './file-plan.ts';
import { encodeRangeJob, type FileChecks } from './range-job.ts';
import type { Turn } from './range-schedule.ts';
import type { ReadSession } from './read-session.ts';

const MIB = 1024 * 1024;
/** What is read of a pack with one request, at most. */
export const RANGE_BYTES = 16 * MIB;
/** Shorter ranges come in memory of their own, which the allocator has at hand. */
const POOLED_FROM_BYTES = MIB;

/** What became of a range. */
export interface RangeResult {
  readonly failures: readonly { readonly file: number; readonly code: string; readonly message: string }[];
  /** Frames that are not there or do not verify. */
  readonly bad: readonly PlannedFrame[];
}

/**
 * Reads ranges of packs and has the threads decode and write them. The memory that they are read into goes to the
 * thread and comes back: fresh memory for each range would cost more than to read it.
 */
export class RangeRunner {
  readonly #store: Store;
  readonly #session: ReadSession;
  readonly #free: ArrayBuffer[] = [];
  #hashings = 0;

  constructor(store: Store, session: ReadSession) {
    this.#store = store;
    this.#session = session;
  }

  /**
   * Failures name files of the batch.
   * @param turn the thread that gets the range, and when; without it any thread does, at once
   */
  async run(
    range: PlannedRange,
    batch: readonly PlannedFile[],
    checks: FileChecks,
    signal: AbortSignal,
    turn?: Turn,
  ): Promise<RangeResult> {
    const bytes = await this.#read(range, signal);
    if (bytes === undefined) return { failures: [], bad: range.frames };
    const { request, files } = encodeRangeJob(range, bytes, batch, checks);
    await turn?.come;
    const running =
      turn === undefined
        ? this.#session.run(request, [bytes.buffer])
        : this.#session.runOn(turn.worker, request, [bytes.buffer]);
    turn?.pass();
    const done = await running;
    this.#takeBack(done);
    return {
      failures: done.failures.map(({ file, ...failure }) => ({ ...failure, file: files[file] ?? -1 })),
      bad: done.damagedFrames.flatMap((frame) => range.frames[frame] ?? []),
    };
  }

  /** @returns a number for a file whose data is hashed while it comes */
  nextHashing(): number {
    this.#hashings += 1;
    return this.#hashings;
  }

  #takeBack({ range }: JobDone): void {
    if (range?.byteLength === RANGE_BYTES) this.#free.push(range);
  }

  /** @returns bytes that may be given to another thread; undefined when the pack is not there, or too short */
  async #read(range: PlannedRange, signal: AbortSignal): Promise<Uint8Array<ArrayBuffer> | undefined> {
    const { offset, length } = range;
    const isPooled = length >= POOLED_FROM_BYTES && length <= RANGE_BYTES;
    const room = isPooled ? new Uint8Array(this.#free.pop() ?? new ArrayBuffer(RANGE_BYTES)) : undefined;
    try {
      const options = { range: { offset, length }, signal, ...(room === undefined ? {} : { room }) };
      const bytes = await this.#store.get(packKey(range.packId), options);
      if (room !== undefined && bytes.buffer === room.buffer) return room.subarray(0, bytes.length);
      if (room !== undefined) this.#free.push(room.buffer);
      // A small read may be a view of a shared pool, which must not be given to another thread.
      const { buffer } = bytes;
      return buffer instanceof ArrayBuffer && bytes.byteLength === buffer.byteLength
        ? new Uint8Array(buffer)
        : Uint8Array.from(bytes);
    } catch (error) {
      if (isStoreError(error, 'not-found', 'corrupt')) return undefined;
      throw error;
    }
  }
}
