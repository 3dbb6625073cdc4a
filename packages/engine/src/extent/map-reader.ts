import type { ChunkRef } from '../content/chunk-ref.ts';
import type { Extent } from '../content/stored-content.ts';
import { CHUNK_KINDS } from '../crypt/chunk-id.ts';
import type { NodeReader } from '../tree/tree-reader.ts';
import { decodeMapNode, type SubtreeUse } from './map-node.ts';

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
  if (node.type === 'leaf') {
    for (const extent of node.extents) {
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

/** What a whole map needs, from its root alone; the root's own frame is not among it. */
export async function mapUses(readNode: NodeReader, root: ChunkRef): Promise<readonly SubtreeUse[]> {
  return decodeMapNode(await readNode(root, CHUNK_KINDS.mapNode)).uses;
}
