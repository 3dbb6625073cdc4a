import { crc32 } from 'node:zlib';
import { blake3Of, type ChunkKind } from '../crypt/chunk-id.ts';
import { EngineError } from '../engine-error.ts';
import { FRAME_OVERHEAD_BYTES, openFrame, sealFrame, TRAILER_KIND, TRAILER_SLOT } from './frame.ts';
import {
  encodePackFooter,
  encodePackHeader,
  encodeTrailer,
  hashLeaves,
  LEAF_BYTES,
  PACK_FOOTER_BYTES,
  PACK_HEADER_BYTES,
  type PackHeader,
  TRAILER_ENTRY_BYTES,
  type TrailerEntry,
} from './pack-layout.ts';

/** Every sixteenth frame is opened again before the pack leaves this process (F-24). */
const VERIFY_EVERY = 16;

/** A pack that is complete in its buffer. */
export interface SealedPack {
  readonly sizeBytes: number;
  readonly merkleRoot: Buffer;
  readonly crc32: number;
  readonly frameCount: number;
}

export interface FrameLocation {
  readonly offset: number;
  readonly frameBytes: number;
}

/** Fills one pack in a buffer that is given to it and never grows. */
export class PackBuilder {
  readonly header: PackHeader;
  readonly #buffer: Buffer;
  readonly #packKey: Uint8Array;
  readonly #targetBytes: number;
  readonly #entries: TrailerEntry[] = [];
  #end: number;

  /** @param buffer at least `PackBuilder.bufferBytes(targetBytes, largest chunk)` */
  constructor(buffer: Uint8Array, header: PackHeader, packKey: Uint8Array, targetBytes: number) {
    this.#buffer = Buffer.from(buffer.buffer, buffer.byteOffset, buffer.byteLength);
    this.header = header;
    this.#packKey = packKey;
    this.#targetBytes = targetBytes;
    this.#buffer.set(encodePackHeader(header), 0);
    this.#end = PACK_HEADER_BYTES;
  }

  /** Buffer for packs of about `targetBytes` that may end with a frame of the largest chunk. */
  static bufferBytes(targetBytes: number, largestChunkBytes: number): number {
    const frames = targetBytes + largestChunkBytes + FRAME_OVERHEAD_BYTES;
    const trailer = Math.ceil(targetBytes / 1024) * TRAILER_ENTRY_BYTES + 65_536;
    return frames + trailer + Math.ceil((frames + trailer) / LEAF_BYTES) * 32 + PACK_FOOTER_BYTES;
  }

  get frameCount(): number {
    return this.#entries.length;
  }

  /** True when the pack reached its target size and must be sealed. */
  get isFull(): boolean {
    return this.#end >= this.#targetBytes || this.#entries.length * 1024 >= this.#targetBytes;
  }

  /** Seals a chunk into the next slot. */
  add(chunkId: Uint8Array, kind: ChunkKind, plain: Uint8Array, level: number): FrameLocation {
    if (this.isFull) throw new EngineError('invalid-argument', 'a full pack takes no more frames');
    const offset = this.#end;
    const slot = this.#entries.length;
    const { packId } = this.header;
    const frameBytes = sealFrame(this.#buffer, offset, this.#packKey, packId, slot, kind, plain, level);
    this.#end += frameBytes;
    this.#entries.push({ chunkId, kind, offset, frameBytes, plainBytes: plain.length });
    if (slot % VERIFY_EVERY === 0) this.#verify(slot, plain);
    return { offset, frameBytes };
  }

  #verify(slot: number, plain: Uint8Array): void {
    const entry = this.#entries[slot];
    if (entry === undefined) return;
    const opened = openFrame(this.#buffer, entry.offset, this.header.packId, entry.kind, () => this.#packKey);
    if (opened === undefined || Buffer.compare(opened, plain) !== 0) {
      throw new EngineError('damaged', 'a frame did not open to what was sealed; this machine has faulty memory');
    }
  }

  /** Writes trailer, leaves and footer; the pack is then `buffer[0, sizeBytes)`. */
  seal(): SealedPack {
    const trailerOffset = this.#end;
    const { packId } = this.header;
    const trailer = encodeTrailer(this.#entries);
    const trailerBytes = sealFrame(
      this.#buffer,
      trailerOffset,
      this.#packKey,
      packId,
      TRAILER_SLOT,
      TRAILER_KIND,
      trailer,
      1,
    );
    const leavesOffset = trailerOffset + trailerBytes;
    const leaves = hashLeaves(this.#buffer.subarray(0, leavesOffset));
    this.#buffer.set(leaves, leavesOffset);
    const footerOffset = leavesOffset + leaves.length;
    const bodyCrc32 = crc32(this.#buffer.subarray(0, footerOffset));
    const merkleRoot = blake3Of(leaves);
    const footer = encodePackFooter({
      trailerOffset,
      trailerBytes,
      leavesOffset,
      leafCount: leaves.length / 32,
      merkleRoot,
      bodyCrc32,
    });
    this.#buffer.set(footer, footerOffset);
    return {
      sizeBytes: footerOffset + footer.length,
      merkleRoot,
      crc32: crc32(footer, bodyCrc32),
      frameCount: this.#entries.length,
    };
  }
}
