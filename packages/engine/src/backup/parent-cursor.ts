import type { ChunkRef } from '../content/chunk-ref.ts';
import type { LeafDecoder, StoredItem } from '../tree/leaf-decoder.ts';
import type { TreeReader } from '../tree/tree-reader.ts';

/** Walks the parent's items along with the new ones, which come in the same order. */
export class ParentCursor {
  readonly #leaves: AsyncGenerator<LeafDecoder> | undefined;
  #leaf: LeafDecoder | undefined;
  #item: StoredItem | undefined;
  #isAtEnd = false;

  /** @param visit is told of every node read */
  constructor(tree: TreeReader | undefined, visit: (ref: ChunkRef) => void) {
    this.#leaves = tree?.leaves(Buffer.alloc(0), visit);
    this.#isAtEnd = tree === undefined;
  }

  /** True when `find` can answer for this key without reading another leaf. */
  isReadyFor(key: Buffer): boolean {
    while (!this.#isAtEnd) {
      if (this.#item !== undefined && Buffer.compare(this.#item.key, key) >= 0) return true;
      this.#item = this.#leaf?.next();
      if (this.#item === undefined) return false;
    }
    return true;
  }

  /** Reads the next leaf; needed while `isReadyFor` says no. */
  async readLeaf(): Promise<void> {
    const next = await this.#leaves?.next();
    if (next === undefined || next.done === true) this.#isAtEnd = true;
    else this.#leaf = next.value;
  }

  /** The parent's item of this key; only when ready for it. */
  find(key: Buffer): StoredItem | undefined {
    return this.#item?.key.equals(key) ? this.#item : undefined;
  }

  async close(): Promise<void> {
    await this.#leaves?.return(undefined);
  }
}
