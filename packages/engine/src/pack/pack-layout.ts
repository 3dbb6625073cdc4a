import { crc32 } from 'node:zlib';
import { ByteWriter } from '../codec/byte-writer.ts';
import { checkEnvelope, writeEnvelope } from '../codec/envelope.ts';
import { blake3Of, FULL_CHUNK_ID_BYTES } from '../crypt/chunk-id.ts';
import { EngineError } from '../engine-error.ts';
import { openFrame, TRAILER_KIND } from './frame.ts';
import { PACK_ID_BYTES } from './pack-id.ts';

/** Header, trailer, leaves and footer of a pack (docs/format/packs.md). */
export const PACK_HEADER_BYTES = 64;
export const PACK_FOOTER_BYTES = 64;
export const LEAF_BYTES = 65_536;
export const TRAILER_ENTRY_BYTES = 48;
const FOOTER_MAGIC = Buffer.from('HLDFPEND', 'latin1');
export const HASH_BYTES = 32;

export type PackKind = 'data' | 'tree';

export interface PackHeader {
  readonly packId: Uint8Array;
  readonly kind: PackKind;
  /** 0 for the cohort without end. */
  readonly cohortUntilAt: number;
}

export function encodePackHeader(header: PackHeader): Buffer {
  const writer = new ByteWriter(PACK_HEADER_BYTES);
  writeEnvelope(writer, 'pack');
  writer
    .raw(header.packId)
    .u8(header.kind === 'data' ? 1 : 2)
    .raw(new Uint8Array(7));
  writer.u64(header.cohortUntilAt).raw(new Uint8Array(20));
  return writer.u32(crc32(writer.view())).take();
}

export function decodePackHeader(bytes: Buffer, name: string): PackHeader {
  checkEnvelope(bytes, 'pack', name);
  if (bytes.length < PACK_HEADER_BYTES || crc32(bytes.subarray(0, 60)) !== bytes.readUInt32LE(60)) {
    throw new EngineError('damaged', `${name} has a damaged header`);
  }
  return {
    packId: bytes.subarray(8, 8 + PACK_ID_BYTES),
    kind: bytes[24] === 1 ? 'data' : 'tree',
    cohortUntilAt: bytes.readUInt32LE(32) + bytes.readUInt32LE(36) * 0x1_0000_0000,
  };
}

export interface PackFooter {
  readonly trailerOffset: number;
  readonly trailerBytes: number;
  readonly leavesOffset: number;
  readonly leafCount: number;
  readonly merkleRoot: Uint8Array;
  /** CRC-32 of everything before the footer. */
  readonly bodyCrc32: number;
}

export function encodePackFooter(footer: PackFooter): Buffer {
  const writer = new ByteWriter(PACK_FOOTER_BYTES);
  writer.raw(FOOTER_MAGIC).u32(footer.trailerOffset).u32(footer.trailerBytes);
  writer.u32(footer.leavesOffset).u32(footer.leafCount).raw(footer.merkleRoot).u32(footer.bodyCrc32);
  return writer.u32(crc32(writer.view())).take();
}

export function decodePackFooter(bytes: Buffer, name: string): PackFooter {
  const intact =
    bytes.length === PACK_FOOTER_BYTES &&
    bytes.subarray(0, 8).equals(FOOTER_MAGIC) &&
    crc32(bytes.subarray(0, 60)) === bytes.readUInt32LE(60);
  if (!intact) throw new EngineError('damaged', `${name} has a damaged footer`);
  return {
    trailerOffset: bytes.readUInt32LE(8),
    trailerBytes: bytes.readUInt32LE(12),
    leavesOffset: bytes.readUInt32LE(16),
    leafCount: bytes.readUInt32LE(20),
    merkleRoot: bytes.subarray(24, 24 + HASH_BYTES),
    bodyCrc32: bytes.readUInt32LE(56),
  };
}

/** Hashes of the 64 KiB leaves of a pack's body, joined. */
export function hashLeaves(body: Uint8Array): Buffer {
  const count = Math.ceil(body.length / LEAF_BYTES);
  const leaves = Buffer.allocUnsafe(count * HASH_BYTES);
  for (let leaf = 0; leaf < count; leaf += 1) {
    leaves.set(blake3Of(body.subarray(leaf * LEAF_BYTES, (leaf + 1) * LEAF_BYTES)), leaf * HASH_BYTES);
  }
  return leaves;
}

/** A frame as its pack's trailer lists it. */
export interface TrailerEntry {
  /** All 32 bytes. */
  readonly chunkId: Uint8Array;
  readonly kind: number;
  readonly offset: number;
  readonly frameBytes: number;
  readonly plainBytes: number;
}

export function encodeTrailer(entries: readonly TrailerEntry[]): Buffer {
  const writer = new ByteWriter(4 + entries.length * TRAILER_ENTRY_BYTES);
  writer.u32(entries.length);
  for (const entry of entries) {
    writer.raw(entry.chunkId).u8(entry.kind).raw(new Uint8Array(3));
    writer.u32(entry.offset).u32(entry.frameBytes).u32(entry.plainBytes);
  }
  return writer.take();
}

/** Opens the trailer frame of a pack. @throws EngineError `damaged` */
export function decodeTrailer(
  frame: Buffer,
  packId: Uint8Array,
  packKeyOf: (birthPackId: Uint8Array) => Uint8Array,
  name: string,
): readonly TrailerEntry[] {
  const plain = openFrame(frame, 0, packId, TRAILER_KIND, packKeyOf);
  if (plain === undefined) throw new EngineError('damaged', `${name} has a trailer that does not verify`);
  const count = plain.readUInt32LE(0);
  const entries: TrailerEntry[] = [];
  for (let index = 0; index < count; index += 1) {
    const at = 4 + index * TRAILER_ENTRY_BYTES;
    entries.push({
      chunkId: plain.subarray(at, at + FULL_CHUNK_ID_BYTES),
      kind: plain[at + 32] ?? 0,
      offset: plain.readUInt32LE(at + 36),
      frameBytes: plain.readUInt32LE(at + 40),
      plainBytes: plain.readUInt32LE(at + 44),
    });
  }
  return entries;
}
