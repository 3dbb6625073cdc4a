import { open } from 'node:fs/promises';
import { EngineError } from '../engine-error.ts';
import type { PlacedExtent } from '../extent/map-reader.ts';
import { packKey } from '../pack/pack-id.ts';
import { isStoreError } from '../store/store-error.ts';
import { type PlannedFile, type PlannedFrame, type PlannedRange, planFrames, planRanges } from './file-plan.ts';
import { encodeRangeJob } from './range-job.ts';
import { type ReadContext, readChunk } from './read-content.ts';

const MIB = 1024 * 1024;
const WINDOW_EXTENTS = 1024;
const RANGES_IN_FLIGHT = 5;
const LIMITS = { gapBytes: MIB, rangeBytes: 16 * MIB, plainBytes: 32 * MIB };

interface ImageTarget {
  readonly path: Uint8Array;
  readonly sizeBytes: number;
  readonly signal: AbortSignal;
  onBytes?(bytes: number): void;
}

/** Writes the data of an image into a file that is already of its size and empty; window by window, so any size fits. */
export async function writeImageFile(
  context: ReadContext,
  path: Uint8Array,
  extents: AsyncIterable<PlacedExtent>,
  sizeBytes: number,
  options: { readonly signal: AbortSignal; onBytes?(bytes: number): void },
): Promise<void> {
  const target: ImageTarget = { ...options, path, sizeBytes };
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
  const ranges = planRanges(
    planFrames([file], () => false),
    LIMITS,
  )[Symbol.iterator]();
  const lane = async () => {
    for (let step = ranges.next(); step.done !== true; step = ranges.next()) {
      signal.throwIfAborted();
      await writeRange(context, file, step.value);
    }
  };
  await Promise.all(Array.from({ length: RANGES_IN_FLIGHT }, lane));
}

async function writeRange(context: ReadContext, file: PlannedFile, range: PlannedRange): Promise<void> {
  const bytes = await readRange(context, range);
  const frames: readonly PlannedFrame[] =
    bytes === undefined ? range.frames : await runJob(context, file, range, bytes);
  for (const frame of frames) await writeMoved(context, file, frame);
}

async function readRange(context: ReadContext, range: PlannedRange): Promise<Uint8Array | undefined> {
  try {
    const { offset, length } = range;
    const bytes = await context.store.get(packKey(range.packId), { range: { offset, length } });
    // A small read may be a view of a shared pool, which must not be given to another thread.
    return bytes.byteLength === bytes.buffer.byteLength ? bytes : Uint8Array.from(bytes);
  } catch (error) {
    if (isStoreError(error, 'not-found', 'corrupt')) return undefined;
    throw error;
  }
}

/** @returns the frames that do not verify */
async function runJob(
  context: ReadContext,
  file: PlannedFile,
  range: PlannedRange,
  bytes: Uint8Array,
): Promise<readonly PlannedFrame[]> {
  const { request } = encodeRangeJob(range, bytes, [file], () => false);
  const { failures, damagedFrames } = await context.session.run(request, [bytes.buffer as ArrayBuffer]);
  const [failure] = failures;
  if (failure !== undefined)
    throw new EngineError('invalid-argument', `the image cannot be written: ${failure.message}`);
  return damagedFrames.flatMap((frame) => range.frames[frame] ?? []);
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
