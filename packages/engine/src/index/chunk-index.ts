import type { Store } from '../store/store.ts';
import { isStoreError } from '../store/store-error.ts';
import { PageCache } from './page-cache.ts';
import { type IndexedLocation, SegmentReader } from './segment-reader.ts';

/** 16 MiB of pages, whatever the size of the vault. */
const CACHED_PAGES = 4096;

export interface ChunkIndexOptions {
  readonly store: Store;
  /** Names of the live segments. */
  segments(): Promise<readonly string[]>;
  indexKeyOf(dataKeySerial: number, segmentId: Uint8Array): Promise<Uint8Array>;
}

/** All live index segments of a vault, opened on first use. */
export class ChunkIndex {
  readonly #options: ChunkIndexOptions;
  readonly #cache = new PageCache(CACHED_PAGES);
  #readers: readonly SegmentReader[] = [];
  #refreshing: Promise<void> | undefined;

  constructor(options: ChunkIndexOptions) {
    this.#options = options;
  }

  get readers(): readonly SegmentReader[] {
    return this.#readers;
  }

  /** What the open segments keep in memory, without cached pages. */
  get sizeBytes(): number {
    return this.#readers.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0);
  }

  /** Takes up segments that came, and drops those that were retired. */
  refresh(): Promise<void> {
    this.#refreshing ??= this.#load().finally(() => {
      this.#refreshing = undefined;
    });
    return this.#refreshing;
  }

  async #load(): Promise<void> {
    const names = await this.#options.segments();
    const open = new Map(this.#readers.map((reader) => [reader.segmentId, reader]));
    const readers: SegmentReader[] = [];
    for (const name of names) {
      const { store, indexKeyOf } = this.#options;
      readers.push(open.get(name) ?? (await SegmentReader.open(store, name, indexKeyOf, this.#cache)));
    }
    this.#readers = readers;
  }

  /** False: the chunk is certainly not in the vault. */
  mayHold(id: Buffer): boolean {
    return this.#readers.some((reader) => reader.mayHold(id));
  }

  /** Every place at which segments have the chunk; usually one, a newer one first. */
  async find(id: Buffer): Promise<readonly IndexedLocation[]> {
    try {
      return await this.#findNow(id);
    } catch (error) {
      if (!isStoreError(error, 'not-found')) throw error;
      // A segment that was merged so long ago that it is deleted: its successors know the chunk.
      await this.refresh();
      return this.#findNow(id);
    }
  }

  async #findNow(id: Buffer): Promise<readonly IndexedLocation[]> {
    const found: IndexedLocation[] = [];
    for (const reader of this.#readers) {
      const location = await reader.find(id);
      if (location !== undefined) found.push(location);
    }
    return found;
  }
}
