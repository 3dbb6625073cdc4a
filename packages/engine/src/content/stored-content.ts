import type { PackId } from '../authority/authority.ts';
import type { ByteReader } from '../codec/byte-reader.ts';
import type { ByteWriter } from '../codec/byte-writer.ts';
import { EngineError } from '../engine-error.ts';
import { type ChunkRef, readChunkRef, writeChunkRef } from './chunk-ref.ts';

/** Checksum of an item's data: 1 = BLAKE3. */
export interface ContentChecksum {
  readonly algorithm: 1;
  readonly value: Uint8Array;
}

/** A run of bytes: in a chunk, or a hole when `chunk` is absent. */
export interface Extent {
  readonly length: number;
  readonly chunk?: ChunkRef;
  /** Where in the chunk the run begins; 0 for holes. */
  readonly chunkOffset: number;
}

/** Where an item's content is (docs/format/trees.md, "Content"). */
export type StoredContent =
  | { readonly form: 'none' }
  | { readonly form: 'inline'; readonly bytes: Uint8Array }
  | { readonly form: 'extents'; readonly checksum: ContentChecksum; readonly extents: readonly Extent[] }
  | { readonly form: 'map'; readonly checksum: ContentChecksum; readonly height: number; readonly root: ChunkRef };

/** F-41 */
export const INLINE_LIMIT_BYTES = 256;
export const EXTENT_LIMIT = 64;
export const CHECKSUM_BYTES = 32;

/** Writes an extent; `chunkOrdinal` numbers the chunk in the node's chunk table. */
export function writeExtent(writer: ByteWriter, extent: Extent, chunkOrdinal: (chunk: ChunkRef) => number): void {
  writer.uvarint(extent.length);
  if (extent.chunk === undefined) writer.uvarint(0);
  else writer.uvarint(chunkOrdinal(extent.chunk) + 1).uvarint(extent.chunkOffset);
}

export function readExtent(reader: ByteReader, chunks: readonly ChunkRef[]): Extent {
  const length = reader.uvarint();
  const ordinal = reader.uvarint();
  if (ordinal === 0) return { length, chunkOffset: 0 };
  const chunk = chunks[ordinal - 1];
  const chunkOffset = reader.uvarint();
  if (chunk === undefined || chunkOffset + length > chunk.plainBytes) {
    throw new EngineError('damaged', 'an extent reaches beyond its chunk');
  }
  return { length, chunk, chunkOffset };
}

function writeChecksum(writer: ByteWriter, checksum: ContentChecksum): void {
  writer.u8(checksum.algorithm).raw(checksum.value);
}

function readChecksum(reader: ByteReader): ContentChecksum {
  const algorithm = reader.u8();
  if (algorithm !== 1) {
    throw new EngineError('unsupported', `a content has checksum algorithm ${algorithm}, which this version lacks`);
  }
  return { algorithm, value: reader.raw(CHECKSUM_BYTES) };
}

export interface ContentWriteContext {
  chunkOrdinal(chunk: ChunkRef): number;
  packOrdinal(packId: PackId): number;
}

export function writeContent(writer: ByteWriter, content: StoredContent, context: ContentWriteContext): void {
  switch (content.form) {
    case 'none':
      writer.u8(0);
      return;
    case 'inline':
      writer.u8(1).bytes(content.bytes);
      return;
    case 'extents':
      writer.u8(2);
      writeChecksum(writer, content.checksum);
      writer.uvarint(content.extents.length);
      for (const extent of content.extents) writeExtent(writer, extent, context.chunkOrdinal);
      return;
    case 'map':
      writer.u8(3);
      writeChecksum(writer, content.checksum);
      writer.u8(content.height);
      writeChunkRef(writer, content.root, context.packOrdinal(content.root.packId));
      return;
  }
}

export function readContent(reader: ByteReader, chunks: readonly ChunkRef[], packs: readonly PackId[]): StoredContent {
  const form = reader.u8();
  switch (form) {
    case 0:
      return { form: 'none' };
    case 1:
      return { form: 'inline', bytes: reader.bytes() };
    case 2: {
      const checksum = readChecksum(reader);
      const count = reader.uvarint();
      const extents: Extent[] = [];
      for (let index = 0; index < count; index += 1) extents.push(readExtent(reader, chunks));
      return { form: 'extents', checksum, extents };
    }
    case 3: {
      const checksum = readChecksum(reader);
      const height = reader.u8();
      return { form: 'map', checksum, height, root: readChunkRef(reader, packs) };
    }
    default:
      throw new EngineError('unsupported', `a content has form ${form}, which this version lacks`);
  }
}
