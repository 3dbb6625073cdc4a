import { numberedNonce, TAG_BYTES, unseal } from '../crypt/aead.ts';
import { CHUNK_ID_BYTES } from '../crypt/chunk-id.ts';
import { EngineError } from '../engine-error.ts';
import type { Store } from '../store/store.ts';
import { isStoreError } from '../store/store-error.ts';
import { BloomFilter } from './bloom-filter.ts';
import { PackPlaces, type PlacePack } from './pack-places.ts';
import type { PageCache } from './page-cache.ts';
import {
  blockAssociatedData,
  blockNonceNumber,
  DIRECTORY_ENTRY_BYTES,
  decodePackRows,
  decodeSegmentHeader,
  ENTRY_BYTES,
  type IndexedPack,
  PAGE_ENTRIES,
  SECTIONS,
  SEGMENT_HEADER_BYTES,
  type Section,
  type SectionRange,
  type SegmentHeader,
  segmentKey,
} from './segment-layout.ts';

/** Read with one request when all are: a MiB. */
const PAGES_AT_ONCE = 256;
const PAGE_SEALED_BYTES = PAGE_ENTRIES * ENTRY_BYTES + TAG_BYTES;

/** Where the index says that a chunk is. */
export interface IndexedLocation {
  readonly pack: PlacePack;
  readonly offset: number;
  readonly frameBytes: number;
}

/** One open segment: filter, directory and names of packs in memory, pages and facts of packs on demand. */
export class SegmentReader {
  readonly segmentId: string;
  readonly header: SegmentHeader;
  readonly #packs: PackPlaces;
  readonly #store: Store;
  readonly #indexKey: Uint8Array;
  readonly #filter: BloomFilter;
  readonly #directory: Buffer;
  readonly #cache: PageCache;

  private constructor(
    segmentId: string,
    header: SegmentHeader,
    store: Store,
    indexKey: Uint8Array,
    cache: PageCache,
    front: Buffer,
  ) {
    this.segmentId = segmentId;
    this.header = header;
    this.#store = store;
    this.#indexKey = indexKey;
    this.#cache = cache;
    const section = (kind: Section, range: { offset: number; length: number }) =>
      this.#unseal(kind, 0, front.subarray(range.offset, range.offset + range.length));
    this.#packs = PackPlaces.of(section(SECTIONS.packs, header.packs));
    this.#filter = BloomFilter.decode(section(SECTIONS.filter, header.filter));
    this.#directory = section(SECTIONS.directory, header.directory);
  }

  /** Reads everything but the pages: two requests. */
  static async open(
    store: Store,
    segmentId: string,
    indexKeyOf: (dataKeySerial: number, segmentId: Uint8Array) => Promise<Uint8Array>,
    cache: PageCache,
  ): Promise<SegmentReader> {
    const name = segmentKey(segmentId);
    const head = Buffer.from(await readPart(store, name, { offset: 0, length: SEGMENT_HEADER_BYTES }));
    const header = decodeSegmentHeader(head, name);
    if (Buffer.from(header.segmentId).toString('hex') !== segmentId) {
      throw new EngineError('damaged', `${name} holds another segment`);
    }
    const length = header.pages.offset - SEGMENT_HEADER_BYTES;
    const rest = await readPart(store, name, { offset: SEGMENT_HEADER_BYTES, length });
    const indexKey = await indexKeyOf(header.dataKeySerial, header.segmentId);
    return new SegmentReader(segmentId, header, store, indexKey, cache, Buffer.concat([head, rest]));
  }

