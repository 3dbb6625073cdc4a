import type { ChunkRef } from '../content/chunk-ref.ts';
import { CHUNK_KINDS, type ChunkKind } from '../crypt/chunk-id.ts';
import { LeafDecoder, type StoredItem } from './leaf-decoder.ts';
import { type ChildNode, decodeInnerNode } from './node-layout.ts';

/** Reads a verified node. */
export type NodeReader = (ref: ChunkRef, kind: ChunkKind) => Promise<Buffer>;

/** Walks an item tree in order, from any key. */
export class TreeReader {
  readonly #readNode: NodeReader;
  readonly #root: ChunkRef | undefined;
  readonly #height: number;

  constructor(readNode: NodeReader, root: ChunkRef | undefined, height: number) {
    this.#readNode = readNode;
    this.#root = root;
    this.#height = height;
  }

  /** Items with `key >= from`, in order. */
  async *items(from: Buffer = Buffer.alloc(0), visit?: (ref: ChunkRef) => void): AsyncGenerator<StoredItem> {
    for await (const leaf of this.leaves(from, visit)) {
      for (let item = leaf.next(); item !== undefined; item = leaf.next()) {
        if (Buffer.compare(item.key, from) >= 0) yield item;
      }
    }
  }

  /** The leaves that may hold keys from `from` on. `visit` is told of every node read. */
  async *leaves(from: Buffer = Buffer.alloc(0), visit?: (ref: ChunkRef) => void): AsyncGenerator<LeafDecoder> {
    if (this.#root !== undefined) yield* this.#leavesOf(this.#root, this.#height, from, visit);
  }

  async *#leavesOf(
    ref: ChunkRef,
    height: number,
    from: Buffer,
    visit: ((ref: ChunkRef) => void) | undefined,
  ): AsyncGenerator<LeafDecoder> {
    visit?.(ref);
    const bytes = await this.#readNode(ref, CHUNK_KINDS.itemNode);
    if (height <= 1) {
      yield new LeafDecoder(bytes);
      return;
    }
    const children = decodeInnerNode(bytes);
    for (let index = firstChild(children, from); index < children.length; index += 1) {
      const child = children[index];
      if (child !== undefined) yield* this.#leavesOf(child.ref, height - 1, from, visit);
    }
  }

  /** The first item with `key >= from`. */
  async seek(from: Buffer): Promise<StoredItem | undefined> {
    for await (const item of this.items(from)) return item;
    return undefined;
  }

  async find(key: Buffer): Promise<StoredItem | undefined> {
    const item = await this.seek(key);
    return item?.key.equals(key) ? item : undefined;
  }
}

/** The last child whose first key is not greater than `from`; 0 when all are. */
function firstChild(children: readonly ChildNode[], from: Buffer): number {
  let low = 0;
  let high = children.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    const child = children[middle];
    if (child !== undefined && Buffer.compare(child.firstKey, from) <= 0) low = middle + 1;
    else high = middle;
  }
  return Math.max(0, low - 1);
}
