import type { PackId } from '../authority/authority.ts';
import { ByteReader } from '../codec/byte-reader.ts';
import { type ChunkRef, PackTable, readChunkRef } from '../content/chunk-ref.ts';
import type { ItemRecord } from '../content/item-record.ts';
import { readMetadata } from '../content/metadata-codec.ts';
import { pathOfSortKey } from '../content/sort-key.ts';
import { readContent, type StoredContent } from '../content/stored-content.ts';
import { EngineError } from '../engine-error.ts';
import { ITEM_TYPES, LEAF_NODE } from './node-layout.ts';

/** An item as a leaf holds it; the record is decoded only when somebody asks, since a merge rarely does. */
export interface StoredItem {
  readonly key: Buffer;
  readonly sizeBytes: number;
  readonly fingerprint: Uint8Array | undefined;
  readonly content: StoredContent;
  record(): ItemRecord;
}

type Mutable<T> = { -readonly [K in keyof T]: T[K] };

/** Reads the items of a leaf one after the other. */
export class LeafDecoder {
  readonly #reader: ByteReader;
  readonly #packs: readonly PackId[];
  readonly #chunks: readonly ChunkRef[];
  #left: number;
  #lastKey: Buffer = Buffer.alloc(0);

  constructor(bytes: Buffer) {
    this.#reader = new ByteReader(bytes);
    if (this.#reader.u8() !== LEAF_NODE) throw new EngineError('damaged', 'a tree leaf has another type');
    this.#packs = PackTable.read(this.#reader);
    const chunks: ChunkRef[] = [];
    for (let count = this.#reader.uvarint(); count > 0; count -= 1)
      chunks.push(readChunkRef(this.#reader, this.#packs));
    this.#chunks = chunks;
    this.#left = this.#reader.uvarint();
  }

  next(): StoredItem | undefined {
    if (this.#left === 0) return undefined;
    this.#left -= 1;
    const reader = this.#reader;
    const shared = reader.uvarint();
    const rest = reader.bytes();
    const key = Buffer.allocUnsafe(shared + rest.length);
    key.set(this.#lastKey.subarray(0, shared), 0);
    key.set(rest, shared);
    this.#lastKey = key;
    const type = ITEM_TYPES[reader.u8()];
    if (type === undefined || type === '') throw new EngineError('unsupported', 'an item has an unknown type');
    const sizeBytes = reader.uvarint();
    const bits = reader.u8();
    const fingerprint = bits & 1 ? reader.bytes() : undefined;
    const linkTarget = bits & 2 ? reader.bytes() : undefined;
    const hardLinkTo = bits & 4 ? reader.bytes() : undefined;
    const rdev = bits & 8 ? { major: reader.uvarint(), minor: reader.uvarint() } : undefined;
    const metadata = reader.bytes();
    const content = readContent(reader, this.#chunks, this.#packs);
    const record = (): ItemRecord => {
      const item: Mutable<ItemRecord> = { path: pathOfSortKey(key), type, sizeBytes, metadata: readMetadata(metadata) };
      if (fingerprint) item.fingerprint = fingerprint;
      if (linkTarget) item.linkTarget = linkTarget;
      if (hardLinkTo) item.hardLinkTo = hardLinkTo;
      if (rdev) item.rdev = rdev;
      return item;
    };
    return { key, sizeBytes, fingerprint, content, record };
  }
}