  #unseal(section: Section, block: number, sealed: Uint8Array): Buffer {
    const plain = unseal(
      this.#indexKey,
      numberedNonce(blockNonceNumber(section, block)),
      blockAssociatedData(section, this.header.segmentId, block),
      sealed,
    );
    if (plain === undefined) {
      throw new EngineError('damaged', `index segment ${this.segmentId} does not verify (section ${section})`);
    }
    return plain;
  }

  /** What it keeps in memory. */
  get sizeBytes(): number {
    return this.#packs.sizeBytes + this.#filter.sizeBytes + this.#directory.length;
  }

  /** Names of all packs that the segment describes. */
  packIds(): readonly string[] {
    return this.#packs.ids();
  }

  /** What the segment says of its packs, read anew: nobody but maintenance wants it, and it is larger than all else. */
  async packs(): Promise<readonly IndexedPack[]> {
    const sealed = await readPart(this.#store, segmentKey(this.segmentId), this.header.packs);
    return decodePackRows(this.#unseal(SECTIONS.packs, 0, sealed));
  }

  mayHold(id: Buffer): boolean {
    return this.#filter.mayHold(id);
  }

  /** The last page whose first ID is not greater; -1 when all are. */
  #pageOf(id: Buffer): number {
    let low = 0;
    let high = this.header.pageCount;
    while (low < high) {
      const middle = (low + high) >> 1;
      const at = middle * DIRECTORY_ENTRY_BYTES;
      if (this.#directory.compare(id, 0, DIRECTORY_ENTRY_BYTES, at, at + DIRECTORY_ENTRY_BYTES) <= 0) low = middle + 1;
      else high = middle;
    }
    return low - 1;
  }

  async #page(page: number): Promise<Buffer> {
    return this.#cache.get(`${this.segmentId}.${page}`, async () => {
      const offset = this.header.pages.offset + page * PAGE_SEALED_BYTES;
      const length = Math.min(PAGE_SEALED_BYTES, this.header.pages.offset + this.header.pages.length - offset);
      const sealed = await readPart(this.#store, segmentKey(this.segmentId), { offset, length });
      return this.#unseal(SECTIONS.pages, page, sealed);
    });
  }

  async find(id: Buffer): Promise<IndexedLocation | undefined> {
    if (!this.mayHold(id)) return undefined;
    // IDs that share eight bytes with a page's first may begin on the page before.
    for (let page = this.#pageOf(id); page >= 0; page -= 1) {
      const bytes = await this.#page(page);
      const found = this.#findIn(bytes, id);
      if (found !== undefined) return found;
      if (bytes.compare(id, 0, CHUNK_ID_BYTES, 0, CHUNK_ID_BYTES) < 0) return undefined;
    }
    return undefined;
  }

  #findIn(bytes: Buffer, id: Buffer): IndexedLocation | undefined {
    let low = 0;
    let high = bytes.length / ENTRY_BYTES;
    while (low < high) {
      const middle = (low + high) >> 1;
      const at = middle * ENTRY_BYTES;
      const order = bytes.compare(id, 0, CHUNK_ID_BYTES, at, at + CHUNK_ID_BYTES);
      if (order === 0) return this.#location(bytes, at);
      if (order < 0) low = middle + 1;
      else high = middle;
    }
    return undefined;
  }

  #location(bytes: Buffer, at: number): IndexedLocation {
    const pack = this.#packs.at(bytes.readUInt32LE(at + 24));
    if (pack === undefined) throw new EngineError('damaged', `index segment ${this.segmentId} names an unknown pack`);
    return { pack, offset: bytes.readUInt32LE(at + 28), frameBytes: bytes.readUInt32LE(at + 32) };
  }

  /** Reads every page past the cache and proves it. @throws EngineError `damaged` */
  async verifyPages(): Promise<void> {
    const { pages, pageCount } = this.header;
    for (let first = 0; first < pageCount; first += PAGES_AT_ONCE) {
      const offset = pages.offset + first * PAGE_SEALED_BYTES;
      const end = Math.min(pages.offset + pages.length, offset + PAGES_AT_ONCE * PAGE_SEALED_BYTES);
      const sealed = await readPart(this.#store, segmentKey(this.segmentId), { offset, length: end - offset });
      for (let at = 0; at < sealed.length; at += PAGE_SEALED_BYTES) {
        this.#unseal(SECTIONS.pages, first + at / PAGE_SEALED_BYTES, sealed.subarray(at, at + PAGE_SEALED_BYTES));
      }
    }
  }

  /**
   * Every entry in order, page by page; for merging and audits.
   * @param isSalvage passes damaged pages over
   */
  async *entries(isSalvage = false): AsyncIterable<{ readonly chunkId: Buffer; readonly location: IndexedLocation }> {
    for (let page = 0; page < this.header.pageCount; page += 1) {
      const bytes = await this.#page(page).catch((error: unknown) => {
        if (isSalvage && error instanceof EngineError && error.code === 'damaged') return Buffer.alloc(0);
        throw error;
      });
      for (let at = 0; at < bytes.length; at += ENTRY_BYTES) {
        yield { chunkId: bytes.subarray(at, at + CHUNK_ID_BYTES), location: this.#location(bytes, at) };
      }
    }
  }
}

/** @throws EngineError `damaged` when the segment was cut off; StoreError `not-found` when it is not there */
async function readPart(store: Store, name: string, range: SectionRange): Promise<Uint8Array> {
  try {
    return await store.get(name, { range });
  } catch (error) {
    if (!isStoreError(error, 'corrupt')) throw error;
    throw new EngineError('damaged', `${name} is shorter than its header says`, { cause: error });
  }
}
