import type { PackId } from '../authority/authority.ts';
import { type ChunkRef, chunkRefFromJson } from '../content/chunk-ref.ts';
import type { StoredContent } from '../content/stored-content.ts';
import { CHUNK_KINDS, type ChunkKind } from '../crypt/chunk-id.ts';
import { EngineError } from '../engine-error.ts';
import { decodeMapNode } from '../extent/map-node.ts';
import type { IndexedLocation } from '../index/segment-reader.ts';
import type { PointBody } from '../point/point-object.ts';
import { LeafDecoder } from '../tree/leaf-decoder.ts';
import { decodeInnerNode } from '../tree/node-layout.ts';
import type { VaultReading } from './vault-reading.ts';

/** A chunk that a recovery point needs, at the place that counts for it. */
export interface NeededChunk {
  readonly chunkId: Buffer;
  readonly kind: ChunkKind;
  readonly packId: PackId;
  readonly offset: number;
  readonly frameBytes: number;
  readonly plainBytes: number;
  /** Sort key of the item that needs it, for data and map nodes. */
  readonly itemKey?: Buffer;
}

/** A chunk that the recovery point needs and that none of its counted packs holds. */
export interface UncountedChunk {
  readonly chunkId: string;
  readonly kind: ChunkKind;
  /** Where the tree says that it is. */
  readonly packId: PackId;
}

export interface WalkVisitor {
  /** A chunk, each time that it is met. */
  needed(chunk: NeededChunk): void;
  uncounted(chunk: UncountedChunk): void;
  /** A node that cannot be read, so that what lies below it stays unknown; without this the walk fails. */
  unreadable?(ref: ChunkRef, kind: ChunkKind, itemKey: Buffer | undefined): void;
}

/**
 * Meets every chunk that a recovery point needs: nodes, content and issues pages. Subtrees that were met before and
 * whose packs all count for this recovery point too are skipped, so that walking many recovery points costs their
 * differences. One walker serves one operation; what it skips it has told before.
 */
export class PointWalker {
  readonly #reading: VaultReading;
  readonly #visitor: WalkVisitor;
  /** By node: the packs in which it and all below it were found. */
  readonly #met = new Map<string, ReadonlySet<PackId>>();

  constructor(reading: VaultReading, visitor: WalkVisitor) {
    this.#reading = reading;
    this.#visitor = visitor;
  }

  /** @returns the packs that the recovery point really needs */
  async walk(
    body: Pick<PointBody, 'content' | 'root' | 'height' | 'issues'>,
    counted: ReadonlySet<PackId>,
    signal: AbortSignal | undefined,
  ): Promise<ReadonlySet<PackId>> {
    const walk = new OneWalk(this.#reading, this.#visitor, this.#met, counted, signal);
    const packs = new Set<PackId>();
    for (const page of body.issues) await walk.place(chunkRefFromJson(page), CHUNK_KINDS.issues, packs, undefined);
    if (body.root === undefined) return packs;
    const root = chunkRefFromJson(body.root);
    const below = body.content === 'image' ? await walk.map(root, undefined) : await walk.tree(root, body.height);
    for (const packId of below) packs.add(packId);
    return packs;
  }
}

class OneWalk {
  readonly #reading: VaultReading;
  readonly #visitor: WalkVisitor;
  readonly #met: Map<string, ReadonlySet<PackId>>;
  readonly #counted: ReadonlySet<PackId>;
  readonly #signal: AbortSignal | undefined;

  constructor(
    reading: VaultReading,
    visitor: WalkVisitor,
    met: Map<string, ReadonlySet<PackId>>,
    counted: ReadonlySet<PackId>,
    signal: AbortSignal | undefined,
  ) {
    this.#reading = reading;
    this.#visitor = visitor;
    this.#met = met;
    this.#counted = counted;
    this.#signal = signal;
  }

