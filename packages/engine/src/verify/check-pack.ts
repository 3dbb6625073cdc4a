import { crc32 } from 'node:zlib';
import type { CountedPack } from '../authority/authority.ts';
import { blake3Of } from '../crypt/chunk-id.ts';
import { EngineError } from '../engine-error.ts';
import { isTrailerAt } from '../pack/frame.ts';
import { packKey } from '../pack/pack-id.ts';
import { decodePackFooter, HASH_BYTES, LEAF_BYTES, PACK_FOOTER_BYTES, type PackFooter } from '../pack/pack-layout.ts';
import { checksumsEqual, crc32Checksum } from '../store/checksum.ts';
import type { Store } from '../store/store.ts';
import { isStoreError } from '../store/store-error.ts';

/** What one look at a pack found. */
export interface PackFinding {
  /** Absent: good. */
  readonly damage?: string;
  /** Byte ranges whose leaves do not match; the whole pack when even the leaves are lost. */
  readonly ranges: readonly { readonly offset: number; readonly length: number }[];
}

const GOOD: PackFinding = { ranges: [] };

/** Asks the store for size and checksum: one HEAD, nothing is read. A store that keeps no checksum shows only losses. */
export async function checkPackCheaply(store: Store, pack: CountedPack, signal?: AbortSignal): Promise<PackFinding> {
  try {
    const facts = await store.head(packKey(pack.packId), signal === undefined ? {} : { signal });
    if (facts.sizeBytes !== pack.sizeBytes) {
      return whole(pack, `the object has ${facts.sizeBytes} bytes instead of ${pack.sizeBytes}`);
    }
    const expected = crc32Checksum(pack.crc32);
    if (store.properties.checksums !== 'store' || facts.checksum?.algorithm !== 'crc32') return GOOD;
    return checksumsEqual(facts.checksum, expected) ? GOOD : whole(pack, 'the store holds another checksum');
  } catch (error) {
    if (isStoreError(error, 'not-found')) return whole(pack, 'the object is gone');
    throw error;
  }
}

/** Reads every byte and compares leaves, Merkle root and the root that the authority knows (F-22); needs no key. */
export async function checkPackDeeply(store: Store, pack: CountedPack, signal?: AbortSignal): Promise<PackFinding> {
  try {
    const got = await store.get(packKey(pack.packId), signal === undefined ? {} : { signal });
    return checkPackBytes(pack, Buffer.from(got.buffer, got.byteOffset, got.byteLength));
  } catch (error) {
    if (isStoreError(error, 'not-found')) return whole(pack, 'the object is gone');
    if (isStoreError(error, 'corrupt')) return whole(pack, error.message);
    throw error;
  }
}

export function checkPackBytes(pack: CountedPack, bytes: Buffer): PackFinding {
  if (bytes.length !== pack.sizeBytes) {
    return whole(pack, `the object has ${bytes.length} bytes instead of ${pack.sizeBytes}`);
  }
  const footer = tryFooter(bytes, pack.packId);
  if (footer === undefined) return whole(pack, 'the footer is damaged');
  const leaves = bytes.subarray(footer.leavesOffset, footer.leavesOffset + footer.leafCount * HASH_BYTES);
  if (blake3Of(leaves).toString('hex') !== pack.merkleRoot)
    return whole(pack, 'the leaf hashes are damaged or replaced');
  const ranges = damagedLeaves(bytes.subarray(0, footer.leavesOffset), leaves);
  if (ranges.length === 0) return isFooterOf(pack, bytes, footer) ? GOOD : footerOnly(bytes.length);
  const [first] = ranges;
  return {
    damage: `${ranges.length} of ${footer.leafCount} leaves are damaged, the first at byte ${first?.offset}`,
    ranges,
  };
}

function tryFooter(bytes: Buffer, name: string): PackFooter | undefined {
  try {
    return decodePackFooter(bytes.subarray(Math.max(0, bytes.length - PACK_FOOTER_BYTES)), name);
  } catch (error) {
    if (error instanceof EngineError && error.code === 'damaged') return undefined;
    throw error;
  }
}

function damagedLeaves(body: Buffer, leaves: Buffer): PackFinding['ranges'] {
  const ranges: { offset: number; length: number }[] = [];
  for (let offset = 0, leaf = 0; offset < body.length; offset += LEAF_BYTES, leaf += 1) {
    const bytes = body.subarray(offset, offset + LEAF_BYTES);
    if (!blake3Of(bytes).equals(leaves.subarray(leaf * HASH_BYTES, (leaf + 1) * HASH_BYTES)))
      ranges.push({ offset, length: bytes.length });
  }
  return ranges;
}

/**
 * Every field follows from the bytes before the footer. The checksum of the object does not speak of them: a CRC behind the
 * bytes that it sums up leaves the same remainder whatever they are.
 */
function isFooterOf(pack: CountedPack, bytes: Buffer, footer: PackFooter): boolean {
  const { trailerOffset, trailerBytes, leavesOffset, leafCount } = footer;
  const bodyBytes = bytes.length - PACK_FOOTER_BYTES;
  return (
    leafCount === Math.ceil(leavesOffset / LEAF_BYTES) &&
    leavesOffset + leafCount * HASH_BYTES === bodyBytes &&
    trailerOffset + trailerBytes === leavesOffset &&
    isTrailerAt(bytes, trailerOffset) &&
    Buffer.from(footer.merkleRoot).toString('hex') === pack.merkleRoot &&
    footer.bodyCrc32 === crc32(bytes.subarray(0, bodyBytes))
  );
}

/** Header, frames and trailer are what they were; a changed footer leads readers astray that have no index. */
function footerOnly(sizeBytes: number): PackFinding {
  return {
    damage: 'the footer was changed',
    ranges: [{ offset: sizeBytes - PACK_FOOTER_BYTES, length: PACK_FOOTER_BYTES }],
  };
}

function whole(pack: CountedPack, damage: string): PackFinding {
  return { damage, ranges: [{ offset: 0, length: pack.sizeBytes }] };
}
