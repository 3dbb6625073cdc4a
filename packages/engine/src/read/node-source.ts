import type { PackId } from '../authority/authority.ts';
import type { ChunkRef } from '../content/chunk-ref.ts';
import { CHUNK_ID_BYTES, type ChunkIdHasher, type ChunkKind } from '../crypt/chunk-id.ts';
import { EngineError } from '../engine-error.ts';
import type { ChunkIndex } from '../index/chunk-index.ts';
import { openFrame } from '../pack/frame.ts';
import { packIdBytes, packKey } from '../pack/pack-id.ts';
import type { Store } from '../store/store.ts';
import { isStoreError } from '../store/store-error.ts';
import type { PackKeys } from './pack-keys.ts';

const WINDOWS = 6;
/** Nodes that stay at hand: the way from the root to a leaf, and the leaves of a few who read side by side. */
const NODES = 12;
/** A first look reads little, so that browsing is quick; reading on reads ever more. */
const FIRST_WINDOW_BYTES = 262_144;
const LARGEST_WINDOW_BYTES = 4_194_304;

interface Window {
  readonly packId: PackId;
  readonly offset: number;
  readonly bytes: Promise<Buffer>;
  readonly length: number;
}

export interface NodeSourceOptions {
  readonly store: Store;
  readonly index: ChunkIndex;
  readonly packKeys: PackKeys;
  readonly idHasher: ChunkIdHasher;
  /** Sizes of packs, so that reading ahead stays inside; 0 or absent: unknown. */
  readonly packSizes: ReadonlyMap<PackId, number>;
}

/** Reads tree nodes, map nodes and issue pages; neighbours in a pack come with one request. */
export class NodeSource {
  readonly #options: NodeSourceOptions;
  #windows: Window[] = [];
  /** Verified nodes by kind and chunk, least recently used first. */
  readonly #nodes = new Map<string, Promise<Buffer>>();

  constructor(options: NodeSourceOptions) {
    this.#options = options;
  }

  /**
   * Reads and verifies a node; when its hint leads nowhere, the index is asked where it is now (F-52).
   * @returns bytes that all readers share
   * @throws EngineError `damaged` naming the chunk
   */
  read(ref: ChunkRef, kind: ChunkKind): Promise<Buffer> {
    const key = `${kind} ${ref.chunkId.toString('latin1')}`;
    const node = this.#nodes.get(key) ?? this.#load(ref, kind);
    this.#nodes.delete(key);
    this.#nodes.set(key, node);
    // What failed may succeed when it is asked for again.
    node.catch(() => this.#nodes.delete(key));
    for (const [oldest] of this.#nodes) {
      if (this.#nodes.size <= NODES) break;
      this.#nodes.delete(oldest);
    }
    return node;
  }

  async #load(ref: ChunkRef, kind: ChunkKind): Promise<Buffer> {
    const direct = await this.#tryRead(ref, ref.packId, ref.offset, ref.frameBytes, kind);
    if (direct !== undefined) return direct;
    await this.#options.index.refresh();
    for (const { pack, offset, frameBytes } of await this.#options.index.find(ref.chunkId)) {
      const moved = await this.#tryRead(ref, pack.packId, offset, frameBytes, kind);
      if (moved !== undefined) return moved;
    }
    throw new EngineError(
      'damaged',
      `chunk ${ref.chunkId.toString('hex')} (kind ${kind}, pack ${ref.packId}) is missing or does not verify`,
    );
  }

  async #tryRead(
    ref: ChunkRef,
    packId: PackId,
    offset: number,
    frameBytes: number,
    kind: ChunkKind,
  ): Promise<Buffer | undefined> {
    try {
      const frame = await this.#frame(packId, offset, frameBytes);
      const plain = openFrame(frame, 0, packIdBytes(packId), kind, (birth) => this.#options.packKeys.of(birth));
      if (plain === undefined || plain.length !== ref.plainBytes) return undefined;
      const id = this.#options.idHasher.full(kind, plain);
      return id.compare(ref.chunkId, 0, CHUNK_ID_BYTES, 0, CHUNK_ID_BYTES) === 0 ? plain : undefined;
    } catch (error) {
      if (isStoreError(error, 'not-found', 'corrupt')) return undefined;
      throw error;
    }
  }

  async #frame(packId: PackId, offset: number, frameBytes: number): Promise<Buffer> {
    const window = this.#window(packId, offset, frameBytes);
    try {
      const bytes = await window.bytes;
      const at = offset - window.offset;
      return bytes.subarray(at, at + frameBytes);
    } catch (error) {
      if (!isStoreError(error, 'corrupt') || window.length === frameBytes) throw error;
      // The pack is cut off further on; what comes before that is still good.
      return asBuffer(await this.#options.store.get(packKey(packId), { range: { offset, length: frameBytes } }));
    }
  }

  #window(packId: PackId, offset: number, frameBytes: number): Window {
    const end = offset + frameBytes;
    const covers = (window: Window) =>
      window.packId === packId && window.offset <= offset && window.offset + window.length >= end;
    const known = this.#windows.find(covers);
    if (known !== undefined) return known;
    const before = this.#windows.find((window) => window.packId === packId && window.offset + window.length >= offset);
    const sizeBytes = this.#options.packSizes.get(packId) ?? 0;
    const wanted = before === undefined ? FIRST_WINDOW_BYTES : Math.min(before.length * 4, LARGEST_WINDOW_BYTES);
    const length = Math.max(frameBytes, Math.min(wanted, sizeBytes - offset));
    const bytes = this.#options.store.get(packKey(packId), { range: { offset, length } }).then(asBuffer);
    const window = { packId, offset, length, bytes };
    bytes.catch(() => {
      this.#windows = this.#windows.filter((other) => other !== window);
    });
    this.#windows = [window, ...this.#windows].slice(0, WINDOWS);
    return window;
  }
}

function asBuffer(bytes: Uint8Array): Buffer {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}
