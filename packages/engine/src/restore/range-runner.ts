import { packKey } from '../pack/pack-id.ts';
import type { Store } from '../store/store.ts';
import { isStoreError } from '../store/store-error.ts';
import type { PlannedFile, PlannedFrame, PlannedRange } from './file-plan.ts';
import { encodeRangeJob, type FileChecks } from './range-job.ts';
import type { Turn } from './range-schedule.ts';
import type { ReadSession } from './read-session.ts';
import { SharedRooms } from './shared-rooms.ts';

const MIB = 1024 * 1024;
/** What is read of a pack with one request, at most. */
export const RANGE_BYTES = 16 * MIB;

/** What became of a range. */
export interface RangeResult {
  readonly failures: readonly { readonly file: number; readonly code: string; readonly message: string }[];
  /** Frames that are not there or do not verify. */
  readonly bad: readonly PlannedFrame[];
}

/** Reads ranges of packs and has the threads decode and write them. */
export class RangeRunner {
  readonly #store: Store;
  readonly #session: ReadSession;
  readonly #rooms = new SharedRooms({ fromBytes: MIB, roomBytes: RANGE_BYTES });
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
    return this.#rooms.with(range.length, async (room) => {
      const bytes = await this.#read(range, room, signal);
      if (bytes === undefined) return { failures: [], bad: range.frames };
      const { request, files } = encodeRangeJob(range, bytes, batch, checks);
      const transfer = bytes.buffer instanceof ArrayBuffer ? [bytes.buffer] : [];
      await turn?.come;
      const running =
        turn === undefined ? this.#session.run(request, transfer) : this.#session.runOn(turn.worker, request, transfer);
      turn?.pass();
      const done = await running;
      return {
        failures: done.failures.map(({ file, ...failure }) => ({ ...failure, file: files[file] ?? -1 })),
        bad: done.damagedFrames.flatMap((frame) => range.frames[frame] ?? []),
      };
    });
  }

  /** @returns a number for a file whose data is hashed while it comes */
  nextHashing(): number {
    this.#hashings += 1;
    return this.#hashings;
  }

  /** @returns bytes that another thread may have; undefined when the pack is not there, or too short */
  async #read(
    { packId, offset, length }: PlannedRange,
    room: Uint8Array | undefined,
    signal: AbortSignal,
  ): Promise<Uint8Array | undefined> {
    try {
      const lent = room === undefined ? {} : { room };
      const bytes = await this.#store.get(packKey(packId), { range: { offset, length }, signal, ...lent });
      const { buffer } = bytes;
      if (buffer === room?.buffer) return bytes;
      // A small read may be a view of a shared pool, which must not be given to another thread.
      return buffer instanceof ArrayBuffer && bytes.byteLength === buffer.byteLength ? bytes : Uint8Array.from(bytes);
    } catch (error) {
      if (isStoreError(error, 'not-found', 'corrupt')) return undefined;
      throw error;
    }
  }
}
