import { crc32 } from 'node:zlib';
import type { PackFacts } from '../authority/authority.ts';
import { blake3Of, CHUNK_ID_BYTES } from '../crypt/chunk-id.ts';
import { FRAME_OVERHEAD_BYTES, sealFrame, TRAILER_KIND, TRAILER_SLOT } from '../pack/frame.ts';
import { packIdText } from '../pack/pack-id.ts';
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
} from '../pack/pack-layout.ts';

/** A frame on its way into a new pack: moved as ciphertext, or sealed for it under a slot of its own. */
export interface FrameForPack {
  /** All 32 bytes. */
  readonly chunkId: Buffer;
  readonly kind: number;
  readonly plainBytes: number;
  readonly frame: Buffer;
}

export interface FinishedPack {
  readonly body: Buffer;
  readonly facts: PackFacts;
  readonly entries: readonly TrailerEntry[];
}

/** Lays frames that are ready one behind the other and closes the pack with trailer, leaves and footer. */
export function finishPack(header: PackHeader, packKey: Uint8Array, frames: readonly FrameForPack[]): FinishedPack {
  const body = Buffer.allocUnsafe(packBytes(frames));
  body.set(encodePackHeader(header), 0);
  let end = PACK_HEADER_BYTES;
  const entries = frames.map(({ chunkId, kind, plainBytes, frame }): TrailerEntry => {
    const offset = end;
    body.set(frame, offset);
    end += frame.length;
    return { chunkId, kind, offset, frameBytes: frame.length, plainBytes };
  });
  const trailerOffset = end;
  const trailer = encodeTrailer(entries);
  end += sealFrame(body, end, packKey, header.packId, TRAILER_SLOT, TRAILER_KIND, trailer, 1);
  const leavesOffset = end;
  const leaves = hashLeaves(body.subarray(0, leavesOffset));
  body.set(leaves, leavesOffset);
  end += leaves.length;
  const bodyCrc32 = crc32(body.subarray(0, end));
  const merkleRoot = blake3Of(leaves);
  const footer = encodePackFooter({
    trailerOffset,
    trailerBytes: leavesOffset - trailerOffset,
    leavesOffset,
    leafCount: leaves.length / 32,
    merkleRoot,
    bodyCrc32,
  });
  body.set(footer, end);
  const sizeBytes = end + footer.length;
  const facts: PackFacts = {
    packId: packIdText(header.packId),
    kind: header.kind,
    sizeBytes,
    ...(header.cohortUntilAt === 0 ? {} : { cohortUntilAt: header.cohortUntilAt }),
    merkleRoot: merkleRoot.toString('hex'),
    crc32: crc32(footer, bodyCrc32),
  };
  return { body: body.subarray(0, sizeBytes), facts, entries };
}

/** An upper bound of the finished pack's size. */
function packBytes(frames: readonly FrameForPack[]): number {
  const content = frames.reduce((sum, { frame }) => sum + frame.length, 0);
  const trailer = 4 + frames.length * TRAILER_ENTRY_BYTES + FRAME_OVERHEAD_BYTES + CHUNK_ID_BYTES;
  const hashed = PACK_HEADER_BYTES + content + trailer;
  return hashed + Math.ceil(hashed / LEAF_BYTES) * 32 + PACK_FOOTER_BYTES;
}
