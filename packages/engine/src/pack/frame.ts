import { constants, crc32, zstdCompressSync, zstdDecompressSync } from 'node:zlib';
import { numberedNonce, sealInto, TAG_BYTES, unseal } from '../crypt/aead.ts';
import { EngineError } from '../engine-error.ts';
import { PACK_ID_BYTES } from './pack-id.ts';

/** Frames as docs/format/packs.md lays them out. */
export const FRAME_HEADER_BYTES = 16;
const PREFIX_BYTES = 5;
/** What a native frame adds to its content at most. */
export const FRAME_OVERHEAD_BYTES = FRAME_HEADER_BYTES + PREFIX_BYTES + TAG_BYTES;
export const TRAILER_SLOT = 0xffff_ffff;
export const TRAILER_KIND = 255;
const NATIVE = 0x31464648; // "HFF1"
const MOVED = 0x314d4648; // "HFM1"
const TRAILER = 0x31544648; // "HFT1"
const PROBE_BYTES = 65_536;
const PROBE_FROM_BYTES = 4096;
const WORTH = 0.97;

function associatedData(kind: number, packId: Uint8Array, slot: number): Buffer {
  const associated = Buffer.allocUnsafe(2 + PACK_ID_BYTES + 4);
  associated[0] = 1;
  associated[1] = kind;
  associated.set(packId, 2);
  associated.writeUInt32LE(slot >>> 0, 2 + PACK_ID_BYTES);
  return associated;
}

function compress(plain: Uint8Array, level: number): Buffer {
  return zstdCompressSync(plain, {
    params: { [constants.ZSTD_c_compressionLevel]: level },
    chunkSize: Math.min(262_144, plain.length + 1024),
    pledgedSrcSize: plain.length,
  });
}

/** The compressed form, or undefined when that would not save 3 %. */
export function compressIfWorth(plain: Uint8Array, level: number): Buffer | undefined {
  if (plain.length > 4 * PROBE_BYTES && plain.length >= PROBE_FROM_BYTES) {
    const from = (plain.length - PROBE_BYTES) >> 1;
    if (compress(plain.subarray(from, from + PROBE_BYTES), 1).length > PROBE_BYTES * WORTH) return undefined;
  }
  const packed = compress(plain, level);
  return packed.length <= plain.length * WORTH ? packed : undefined;
}

/** Seals a chunk as a native frame into `target` at `at`. @returns the frame's length */
export function sealFrame(
  target: Buffer,
  at: number,
  packKey: Uint8Array,
  packId: Uint8Array,
  slot: number,
  kind: number,
  plain: Uint8Array,
  level: number,
): number {
  const packed = compressIfWorth(plain, level);
  const prefix = Buffer.allocUnsafe(PREFIX_BYTES);
  prefix[0] = packed === undefined ? 0 : 1;
  prefix.writeUInt32LE(plain.length, 1);
  const sealedBytes = sealInto(
    target,
    at + FRAME_HEADER_BYTES,
    packKey,
    numberedNonce(slot),
    associatedData(kind, packId, slot),
    [prefix, packed ?? plain],
  );
  target.writeUInt32LE(kind === TRAILER_KIND ? TRAILER : NATIVE, at);
  target.writeUInt32LE(sealedBytes, at + 4);
  target.writeUInt32LE(slot >>> 0, at + 8);
  target.writeUInt32LE(crc32(target.subarray(at, at + 12)), at + 12);
  return FRAME_HEADER_BYTES + sealedBytes;
}

/** The clear header of a frame. */
export interface FrameHeader {
  readonly headerBytes: number;
  readonly sealedBytes: number;
  readonly slot: number;
  /** Where the frame was sealed: this pack, or another for a moved frame. */
  readonly birthPackId: Uint8Array;
}

/** @returns undefined when the bytes at `at` are no intact frame header */
export function readFrameHeader(bytes: Buffer, at: number, packId: Uint8Array): FrameHeader | undefined {
  if (at + FRAME_HEADER_BYTES > bytes.length) return undefined;
  const magic = bytes.readUInt32LE(at);
  const isMoved = magic === MOVED;
  if (!isMoved && magic !== NATIVE && magic !== TRAILER) return undefined;
  const headerBytes = isMoved ? FRAME_HEADER_BYTES + PACK_ID_BYTES : FRAME_HEADER_BYTES;
  if (at + headerBytes > bytes.length) return undefined;
  let sum = crc32(bytes.subarray(at, at + 12));
  if (isMoved) sum = crc32(bytes.subarray(at + 16, at + headerBytes), sum);
  if (sum !== bytes.readUInt32LE(at + 12)) return undefined;
  return {
    headerBytes,
    sealedBytes: bytes.readUInt32LE(at + 4),
    slot: bytes.readUInt32LE(at + 8),
    birthPackId: isMoved ? bytes.subarray(at + 16, at + headerBytes) : packId,
  };
}

/** A frame's bytes as they are written when it moves into another pack: ciphertext and birth address stay (F-16). */
export function moveFrame(frame: Buffer, packId: Uint8Array): Buffer {
  const header = readFrameHeader(frame, 0, packId);
  if (header === undefined) throw new EngineError('damaged', 'a frame to be moved has no intact header');
  const moved = Buffer.allocUnsafe(FRAME_HEADER_BYTES + PACK_ID_BYTES + header.sealedBytes);
  moved.writeUInt32LE(MOVED, 0);
  moved.writeUInt32LE(header.sealedBytes, 4);
  moved.writeUInt32LE(header.slot, 8);
  moved.set(header.birthPackId, 16);
  moved.writeUInt32LE(crc32(moved.subarray(16, 32), crc32(moved.subarray(0, 12))), 12);
  moved.set(frame.subarray(header.headerBytes, header.headerBytes + header.sealedBytes), 32);
  return moved;
}

/**
 * Opens a frame: decrypts, checks position and kind, decompresses.
 * @param packKeyOf gives the pack key of a birth pack
 * @returns undefined when it does not verify
 */
export function openFrame(
  bytes: Buffer,
  at: number,
  packId: Uint8Array,
  kind: number,
  packKeyOf: (birthPackId: Uint8Array) => Uint8Array,
): Buffer | undefined {
  const header = readFrameHeader(bytes, at, packId);
  if (header === undefined) return undefined;
  const from = at + header.headerBytes;
  if (from + header.sealedBytes > bytes.length) return undefined;
  const opened = unseal(
    packKeyOf(header.birthPackId),
    numberedNonce(header.slot),
    associatedData(kind, header.birthPackId, header.slot),
    bytes.subarray(from, from + header.sealedBytes),
  );
  if (opened === undefined || opened.length < PREFIX_BYTES) return undefined;
  const plainBytes = opened.readUInt32LE(1);
  const content = opened.subarray(PREFIX_BYTES);
  if (opened[0] === 0) return content.length === plainBytes ? content : undefined;
  if (opened[0] !== 1)
    throw new EngineError('unsupported', `a frame uses codec ${opened[0]}, which this version lacks`);
  return decompress(content, plainBytes);
}

function decompress(content: Buffer, plainBytes: number): Buffer | undefined {
  try {
    const plain = zstdDecompressSync(content, {
      chunkSize: Math.min(262_144, Math.max(1024, plainBytes)),
      maxOutputLength: Math.max(plainBytes, 1),
    });
    return plain.length === plainBytes ? plain : undefined;
  } catch {
    // Authenticated bytes that do not decompress were sealed broken: damage, which the caller names.
    return undefined;
  }
}
