import { open } from 'node:fs/promises';
import { EngineError } from '../engine-error.ts';
import type { PlacedExtent } from '../extent/map-reader.ts';
import { type PlannedFile, type PlannedFrame, type PlannedRange, planFrames, planRanges } from './file-plan.ts';
import { presentExtents } from './present-extents.ts';
import type { FileChecks } from './range-job.ts';
import { RANGE_BYTES, RangeRunner } from './range-runner.ts';
import { type ReadContext, readChunk } from './read-content.ts';

const MIB = 1024 * 1024;
const WINDOW_EXTENTS = 1024;
const RANGES_IN_FLIGHT = 5;
const LIMITS = { gapBytes: MIB, rangeBytes: RANGE_BYTES, plainBytes: 32 * MIB };

/** No checksum covers an image; its chunks speak for themselves. */
const UNCHECKED: FileChecks = { isWhole: () => false, hashing: () => undefined };

export interface WriteImageOptions {
  readonly signal: AbortSignal;
  /** The file may hold parts of the image: they are compared, and only what differs is fetched. Else it is empty. */
  readonly overExisting: boolean;
  onBytes?(bytes: number): void;
}

interface ImageTarget extends WriteImageOptions {
  readonly runner: RangeRunner;
  readonly path: Uint8Array;
  readonly sizeBytes: number;
}

/** Writes the data of an image into a file that is already of its size; window by window, so any size fits. */
export async function writeImageFile(
  context: ReadContext,
  path: Uint8Array,
  extents: AsyncIterable<PlacedExtent>,
  sizeBytes: number,
  options: WriteImageOptions,
): Promise<void> {
  const target: ImageTarget = { ...options, path, sizeBytes, runner: new RangeRunner(context.store, context.session) };
  let window: PlacedExtent[] = [];
  const flush = async () => {
    const full = window;
    window = [];
    await writeWindow(context, target, full);
    options.onBytes?.(full.reduce((sum, { length }) => sum + length, 0));
  };
  for await (const extent of extents) {
    window.push(extent);
    if (window.length >= WINDOW_EXTENTS) await flush();
  }
  if (window.length > 0) await flush();
}

async function writeWindow(context: ReadContext, target: ImageTarget, extents: readonly PlacedExtent[]): Promise<void> {
  const { path, sizeBytes, signal } = target;
  const file: PlannedFile = { item: new Uint8Array(0), path, sizeBytes, content: { form: 'none' }, extents };
  const present = target.overExisting ? await compare(context, target, extents) : undefined;
  const frames = planFrames([file], (_, extent) => present?.[extent] === 1);
  const ranges = planRanges(frames, LIMITS)[Symbol.iterator]();
  const lane = async () => {
    for (let step = ranges.next(); step.done !== true; step = ranges.next()) {
      signal.throwIfAborted();
      await writeRange(context, target.runner, file, step.value, signal);
    }
  };
  await Promise.all(Array.from({ length: RANGES_IN_FLIGHT }, lane));
}

async function compare(
  context: ReadContext,
  { path, sizeBytes }: ImageTarget,
  extents: readonly PlacedExtent[],
): Promise<Uint8Array> {
  const present = await presentExtents(context.session, { path, sizeBytes }, extents);
  if (present instanceof Uint8Array) return present;
  throw new EngineError('invalid-argument', `the image cannot be compared with the file: ${present.message}`);
}

async function writeRange(
  context: ReadContext,
  runner: RangeRunner,
  file: PlannedFile,
  range: PlannedRange,
  signal: AbortSignal,
): Promise<void> {
  const { failures, bad } = await runner.run(range, [file], UNCHECKED, signal);
  const [failure] = failures;
  if (failure !== undefined) {
    throw new EngineError('invalid-argument', `the image cannot be written: ${failure.message}`);
  }
  for (const frame of bad) await writeMoved(context, file, frame);
}

/** A frame that is not where the map says: the index may know where it is now. */
async function writeMoved(context: ReadContext, file: PlannedFile, frame: PlannedFrame): Promise<void> {
  const { chunk, writes } = frame;
  for (const { fileOffset, length } of writes) {
    const plain = await readChunk(context, { at: fileOffset, length, chunk, chunkOffset: 0 });
    if (plain === undefined) continue;
    const handle = await open(Buffer.from(file.path), 'r+');
    try {
      await handle.write(plain, 0, length, fileOffset);
    } finally {
      await handle.close();
    }
  }
}
