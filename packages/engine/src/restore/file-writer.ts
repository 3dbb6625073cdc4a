import type { ChunkRef } from '../content/chunk-ref.ts';
import type { ItemIssue } from '../content/item-record.ts';
import { blake3Of } from '../crypt/chunk-id.ts';
import type { ChunkIndex } from '../index/chunk-index.ts';
import type { Store } from '../store/store.ts';
import { type PlannedFile, type PlannedFrame, type PlannedRange, planFrames, planRanges } from './file-plan.ts';
import { describeExtents, spreadOverHoles } from './present-extents.ts';
import type { FileChecks } from './range-job.ts';
import { RANGE_BYTES, type RangeRunner } from './range-runner.ts';
import { planUnits, RangeSchedule, type RangeUnit, type ScheduledRange } from './range-schedule.ts';
import type { ReadSession } from './read-session.ts';

const MIB = 1024 * 1024;
const RANGES_IN_FLIGHT = 5;

export interface FileWriterOptions {
  readonly store: Store;
  readonly index: ChunkIndex;
  readonly session: ReadSession;
  readonly runner: RangeRunner;
  readonly overExisting: boolean;
  readonly signal: AbortSignal;
}

interface FileState {
  readonly present: Uint8Array | undefined;
  failure: { readonly code: string; readonly message: string } | undefined;
}

/** Result for one file, in the order of the batch. */
export interface WrittenFile {
  readonly bytes: number;
  readonly issue?: ItemIssue;
}

/**
 * Writes one batch of files: plans ranges over all of them, reads a bounded number at a time, has the threads decode
 * and write. A file whose data lies in one range is checked in memory, a large one is hashed as its ranges come in order;
 * any other is read again and compared.
 */
export class FileWriter {
  readonly #options: FileWriterOptions;
  readonly #files: readonly PlannedFile[];
  readonly #states: FileState[] = [];
  /** Frames that were not where the tree says, or do not verify. */
  readonly #bad: PlannedFrame[] = [];

  constructor(options: FileWriterOptions, files: readonly PlannedFile[]) {
    this.#options = options;
    this.#files = files;
  }

