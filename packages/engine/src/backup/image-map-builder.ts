import type { ChunkRef } from '../content/chunk-ref.ts';
import type { Extent } from '../content/stored-content.ts';
import { CHUNK_KINDS } from '../crypt/chunk-id.ts';
import {
  type BlockOverride,
  encodeMapDelta,
  encodeMapInner,
  encodeMapLeaf,
  type MapChild,
  type SubtreeUse,
  UseTable,
} from '../extent/map-node.ts';
import type { NodeSealer } from '../tree/tree-builder.ts';
import type { ParentLeaf } from './parent-image.ts';

const CHILDREN = 1024;
/** F-43: more overrides than this share of the leaf make a new full leaf. */
const CONSOLIDATE_ABOVE = 1 / 4;

interface Level {
  children: MapChild[];
  uses: UseTable;
}

/** The map of an image: leaves of a fixed number of blocks, unchanged ones shared, little changed ones as deltas. */
export class ImageMapBuilder {
  readonly #sealNode: NodeSealer;
  readonly #levels: Level[] = [];

  constructor(sealNode: NodeSealer) {
    this.#sealNode = sealNode;
  }

  async addLeaf(extents: readonly Extent[], before: ParentLeaf | undefined): Promise<void> {
    const logicalBytes = extents.reduce((sum, { length }) => sum + length, 0);
    if (before !== undefined && overridesOf(extents, before.extents)?.length === 0) {
      await this.#addChild(0, { ref: before.ref, logicalBytes }, before.uses);
      return;
    }
    const overrides = before && overridesOf(extents, before.base.extents);
    const isFew = overrides !== undefined && overrides.length <= extents.length * CONSOLIDATE_ABOVE;
    const { bytes, uses } =
      before !== undefined && isFew
        ? encodeMapDelta(before.base.ref, before.base.uses, overrides)
        : encodeMapLeaf(extents);
    const ref = await this.#sealNode(CHUNK_KINDS.mapNode, bytes);
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
    if (level.children.length >= CHILDREN) await this.#endInner(at);
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

  /** Without root for an image of no bytes. */
  async finish(): Promise<{ readonly root?: ChunkRef; readonly height: number; readonly uses: readonly SubtreeUse[] }> {
    for (let at = 0; at < this.#levels.length; at += 1) {
      const level = this.#levels[at];
      const [only] = level?.children ?? [];
      if (at === this.#levels.length - 1 && level?.children.length === 1 && only !== undefined) {
        return { root: only.ref, height: at + 1, uses: level.uses.list() };
      }
      await this.#endInner(at);
    }
    return { height: 0, uses: [] };
  }
}

/** Blocks that differ from a leaf of the same shape; undefined when the shapes differ. */
function overridesOf(extents: readonly Extent[], base: readonly Extent[]): readonly BlockOverride[] | undefined {
  if (extents.length !== base.length) return undefined;
  const overrides: BlockOverride[] = [];
  for (let block = 0; block < extents.length; block += 1) {
    const [now, then] = [extents[block], base[block]];
    if (now === undefined || now.length !== then?.length) return undefined;
    const isSame =
      now.chunk === undefined || then.chunk === undefined
        ? now.chunk === then.chunk
        : now.chunk.chunkId.equals(then.chunk.chunkId);
    if (!isSame) overrides.push(now.chunk === undefined ? { block } : { block, chunk: now.chunk });
  }
  return overrides;
}
