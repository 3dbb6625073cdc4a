import type { ChunkRef } from '../content/chunk-ref.ts';
import type { Extent } from '../content/stored-content.ts';
import { CHUNK_KINDS } from '../crypt/chunk-id.ts';
import { EngineError } from '../engine-error.ts';
import type { NodeSealer } from '../tree/tree-builder.ts';
import { encodeMapInner, encodeMapLeaf, type MapChild, type SubtreeUse, UseTable } from './map-node.ts';

const LEAF_MIN = 256;
const LEAF_MAX = 2048;
const END_BELOW = 4;
const CHILDREN_MAX = 1024;

interface Level {
  children: MapChild[];
  uses: UseTable;
}

export interface BuiltMap {
  readonly root: ChunkRef;
  readonly height: number;
  /** Of everything below the root's own frame. */
  readonly uses: readonly SubtreeUse[];
}

/** Builds the extent map of a large item from its extents in order; memory is bounded by one node per level. */
export class MapBuilder {
  readonly #sealNode: NodeSealer;
  #extents: Extent[] = [];
  readonly #levels: Level[] = [];

  constructor(sealNode: NodeSealer) {
    this.#sealNode = sealNode;
  }

  async add(extent: Extent): Promise<void> {
    this.#extents.push(extent);
    const count = this.#extents.length;
    const isEnd = count >= LEAF_MAX || (count >= LEAF_MIN && (extent.chunk?.chunkId[0] ?? 255) < END_BELOW);
    if (isEnd) await this.#endLeaf();
  }

  async #endLeaf(): Promise<void> {
    const extents = this.#extents;
    this.#extents = [];
    const { bytes, uses } = encodeMapLeaf(extents);
    const ref = await this.#sealNode(CHUNK_KINDS.mapNode, bytes);
    const logicalBytes = extents.reduce((sum, { length }) => sum + length, 0);
    await this.#addChild(0, { ref, logicalBytes }, uses.list());
  }

  async #addChild(at: number, child: MapChild, uses: readonly SubtreeUse[]): Promise<void> {
    let level = this.#levels[at];
    if (level === undefined) {
      level = { children: [], uses: new UseTable() };
      this.#levels[at] = level;
    }
    level.children.push(child);
    for (const { packId, kind, usedBytes } of uses) level.uses.add(packId, kind, usedBytes);
    if (level.children.length >= CHILDREN_MAX) await this.#endInner(at);
  }

  async #endInner(at: number): Promise<void> {
    const level = this.#levels[at];
    if (level === undefined || level.children.length === 0) return;
    this.#levels[at] = { children: [], uses: new UseTable() };
    const { bytes, uses } = encodeMapInner(level.children, level.uses.list());
    const ref = await this.#sealNode(CHUNK_KINDS.mapNode, bytes);
    const logicalBytes = level.children.reduce((sum, child) => sum + child.logicalBytes, 0);
    await this.#addChild(at + 1, { ref, logicalBytes }, uses.list());
  }

  async finish(): Promise<BuiltMap> {
    if (this.#extents.length > 0) await this.#endLeaf();
    for (let at = 0; at < this.#levels.length; at += 1) {
      const level = this.#levels[at];
      const [only] = level?.children ?? [];
      if (at === this.#levels.length - 1 && level?.children.length === 1 && only !== undefined) {
        return { root: only.ref, height: at + 1, uses: level.uses.list() };
      }
      await this.#endInner(at);
    }
    throw new EngineError('invalid-argument', 'a map without extents');
  }
}
