import { type ContentChecksum, EXTENT_LIMIT, type Extent, type StoredContent } from '../content/stored-content.ts';
import { MapBuilder } from '../extent/map-builder.ts';
import type { SubtreeUse } from '../extent/map-node.ts';
import type { NodeSealer } from '../tree/tree-builder.ts';
import type { ContentPart } from './write-session.ts';

/** A content with what it needs beyond the chunks that it names itself. */
export interface BuiltContent {
  readonly content: StoredContent;
  /** Of a map: everything below its root. */
  readonly mapUses: readonly SubtreeUse[];
}

/** Collects the extents of one large item; beyond 64 of them they go into a map (F-41). */
export class ContentBuilder {
  readonly #sealNode: NodeSealer;
  #extents: Extent[] = [];
  #map: MapBuilder | undefined;

  constructor(sealNode: NodeSealer) {
    this.#sealNode = sealNode;
  }

  async addPart(part: ContentPart): Promise<void> {
    let hole = 0;
    for (let index = 0; index <= part.refs.length; index += 1) {
      for (; part.holes[hole]?.[0] === index; hole += 1) {
        await this.#add({ length: part.holes[hole]?.[1] ?? 0, chunkOffset: 0 });
      }
      const chunk = part.refs[index];
      if (chunk !== undefined) await this.#add({ length: chunk.plainBytes, chunk, chunkOffset: 0 });
    }
  }

  async #add(extent: Extent): Promise<void> {
    if (this.#map !== undefined) {
      await this.#map.add(extent);
      return;
    }
    this.#extents.push(extent);
    if (this.#extents.length <= EXTENT_LIMIT) return;
    this.#map = new MapBuilder(this.#sealNode);
    for (const early of this.#extents) await this.#map.add(early);
    this.#extents = [];
  }

  async finish(checksum: ContentChecksum): Promise<BuiltContent> {
    if (this.#map === undefined) {
      return { content: { form: 'extents', checksum, extents: this.#extents }, mapUses: [] };
    }
    const { root, height, uses } = await this.#map.finish();
    return { content: { form: 'map', checksum, root, height }, mapUses: uses };
  }
}
