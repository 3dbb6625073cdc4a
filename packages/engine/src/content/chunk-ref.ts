import type { PackId } from '../authority/authority.ts';
import type { ByteReader } from '../codec/byte-reader.ts';
import type { ByteWriter } from '../codec/byte-writer.ts';
import { CHUNK_ID_BYTES } from '../crypt/chunk-id.ts';
import { EngineError } from '../engine-error.ts';
import { PACK_ID_BYTES, packIdBytes, packIdText } from '../pack/pack-id.ts';

/** A chunk and where it was when the reference was written. */
export interface ChunkRef {
  /** 24 bytes. */
  readonly chunkId: Buffer;
  readonly packId: PackId;
  readonly offset: number;
  readonly frameBytes: number;
  readonly plainBytes: number;
}

/** The JSON form of docs/format/points.md. */
export type ChunkRefJson = readonly [
  chunkId: string,
  packId: string,
  offset: number,
  frameBytes: number,
  plainBytes: number,
];

export function chunkRefToJson(ref: ChunkRef): ChunkRefJson {
  return [ref.chunkId.toString('hex'), ref.packId, ref.offset, ref.frameBytes, ref.plainBytes];
}

export function chunkRefFromJson(json: ChunkRefJson): ChunkRef {
  const [chunkId, packId, offset, frameBytes, plainBytes] = json;
  return { chunkId: Buffer.from(chunkId, 'hex'), packId, offset, frameBytes, plainBytes };
}

/** Numbers the packs that a node names, in order of first use. */
export class PackTable {
  readonly #ordinals = new Map<PackId, number>();

  ordinal(packId: PackId): number {
    const known = this.#ordinals.get(packId);
    if (known !== undefined) return known;
    const next = this.#ordinals.size;
    this.#ordinals.set(packId, next);
    return next;
  }

  write(writer: ByteWriter): void {
    writer.uvarint(this.#ordinals.size);
    for (const packId of this.#ordinals.keys()) writer.raw(packIdBytes(packId));
  }

  static read(reader: ByteReader): readonly PackId[] {
    const count = reader.uvarint();
    const packs: PackId[] = [];
    for (let index = 0; index < count; index += 1) packs.push(packIdText(reader.raw(PACK_ID_BYTES)));
    return packs;
  }
}

/** A node reference in binary form; the pack is an index into a table at hand. */
export function writeChunkRef(writer: ByteWriter, ref: ChunkRef, packOrdinal: number): void {
  writer.raw(ref.chunkId).uvarint(packOrdinal).uvarint(ref.offset).uvarint(ref.frameBytes).uvarint(ref.plainBytes);
}

export function readChunkRef(reader: ByteReader, packs: readonly PackId[]): ChunkRef {
  const chunkId = reader.raw(CHUNK_ID_BYTES);
  const packId = packs[reader.uvarint()];
  if (packId === undefined) throw new EngineError('damaged', 'a reference names a pack beyond its table');
  return {
    chunkId,
    packId,
    offset: reader.uvarint(),
    frameBytes: reader.uvarint(),
    plainBytes: reader.uvarint(),
  };
}
