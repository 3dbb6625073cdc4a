/**
 * What a file holds already: of an older state (a restore over an existing target) or of a restore that was cut off.
 * Nothing is remembered beside the file, so nothing can be out of step with it: whatever has the right bytes, by the ID
 * of its chunk, is not fetched again.
 */
import { CHUNK_ID_BYTES } from '../crypt/chunk-id.ts';
import type { PlacedExtent } from '../extent/map-reader.ts';
import type { PrepareFile } from '../worker/restore-protocol.ts';
import type { ReadSession } from './read-session.ts';

type Described = Omit<NonNullable<PrepareFile['keep']>, 'checksum'>;

/** Holes and data of a file as numbers; a chunk's ID where an extent is the whole chunk. */
export function describeExtents(extents: readonly PlacedExtent[]): Described {
  const data = extents.filter(({ chunk }) => chunk !== undefined);
  const holes = extents.filter(({ chunk }) => chunk === undefined);
  const chunkIds = new Uint8Array(data.length * CHUNK_ID_BYTES);
  data.forEach(({ chunk, length }, index) => {
    if (chunk?.plainBytes === length) chunkIds.set(chunk.chunkId.subarray(0, CHUNK_ID_BYTES), index * CHUNK_ID_BYTES);
  });
  return {
    holes: Float64Array.from(holes.flatMap(({ at, length }) => [at, length])),
    extents: Float64Array.from(data.flatMap(({ at, length }) => [at, length])),
    chunkIds,
  };
}

/** Threads answer for data extents only; the plan counts holes too. */
export function spreadOverHoles(present: Uint8Array, extents: readonly PlacedExtent[]): Uint8Array {
  const spread = new Uint8Array(extents.length);
  let data = 0;
  extents.forEach(({ chunk }, index) => {
    if (chunk === undefined) return;
    spread[index] = present[data] ?? 0;
    data += 1;
  });
  return spread;
}

/**
 * Compares a part of an existing file with the extents that belong there, and makes holes where holes belong.
 * @returns 1 for each extent that is there, or why the file cannot be compared
 */
export async function presentExtents(
  session: ReadSession,
  file: { readonly path: Uint8Array; readonly sizeBytes: number },
  extents: readonly PlacedExtent[],
): Promise<Uint8Array | { readonly message: string }> {
  // No checksum covers a part of an image: each chunk speaks for itself.
  const keep = { ...describeExtents(extents), checksum: new Uint8Array(0) };
  const { failures, present } = await session.run({ type: 'prepare-file', ...file, keep });
  const [failure] = failures;
  return failure ?? spreadOverHoles(present ?? new Uint8Array(0), extents);
}
