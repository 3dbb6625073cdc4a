import type { StoredItem } from '../tree/leaf-decoder.ts';
import type { TreeReader } from '../tree/tree-reader.ts';

/** Steps that are taken along the open leaf before a search from the root is cheaper. */
const STEPS = 600;

/**
 * Finds items by key. Callers mostly ask in path order, so the leaf at hand is tried first and the tree is searched from
 * its root only when that does not help.
 */
export class ItemFinder {
  readonly #tree: TreeReader;
  #walk: AsyncGenerator<StoredItem> | undefined;
  #item: StoredItem | undefined;

  constructor(tree: TreeReader) {
    this.#tree = tree;
  }

  /** The first item whose key is not smaller. */
  async seek(key: Buffer): Promise<StoredItem | undefined> {
    if (this.#item !== undefined && Buffer.compare(this.#item.key, key) <= 0) {
      for (let step = 0; step < STEPS; step += 1) {
        if (this.#item === undefined || Buffer.compare(this.#item.key, key) >= 0) return this.#item;
        await this.#advance();
      }
    }
    await this.#walk?.return(undefined);
    this.#walk = this.#tree.items(key);
    await this.#advance();
    return this.#item;
  }

  async #advance(): Promise<void> {
    const step = await this.#walk?.next();
    this.#item = step === undefined || step.done === true ? undefined : step.value;
  }

  async find(key: Buffer): Promise<StoredItem | undefined> {
    const item = await this.seek(key);
    return item?.key.equals(key) ? item : undefined;
  }
}
