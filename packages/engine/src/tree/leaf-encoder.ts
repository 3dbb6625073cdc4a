import type { PackId } from '../authority/authority.ts';
import { ByteWriter } from '../codec/byte-writer.ts';
import { type ChunkRef, PackTable, writeChunkRef } from '../content/chunk-ref.ts';
import type { ItemRecord } from '../content/item-record.ts';
import { writeMetadata } from '../content/metadata-codec.ts';
import { type StoredContent, writeContent } from '../content/stored-content.ts';
import { blake3Of } from '../crypt/chunk-id.ts';
import { ITEM_TYPES, LEAF_NODE, type NodeSummary } from './node-layout.ts';

const MIN_BYTES = 32_768;
const MAX_BYTES = 131_072;
const END_BELOW = 2;

/** Collects items until the leaf ends by the rule of docs/format/trees.md. */
export class LeafEncoder {
  readonly #entries = new ByteWriter(MAX_BYTES + 4096);
  readonly #metadata = new ByteWriter(1024);
  #packs = new PackTable();
  /** By identity: the pipeline shares one object per chunk; the second map finds equal ones from other leaves. */
  #chunkOrdinals = new Map<ChunkRef, number>();
  #chunksById = new Map<string, number>();
  #chunks: ChunkRef[] = [];
  #count = 0;
  #firstKey: Buffer = Buffer.alloc(0);
  #lastKey: Buffer = Buffer.alloc(0);
  #logicalBytes = 0;
  #contentCount = 0;

  get isEmpty(): boolean {
    return this.#count === 0;
  }

  get firstKey(): Buffer {
    return this.#firstKey;
  }

  readonly #context = {
    chunkOrdinal: (chunk: ChunkRef) => this.#chunkOrdinal(chunk),
    packOrdinal: (packId: PackId) => this.#packs.ordinal(packId),
  };

  #chunkOrdinal(chunk: ChunkRef): number {
    const known = this.#chunkOrdinals.get(chunk);
    if (known !== undefined) return known;
    const id = chunk.chunkId.toString('latin1');
    const ordinal = this.#chunksById.get(id) ?? this.#chunks.push(chunk) - 1;
    this.#chunksById.set(id, ordinal);
    this.#chunkOrdinals.set(chunk, ordinal);
    return ordinal;
  }

  /** @returns true when the leaf ends behind this item */
  add(key: Buffer, item: ItemRecord, content: StoredContent): boolean {
    this.#writeKey(key);
    const writer = this.#entries;
    writer.u8(ITEM_TYPES.indexOf(item.type)).uvarint(item.sizeBytes);
    writer.u8((item.fingerprint ? 1 : 0) | (item.linkTarget ? 2 : 0) | (item.hardLinkTo ? 4 : 0) | (item.rdev ? 8 : 0));
    if (item.fingerprint) writer.bytes(item.fingerprint);
    if (item.linkTarget) writer.bytes(item.linkTarget);
    if (item.hardLinkTo) writer.bytes(item.hardLinkTo);
    if (item.rdev) writer.uvarint(item.rdev.major).uvarint(item.rdev.minor);
    this.#metadata.clear();
    writeMetadata(this.#metadata, item.metadata);
    writer.bytes(this.#metadata.view());
    writeContent(writer, content, this.#context);
    this.#count += 1;
    this.#logicalBytes += item.sizeBytes;
    if (content.form !== 'none') this.#contentCount += 1;
    if (writer.length >= MAX_BYTES) return true;
    return writer.length >= MIN_BYTES && (blake3Of(key)[0] ?? 0) < END_BELOW;
  }

  #writeKey(key: Buffer): void {
    let shared = 0;
    if (this.#count === 0) this.#firstKey = key;
    else {
      const limit = Math.min(key.length, this.#lastKey.length);
      while (shared < limit && key[shared] === this.#lastKey[shared]) shared += 1;
    }
    this.#entries.uvarint(shared).bytes(key.subarray(shared));
    this.#lastKey = key;
  }

  /** The finished leaf; the encoder is empty afterwards. */
  take(): { readonly bytes: Buffer; readonly firstKey: Buffer; readonly summary: NodeSummary } {
    const body = new ByteWriter(this.#entries.length + this.#chunks.length * 48 + 64);
    // The chunk table first, so that its packs get their numbers before the pack table is written.
    const chunkTable = new ByteWriter(this.#chunks.length * 40 + 8);
    chunkTable.uvarint(this.#chunks.length);
    for (const chunk of this.#chunks) writeChunkRef(chunkTable, chunk, this.#packs.ordinal(chunk.packId));
    body.u8(LEAF_NODE);
    this.#packs.write(body);
    body.raw(chunkTable.view()).uvarint(this.#count).raw(this.#entries.view());
    const result = {
      bytes: body.take(),
      firstKey: this.#firstKey,
      summary: { itemCount: this.#count, logicalBytes: this.#logicalBytes, contentCount: this.#contentCount },
    };
    this.#reset();
    return result;
  }

  #reset(): void {
    this.#entries.clear();
    this.#packs = new PackTable();
    this.#chunkOrdinals = new Map();
    this.#chunksById = new Map();
    this.#chunks = [];
    this.#count = 0;
    this.#logicalBytes = 0;
    this.#contentCount = 0;
  }
}
