import { crc32 } from 'node:zlib';
import { numberedNonce, sealInPlace, TAG_BYTES, unsealInto } from '../crypt/aead.ts';
import { EngineError } from '../engine-error.ts';
import { zstd } from '../native/zstd.ts';
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
const WORTH = 0.97;

/** Whether a trailer frame begins there; nothing is opened. */
export function isTrailerAt(bytes: Buffer, offset: number): boolean {
  return offset + FRAME_HEADER_BYTES <= bytes.length && bytes.readUInt32LE(offset) === TRAILER;
}

function associatedData(kind: number, packId: Uint8Array, slot: number): Buffer {
  const associated = Buffer.allocUnsafe(2 + PACK_ID_BYTES + 4);
  associated[0] = 1;
  associated[1] = kind;
  associated.set(packId, 2);
  associated.writeUInt32LE(slot >>> 0, 2 + PACK_ID_BYTES);
  return associated;
}

/** Room for one thing at a time: kept between calls, since chunks come one after the other. */
class Scratch {
  #bytes = Buffer.alloc(0);

  take(count: number): Buffer {
    if (this.#bytes.length < count) this.#bytes = Buffer.allocUnsafeSlow(Math.ceil(count / PROBE_BYTES) * PROBE_BYTES);
    return this.#bytes.subarray(0, count);
  }
}

const probed = new Scratch();
const unsealed = new Scratch();

/** Compresses into `target`. @returns how long it is, or undefined when that would not save 3 % */
function compressIfWorth(target: Uint8Array, plain: Uint8Array, level: number): number | undefined {
  if (plain.length > 4 * PROBE_BYTES) {
    const from = (plain.length - PROBE_BYTES) >> 1;
    const probe = zstd.compress(probed.take(PROBE_BYTES), plain.subarray(from, from + PROBE_BYTES), 1);
    if (probe === undefined || probe > PROBE_BYTES * WORTH) return undefined;
  }
  const packed = zstd.compress(target, plain, level);
  return packed !== undefined && packed <= plain.length * WORTH ? packed : undefined;
}

/**
 * Seals a chunk as a native frame into `target` at `at`, compressed and encrypted where it will lie.
 * @returns the frame's length
 */
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
  const body = at + FRAME_HEADER_BYTES;
  const room = target.subarray(body + PREFIX_BYTES, target.length - TAG_BYTES);
  const packedBytes = compressIfWorth(room, plain, level);
  if (packedBytes === undefined) room.set(plain);
  target[body] = packedBytes === undefined ? 0 : 1;
  target.writeUInt32LE(plain.length, body + 1);
  const contentBytes = PREFIX_BYTES + (packedBytes ?? plain.length);
  const associated = associatedData(kind, packId, slot);
  const sealedBytes = sealInPlace(target, body, contentBytes, packKey, numberedNonce(slot), associated);
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
 * @param room where the chunk may be put if it fits; else, and without it, it gets a buffer of its own
 * @returns undefined when it does not verify
 */
export function openFrame(
  bytes: Buffer,
  at: number,
  packId: Uint8Array,
  kind: number,
  packKeyOf: (birthPackId: Uint8Array) => Uint8Array,
  room?: Buffer,
): Buffer | undefined {
  const header = readFrameHeader(bytes, at, packId);
  if (header === undefined) return undefined;
  const from = at + header.headerBytes;
  if (from + header.sealedBytes > bytes.length || header.sealedBytes < TAG_BYTES) return undefined;
  const opened = unsealed.take(header.sealedBytes - TAG_BYTES);
  const openedBytes = unsealInto(
    opened,
    packKeyOf(header.birthPackId),
    numberedNonce(header.slot),
    associatedData(kind, header.birthPackId, header.slot),
    bytes.subarray(from, from + header.sealedBytes),
  );
  if (openedBytes === undefined || openedBytes < PREFIX_BYTES) return undefined;
  return contentOf(opened, room);
}

/** The chunk in a decrypted frame. */
function contentOf(opened: Buffer, room: Buffer | undefined): Buffer | undefined {
  const plainBytes = opened.readUInt32LE(1);
  const content = opened.subarray(PREFIX_BYTES);
  if (opened[0] !== 0 && opened[0] !== 1)
    throw new EngineError('unsupported', `a frame uses codec ${opened[0]}, which this version lacks`);
  if (opened[0] === 0 && content.length !== plainBytes) return undefined;
  const plain = room && room.length >= plainBytes ? room.subarray(0, plainBytes) : Buffer.allocUnsafe(plainBytes);
  if (opened[0] === 0) plain.set(content);
  else if (zstd.decompress(plain, content) !== plainBytes) return undefined;
  return plain;
}