  async run(): Promise<readonly WrittenFile[]> {
    const isWhole = this.#wholeFiles(
      planRanges(
        planFrames(this.#files, () => false),
        this.#limits,
        this.#isLarge,
      ),
    );
    await this.#pass(this.#files, [...this.#files.keys()], isWhole, this.#options.overExisting);
    if (this.#bad.length > 0) await this.#repeatWithIndex();
    return this.#files.map((planned, file) => this.#result(planned, this.#states[file]?.failure));
  }

  /** Prepares, writes and verifies the given files. */
  async #pass(
    files: readonly PlannedFile[],
    numbers: readonly number[],
    isWhole: (file: number) => boolean,
    keep: boolean,
  ): Promise<void> {
    const redo = new Set(numbers);
    await this.#inParallel(numbers, async (file) => {
      this.#states[file] = await this.#prepare(file, isWhole(file), keep);
    });
    const isPresent = (file: number, extent: number) => {
      const state = this.#states[file];
      return !redo.has(file) || state?.failure !== undefined || state?.present?.[extent] === 1;
    };
    const ranges = planRanges(planFrames(files, isPresent), this.#limits, this.#isLarge);
    const units = planUnits(ranges, files, this.#isLarge);
    const hashing = this.#numberHashed(units.filter(({ isInOrder }) => isInOrder));
    const checks: FileChecks = { isWhole, hashing: (file) => (isWhole(file) ? undefined : hashing.get(file)) };
    const schedule = new RangeSchedule(units, this.#options.session.threads);
    await this.#inParallel(inTurns(schedule), (scheduled) => this.#restoreRange(scheduled, files, checks));
    const lost = new Set(this.#bad.flatMap(({ writes }) => writes.map(({ file }) => file)));
    await this.#inParallel(
      numbers.filter((file) => !lost.has(file) && !isWhole(file)),
      (file) => this.#verify(file, schedule.workerOf(file), hashing.get(file)),
    );
  }

  /** Large files have ranges of their own, which come in order. */
  readonly #isLarge = (file: number): boolean => (this.#files[file]?.sizeBytes ?? 0) > RANGE_BYTES / 2;

  /** Numbers that no other file of this restore has, since a thread may still know one that failed. */
  #numberHashed(units: readonly RangeUnit[]): ReadonlyMap<number, number> {
    const { runner } = this.#options;
    return new Map(units.flatMap(({ file }) => (file === undefined ? [] : [[file, runner.nextHashing()] as const])));
  }

  /** Frames were not where the tree says: the index may know where they are now (F-52), else their files fail. */
  async #repeatWithIndex(): Promise<void> {
    const { index } = this.#options;
    const bad = this.#bad.splice(0);
    await index.refresh();
    const moved = new Map<string, ChunkRef>();
    for (const { chunk, writes } of bad) {
      const places = await index.find(chunk.chunkId);
      const place = places.find(({ pack, offset }) => pack.packId !== chunk.packId || offset !== chunk.offset);
      if (place === undefined) this.#failDamaged(chunk, writes);
      else {
        const { pack, offset, frameBytes } = place;
        moved.set(placeOf(chunk), { ...chunk, packId: pack.packId, offset, frameBytes });
      }
    }
    const redo = [...new Set(bad.flatMap(({ writes }) => writes.map(({ file }) => file)))];
    const files = this.#files.map((planned) => ({
      ...planned,
      extents: planned.extents.map((extent) => {
        const chunk = extent.chunk && moved.get(placeOf(extent.chunk));
        return chunk === undefined ? extent : { ...extent, chunk };
      }),
    }));
    const hopeful = redo.filter((file) => this.#states[file]?.failure === undefined);
    await this.#pass(files, hopeful, () => false, false);
    for (const { chunk, writes } of this.#bad.splice(0)) this.#failDamaged(chunk, writes);
  }

  #failDamaged(chunk: ChunkRef, writes: PlannedFrame['writes']): void {
    const id = chunk.chunkId.toString('hex');
    const message = `chunk ${id} (pack ${chunk.packId}) is missing or does not verify`;
    for (const { file } of writes) this.#fail(file, 'damaged', message);
  }

  get #limits() {
    const { requestLatencyMs } = this.#options.store.properties;
    // About 200 MiB/s as a first guess of what a request's latency is worth.
    const gapBytes = Math.min(4 * MIB, Math.max(64 * 1024, requestLatencyMs * 200 * 1024));
    return { gapBytes, rangeBytes: RANGE_BYTES, plainBytes: 32 * MIB };
  }

  /** Files all of whose data is in one range; existing content is compared piece by piece, so none then. */
  #wholeFiles(ranges: readonly PlannedRange[]): (file: number) => boolean {
    const counts = new Uint32Array(this.#files.length);
    for (const range of ranges) {
      const files = new Set(range.frames.flatMap(({ writes }) => writes.map(({ file }) => file)));
      for (const file of files) counts[file] = (counts[file] ?? 0) + 1;
    }
    return (file) => !this.#options.overExisting && counts[file] === 1;
  }

  async #inParallel<T>(items: Iterable<T>, action: (item: T) => Promise<void>): Promise<void> {
    const iterator = items[Symbol.iterator]();
    const lane = async () => {
      for (let step = iterator.next(); step.done !== true; step = iterator.next()) {
        this.#options.signal.throwIfAborted();
        await action(step.value);
      }
    };
    await Promise.all(Array.from({ length: RANGES_IN_FLIGHT }, lane));
  }

  async #prepare(file: number, isWhole: boolean, keep: boolean): Promise<FileState> {
    const planned = this.#files[file];
    if (planned === undefined || isWhole) return { present: undefined, failure: undefined };
    const { path, sizeBytes, content, extents } = planned;
    if (content.form === 'inline') return this.#writeInline(planned, content.bytes);
    const { failures, present } = await this.#options.session.run({
      type: 'prepare-file',
      path,
      sizeBytes,
      ...(keep && 'checksum' in content
        ? { keep: { ...describeExtents(extents), checksum: content.checksum.value } }
        : {}),
    });
    return { failure: failures[0], present: present && spreadOverHoles(present, extents) };
  }

  async #writeInline(planned: PlannedFile, inline: Uint8Array): Promise<FileState> {
    const file = { path: planned.path, sizeBytes: inline.length, isWhole: true, checksum: blake3Of(inline), inline };
    const { failures } = await this.#options.session.run({
      type: 'restore-job',
      packId: new Uint8Array(16),
      range: new Uint8Array(0),
      chunkIds: new Uint8Array(0),
      frames: new Uint32Array(0),
      files: [file],
      writes: new Uint32Array(0),
      fileOffsets: new Float64Array(0),
    });
    return { failure: failures[0], present: undefined };
  }

  async #restoreRange(
    { range, turn, end }: ScheduledRange,
    batch: readonly PlannedFile[],
    checks: FileChecks,
  ): Promise<void> {
    try {
      const { failures, bad } = await this.#options.runner.run(range, batch, checks, this.#options.signal, turn);
      for (const { file, code, message } of failures) this.#fail(file, code, message);
      this.#bad.push(...bad);
    } finally {
      end();
    }
  }

  #fail(file: number, code: string, message: string): void {
    const state = this.#states[file];
    if (state !== undefined) state.failure ??= { code, message };
  }

  async #verify(file: number, worker: number | undefined, hashing: number | undefined): Promise<void> {
    const planned = this.#files[file];
    const state = this.#states[file];
    if (planned === undefined || state === undefined || state.failure !== undefined) return;
    const { content, path, extents } = planned;
    if ((content.form !== 'extents' && content.form !== 'map') || extents.length === 0) return;
    const { session } = this.#options;
    const request = {
      type: 'verify-file',
      path,
      extents: describeExtents(extents).extents,
      checksum: content.checksum.value,
    } as const;
    const { failures } = await (worker === undefined || hashing === undefined
      ? session.run(request)
      : session.runOn(worker, { ...request, hashing }));
    state.failure = failures[0];
  }

  #result(planned: PlannedFile, failure: FileState['failure']): WrittenFile {
    if (failure === undefined) return { bytes: planned.sizeBytes };
    return { bytes: 0, issue: { path: planned.item, ...failure, dataMissing: true } };
  }
}

function* inTurns(schedule: RangeSchedule): Generator<ScheduledRange> {
  for (let next = schedule.next(); next !== undefined; next = schedule.next()) yield next;
}

function placeOf(chunk: ChunkRef): string {
  return `${chunk.packId}.${chunk.offset}`;
}
