import type { ChunkRef } from '../content/chunk-ref.ts';
import type { Extent } from '../content/stored-content.ts';
import { CHUNK_KINDS } from '../crypt/chunk-id.ts';
import { EngineError } from '../engine-error.ts';
import type { NodeReader } from '../tree/tree-reader.ts';
import { decodeMapNode, type MapNode, type SubtreeUse } from './map-node.ts';

/** An extent and where in the content it begins. */
export interface PlacedExtent extends Extent {
  readonly at: number;
}

/** Extents of a map that touch `[from, to)`, in order. */
export async function* mapExtents(
  readNode: NodeReader,
  root: ChunkRef,
  from = 0,
  to = Number.MAX_SAFE_INTEGER,
  at = 0,
): AsyncGenerator<PlacedExtent> {
  const node = decodeMapNode(await readNode(root, CHUNK_KINDS.mapNode));
  let position = at;
  if (node.type !== 'inner') {
    for (const extent of await leafExtents(readNode, node)) {
      if (position >= to) return;
      if (position + extent.length > from) yield { ...extent, at: position };
      position += extent.length;
    }
    return;
  }
  for (const { ref, logicalBytes } of node.children) {
    if (position >= to) return;
    if (position + logicalBytes > from) yield* mapExtents(readNode, ref, from, to, position);
    position += logicalBytes;
  }
}

/** Extents of a leaf; those of a delta leaf with its overrides put over its base. */
export async function leafExtents(
  readNode: NodeReader,
  node: Exclude<MapNode, { type: 'inner' }>,
): Promise<readonly Extent[]> {
  if (node.type === 'leaf') return node.extents;
  const base = decodeMapNode(await readNode(node.base, CHUNK_KINDS.mapNode));
  if (base.type !== 'leaf') throw new EngineError('damaged', 'a delta leaf rests on something else than a full leaf');
  const extents = [...base.extents];
  for (const { block, chunk } of node.overrides) {
    const length = extents[block]?.length ?? 0;
    extents[block] = chunk === undefined ? { length, chunkOffset: 0 } : { length, chunk, chunkOffset: 0 };
  }
  return extents;
}

/** What a whole map needs, from its root alone; the root's own frame is not among it. */
export async function mapUses(readNode: NodeReader, root: ChunkRef): Promise<readonly SubtreeUse[]> {
  return decodeMapNode(await readNode(root, CHUNK_KINDS.mapNode)).uses;
}
