import type { CountedPack } from '../authority/authority.ts';
import { CHUNK_ID_BYTES, type ChunkKind } from '../crypt/chunk-id.ts';
import { moveFrame, openFrame } from '../pack/frame.ts';
import { packIdBytes, packKey } from '../pack/pack-id.ts';
import type { Store } from '../store/store.ts';
import { isStoreError } from '../store/store-error.ts';
import type { FrameForPack } from './moved-pack.ts';
import type { VaultReading } from './vault-reading.ts';
import type { NeededChunk } from './walk-point.ts';

const GAP_BYTES = 262_144;
const RANGE_BYTES = 16 << 20;

/** What could be read of the frames of one pack. */
export interface ReadFrames {
  readonly good: readonly FrameForPack[];
  /** Frames that are missing or do not verify. */
  readonly bad: readonly NeededChunk[];
}

/** Reads frames of one pack in few ranges, verifies each, and makes it ready to lie in another pack (F-16). */
export async function readFrames(
  store: Store,
  reading: VaultReading,
  pack: Pick<CountedPack, 'packId'>,
  wanted: readonly NeededChunk[],
  signal?: AbortSignal,
): Promise<ReadFrames> {
  const good: FrameForPack[] = [];
  const bad: NeededChunk[] = [];
  for (const run of runsOf(wanted)) {
    const bytes = await readRun(store, pack.packId, run, signal);
    for (const chunk of run) {
      const at = chunk.offset - (run[0]?.offset ?? 0);
      const frame = bytes?.subarray(at, at + chunk.frameBytes);
      const ready = frame === undefined ? undefined : verified(reading, frame, chunk);
      if (ready === undefined) bad.push(chunk);
      else good.push(ready);
    }
  }
  return { good, bad };
}

/** Undefined when the range cannot be read because the object is gone or too short. */
async function readRun(
  store: Store,
  packId: string,
  run: readonly NeededChunk[],
  signal: AbortSignal | undefined,
): Promise<Buffer | undefined> {
  const [first, last] = [run[0], run.at(-1)];
  if (first === undefined || last === undefined) return undefined;
  const range = { offset: first.offset, length: last.offset + last.frameBytes - first.offset };
  try {
    const bytes = await store.get(packKey(packId), { range, ...(signal === undefined ? {} : { signal }) });
    return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  } catch (error) {
    if (isStoreError(error, 'not-found', 'corrupt')) return undefined;
    throw error;
  }
}

function verified(reading: VaultReading, frame: Buffer, chunk: NeededChunk): FrameForPack | undefined {
  const packId = packIdBytes(chunk.packId);
  const plain = openFrame(frame, 0, packId, chunk.kind, (birth) => reading.packKeys.of(birth));
  if (plain === undefined) return undefined;
  const chunkId = reading.idHasher.full(chunk.kind as ChunkKind, plain);
  if (chunkId.compare(chunk.chunkId, 0, CHUNK_ID_BYTES, 0, CHUNK_ID_BYTES) !== 0) return undefined;
  return { chunkId, kind: chunk.kind, plainBytes: plain.length, frame: moveFrame(frame, packId) };
}

/** Neighbouring frames together, over gaps that cost less than a request. */
function runsOf(wanted: readonly NeededChunk[]): NeededChunk[][] {
  const runs: NeededChunk[][] = [];
  for (const chunk of wanted) {
    const run = runs.at(-1);
    const [first, last] = [run?.[0], run?.at(-1)];
    const isNear =
      first !== undefined &&
      last !== undefined &&
      chunk.offset - (last.offset + last.frameBytes) <= GAP_BYTES &&
      chunk.offset + chunk.frameBytes - first.offset <= RANGE_BYTES;
    if (run !== undefined && isNear) run.push(chunk);
    else runs.push([chunk]);
  }
  return runs;
}
