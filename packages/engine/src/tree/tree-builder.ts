import type { ChunkRef } from '../content/chunk-ref.ts';
import type { ItemRecord } from '../content/item-record.ts';
import type { StoredContent } from '../content/stored-content.ts';
import { blake3Of, CHUNK_KINDS, type ChunkKind } from '../crypt/chunk-id.ts';
import { EngineError } from '../engine-error.ts';
import { LeafEncoder } from './leaf-encoder.ts';
import { addSummaries, type ChildNode, EMPTY_SUMMARY, encodeInnerNode, type NodeSummary } from './node-layout.ts';

/** Stores a node, or finds that it is stored already. */
export type NodeSealer = (kind: ChunkKind, bytes: Buffer) => Promise<ChunkRef>;

const INNER_MIN_CHILDREN = 64;
const INNER_MAX_CHILDREN = 512;
const END_BELOW = 4;
const SEALS_IN_FLIGHT = 16;

/** The finished tree; without root when there were no items. */
export interface BuiltTree {
  readonly root?: ChunkRef;
  readonly height: number;
  readonly summary: NodeSummary;
}

/**
 * Builds the item tree from items in path order. Node ends depend on content alone, so equal runs of items make equal
 * nodes, and what did not change costs no new node.
 */
export class TreeBuilder {
  readonly #sealNode: NodeSealer;
  readonly #leaf = new LeafEncoder();
  /** `#levels[0]` collects the parents of leaves. */
  readonly #levels: ChildNode[][] = [];
  #lastKey: Buffer | undefined;
  #summary = EMPTY_SUMMARY;
  /** Nodes that are being stored, in order; the tail resolves when all before have been taken up. */
  #tail: Promise<void> = Promise.resolve();
  #inFlight = 0;

  constructor(sealNode: NodeSealer) {
    this.#sealNode = sealNode;
  }

  /**
   * Adds the next item. @returns a promise to wait for when too many nodes are on their way, else nothing
   * @throws EngineError `invalid-argument` when items are out of order (F-40)
   */
  add(key: Buffer, item: ItemRecord, content: StoredContent): Promise<void> | undefined {
    if (this.#lastKey !== undefined && Buffer.compare(this.#lastKey, key) >= 0) {
      throw new EngineError('invalid-argument', `items are not in path order: ${JSON.stringify(key.toString('utf8'))}`);
    }
    this.#lastKey = key;
    if (!this.#leaf.add(key, item, content)) return undefined;
    this.#endLeaf();
    return this.#inFlight > SEALS_IN_FLIGHT ? this.#tail : undefined;
  }

  #endLeaf(): void {
    const { bytes, firstKey, summary } = this.#leaf.take();
    this.#summary = addSummaries(this.#summary, summary);
    this.#inFlight += 1;
    const sealed = this.#sealNode(CHUNK_KINDS.itemNode, bytes);
    // A failure surfaces through the tail; this one must not count as unhandled before the tail gets there.
    sealed.catch(() => undefined);
    this.#tail = this.#tail.then(async () => {
      const ref = await sealed;
      this.#inFlight -= 1;
      await this.#addChild(0, { firstKey, ref, summary });
    });
    this.#tail.catch(() => undefined);
  }

  async #addChild(level: number, child: ChildNode): Promise<void> {
    let children = this.#levels[level];
    if (children === undefined) {
      children = [];
      this.#levels[level] = children;
    }
    children.push(child);
    const isEnd =
      children.length >= INNER_MAX_CHILDREN ||
      (children.length >= INNER_MIN_CHILDREN && (blake3Of(child.firstKey)[0] ?? 0) < END_BELOW);
    if (isEnd) await this.#endInner(level);
  }

  async #endInner(level: number): Promise<void> {
    const children = this.#levels[level] ?? [];
    const first = children[0];
    if (first === undefined) return;
    this.#levels[level] = [];
    const ref = await this.#sealNode(CHUNK_KINDS.itemNode, encodeInnerNode(children));
    const summary = children.map((child) => child.summary).reduce(addSummaries, EMPTY_SUMMARY);
    await this.#addChild(level + 1, { firstKey: first.firstKey, ref, summary });
  }

  /** Ends all open nodes. */
  async finish(): Promise<BuiltTree> {
    if (!this.#leaf.isEmpty) this.#endLeaf();
    await this.#tail;
    for (let level = 0; level < this.#levels.length; level += 1) {
      const children = this.#levels[level] ?? [];
      const isTop = level === this.#levels.length - 1;
      const [only] = children;
      if (isTop && children.length === 1 && only !== undefined) {
        return { root: only.ref, height: level + 1, summary: this.#summary };
      }
      await this.#endInner(level);
    }
    return { height: 0, summary: this.#summary };
  }
}
