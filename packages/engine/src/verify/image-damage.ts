import type { ChunkRef } from '../content/chunk-ref.ts';
import { CHUNK_KINDS, type ChunkKind } from '../crypt/chunk-id.ts';
import { decodeMapNode, type MapNode } from '../extent/map-node.ts';
import { leafExtents } from '../extent/map-reader.ts';

/** Bytes of an image. */
export interface ImageRange {
  readonly offset: number;
  readonly length: number;
}

/** Reads a chunk and proves it; undefined when it is lost. */
export type TryChunk = (ref: ChunkRef, kind: ChunkKind) => Promise<Buffer | undefined>;

/**
 * The bytes of an image that cannot be had any more, in order, neighbours joined. Its map is walked; of its blocks those are
 * read that damage may have touched.
 * @param isSuspect whether damage may have touched a block
 */
export async function lostImageRanges(
  root: ChunkRef,
  sizeBytes: number,
  tryChunk: TryChunk,
  isSuspect: (ref: ChunkRef) => boolean,
): Promise<readonly ImageRange[]> {
  const lost: ImageRange[] = [];
  const add = (offset: number, length: number): void => {
    const last = lost.at(-1);
    if (last === undefined || last.offset + last.length !== offset) lost.push({ offset, length });
    else lost[lost.length - 1] = { offset: last.offset, length: last.length + length };
  };
  const visit = async (ref: ChunkRef, at: number, length: number): Promise<void> => {
    const node = await decoded(ref, tryChunk);
    if (node === undefined) return add(at, length);
    let position = at;
    if (node.type === 'inner') {
      for (const { ref: child, logicalBytes } of node.children) {
        await visit(child, position, logicalBytes);
        position += logicalBytes;
      }
      return;
    }
    if (node.type === 'delta' && (await tryChunk(node.base, CHUNK_KINDS.mapNode)) === undefined) return add(at, length);
    const readNode = async (base: ChunkRef, kind: ChunkKind) => (await tryChunk(base, kind)) ?? Buffer.alloc(0);
    for (const { length: bytes, chunk } of await leafExtents(readNode, node)) {
      const isLost = chunk !== undefined && isSuspect(chunk) && (await tryChunk(chunk, CHUNK_KINDS.data)) === undefined;
      if (isLost) add(position, bytes);
      position += bytes;
    }
  };
  await visit(root, 0, sizeBytes);
  return lost;
}

async function decoded(ref: ChunkRef, tryChunk: TryChunk): Promise<MapNode | undefined> {
  const bytes = await tryChunk(ref, CHUNK_KINDS.mapNode);
  return bytes === undefined ? undefined : decodeMapNode(bytes);
}
