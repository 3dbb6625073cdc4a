import { type ChunkRef, chunkRefFromJson } from '../content/chunk-ref.ts';
import type { Extent } from '../content/stored-content.ts';
import { CHUNK_KINDS } from '../crypt/chunk-id.ts';
import { decodeMapNode, type MapNode, type SubtreeUse } from '../extent/map-node.ts';
import { leafExtents } from '../extent/map-reader.ts';
import type { NodeReader } from '../tree/tree-reader.ts';
import type { Parent } from './backup-run.ts';

type LeafNode = Exclude<MapNode, { type: 'inner' }>;

/** A leaf of the parent's map. */
export interface ParentLeaf {
  readonly ref: ChunkRef;
  readonly uses: readonly SubtreeUse[];
  readonly extents: readonly Extent[];
  /** The full leaf on which it rests: itself, or the base of a delta. */
  readonly base: { readonly ref: ChunkRef; readonly uses: readonly SubtreeUse[]; readonly extents: readonly Extent[] };
}

/** The parent's map, leaf by leaf in order. */
export class ParentImage {
  readonly #readNode: NodeReader;
  readonly #leaves: AsyncGenerator<{ readonly ref: ChunkRef; readonly node: LeafNode }>;

  private constructor(readNode: NodeReader, root: ChunkRef) {
    this.#readNode = readNode;
    this.#leaves = leavesOf(readNode, root);
  }

  /** Undefined when there is no parent, or it has blocks of another size. */
  static of(parent: Parent | undefined, blockBytes: number): ParentImage | undefined {
    if (parent === undefined) return undefined;
    const { content, chunking, root } = parent.point.body;
    if (content !== 'image' || root === undefined) return undefined;
    if (!('blockBytes' in chunking) || chunking.blockBytes !== blockBytes) return undefined;
    return new ParentImage(parent.readNode, chunkRefFromJson(root));
  }

  /** The next leaf; asked once for each leaf of the new image, in order. */
  async next(): Promise<ParentLeaf | undefined> {
    const step = await this.#leaves.next();
    if (step.done === true) return undefined;
    const { ref, node } = step.value;
    const extents = await leafExtents(this.#readNode, node);
    if (node.type === 'leaf') return { ref, uses: node.uses, extents, base: { ref, uses: node.uses, extents } };
    const base = decodeMapNode(await this.#readNode(node.base, CHUNK_KINDS.mapNode));
    const baseExtents = base.type === 'leaf' ? base.extents : [];
    return { ref, uses: node.uses, extents, base: { ref: node.base, uses: base.uses, extents: baseExtents } };
  }
}

async function* leavesOf(
  readNode: NodeReader,
  ref: ChunkRef,
): AsyncGenerator<{ readonly ref: ChunkRef; readonly node: LeafNode }> {
  const node = decodeMapNode(await readNode(ref, CHUNK_KINDS.mapNode));
  if (node.type === 'inner') {
    for (const child of node.children) yield* leavesOf(readNode, child.ref);
  } else yield { ref, node };
}