  async tree(ref: ChunkRef, height: number): Promise<ReadonlySet<PackId>> {
    return this.#once(ref, async (packs) => {
      await this.place(ref, CHUNK_KINDS.itemNode, packs, undefined);
      const bytes = await this.#read(ref, CHUNK_KINDS.itemNode, undefined);
      if (bytes === undefined) return;
      if (height > 1) {
        for (const child of decodeInnerNode(bytes)) addAll(packs, await this.tree(child.ref, height - 1));
        return;
      }
      const leaf = new LeafDecoder(bytes);
      for (let item = leaf.next(); item !== undefined; item = leaf.next()) {
        await this.#content(item.content, item.key, packs);
      }
    });
  }

  async #content(content: StoredContent, itemKey: Buffer, packs: Set<PackId>): Promise<void> {
    if (content.form === 'map') addAll(packs, await this.map(content.root, itemKey));
    if (content.form !== 'extents') return;
    for (const { chunk } of content.extents) {
      if (chunk !== undefined) await this.place(chunk, CHUNK_KINDS.data, packs, itemKey);
    }
  }

  async map(ref: ChunkRef, itemKey: Buffer | undefined): Promise<ReadonlySet<PackId>> {
    return this.#once(ref, async (packs) => {
      await this.place(ref, CHUNK_KINDS.mapNode, packs, itemKey);
      const bytes = await this.#read(ref, CHUNK_KINDS.mapNode, itemKey);
      if (bytes === undefined) return;
      const node = decodeMapNode(bytes);
      if (node.type === 'inner') {
        for (const child of node.children) addAll(packs, await this.map(child.ref, itemKey));
        return;
      }
      if (node.type === 'delta') addAll(packs, await this.map(node.base, itemKey));
      for (const { chunk } of node.type === 'delta' ? node.overrides : node.extents) {
        if (chunk !== undefined) await this.place(chunk, CHUNK_KINDS.data, packs, itemKey);
      }
    });
  }

  async #read(ref: ChunkRef, kind: ChunkKind, itemKey: Buffer | undefined): Promise<Buffer | undefined> {
    if (this.#visitor.unreadable === undefined) return this.#reading.nodes.read(ref, kind);
    try {
      return await this.#reading.nodes.read(ref, kind);
    } catch (error) {
      if (!(error instanceof EngineError && error.code === 'damaged')) throw error;
      this.#visitor.unreadable(ref, kind, itemKey);
      return undefined;
    }
  }

  async #once(ref: ChunkRef, visit: (packs: Set<PackId>) => Promise<void>): Promise<ReadonlySet<PackId>> {
    this.#signal?.throwIfAborted();
    const name = ref.chunkId.toString('latin1');
    const met = this.#met.get(name);
    if (met !== undefined && isWithin(met, this.#counted)) return met;
    const packs = new Set<PackId>();
    await visit(packs);
    this.#met.set(name, packs);
    return packs;
  }

  async #indexed(chunkId: Buffer): Promise<IndexedLocation | undefined> {
    const places = await this.#reading.index.find(chunkId);
    return places.find(({ pack }) => this.#counted.has(pack.packId));
  }

  /** Frames may have moved since the index was opened: before anybody is alarmed, it is opened again. */
  async #indexedNow(chunkId: Buffer): Promise<IndexedLocation | undefined> {
    await this.#reading.index.refresh();
    return this.#indexed(chunkId);
  }

  /** Finds the place that counts for this recovery point: where the tree says, or where the frame was moved to. */
  async place(ref: ChunkRef, kind: ChunkKind, packs: Set<PackId>, itemKey: Buffer | undefined): Promise<void> {
    const item = itemKey === undefined ? {} : { itemKey };
    const { chunkId, plainBytes } = ref;
    if (this.#counted.has(ref.packId)) {
      const { packId, offset, frameBytes } = ref;
      packs.add(packId);
      this.#visitor.needed({ chunkId, kind, packId, offset, frameBytes, plainBytes, ...item });
      return;
    }
    const place = (await this.#indexed(chunkId)) ?? (await this.#indexedNow(chunkId));
    if (place === undefined) {
      this.#visitor.uncounted({ chunkId: chunkId.toString('hex'), kind, packId: ref.packId });
      return;
    }
    const { packId } = place.pack;
    packs.add(packId);
    const { offset, frameBytes } = place;
    this.#visitor.needed({ chunkId, kind, packId, offset, frameBytes, plainBytes, ...item });
  }
}

function isWithin(packs: ReadonlySet<PackId>, counted: ReadonlySet<PackId>): boolean {
  for (const packId of packs) if (!counted.has(packId)) return false;
  return true;
}

function addAll(packs: Set<PackId>, more: ReadonlySet<PackId>): void {
  for (const packId of more) packs.add(packId);
}
