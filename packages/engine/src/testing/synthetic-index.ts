import { CHUNK_ID_BYTES } from '../crypt/chunk-id.ts';
import { derivedKeys } from '../crypt/derived-keys.ts';
import { type IndexedPack, SEGMENT_ID_BYTES, segmentKey } from '../index/segment-layout.ts';
import { encodeSegment, type SegmentEntry } from '../index/segment-writer.ts';
import { makePackId, packIdText } from '../pack/pack-id.ts';
import { putObject } from '../put-object.ts';
import type { VaultParts } from '../retention/vault-parts.ts';

/** As content-defined chunking of the default parameters makes them, measured on files of all kinds. */
const CHUNK_BYTES = 1.25 * 2 ** 20;
const PACK_BYTES = 32 * 2 ** 20;
/** As large as merging makes segments. */
const SEGMENT_CHUNKS = 500_000;

/**
 * Puts index segments into a vault that speak of `tebibytes` of chunks in packs that do not exist: for measurements of
 * what an index of that size costs. Nothing else may be done with the vault but backups.
 * @returns how many segments there are
 */
export async function addSyntheticIndex(parts: VaultParts, tebibytes: number): Promise<number> {
  const count = Math.ceil((tebibytes * 2 ** 40) / CHUNK_BYTES / SEGMENT_CHUNKS);
  const names: string[] = [];
  const { serial, key } = await parts.keys.writeKey();
  for (let segment = 0; segment < count; segment += 1) {
    const segmentId = parts.random(SEGMENT_ID_BYTES);
    const keys = { segmentId, dataKeySerial: serial, indexKey: derivedKeys.index(key, segmentId) };
    const packs = syntheticPacks(parts, serial);
    const name = Buffer.from(segmentId).toString('hex');
    await putObject(
      parts.store,
      segmentKey(name),
      encodeSegment(keys, packs, ascendingEntries(packs.length), SEGMENT_CHUNKS),
    );
    names.push(name);
  }
  await parts.authority.replaceSegments(parts.vaultId, names, []);
  return count;
}

function syntheticPacks(parts: VaultParts, serial: number): readonly IndexedPack[] {
  return Array.from({ length: Math.ceil((SEGMENT_CHUNKS * CHUNK_BYTES) / PACK_BYTES) }, () => ({
    packId: packIdText(makePackId(1, serial, parts.random(8))),
    kind: 'data' as const,
    sizeBytes: PACK_BYTES,
    merkleRoot: '00'.repeat(32),
    crc32: 0,
    frameCount: 25,
  }));
}

/** IDs as evenly spread as those of real chunks, in order without having to sort them. */
function* ascendingEntries(packCount: number): Generator<SegmentEntry> {
  const step = Math.floor(2 ** 48 / SEGMENT_CHUNKS);
  const chunkId = Buffer.alloc(CHUNK_ID_BYTES);
  for (let chunk = 0; chunk < SEGMENT_CHUNKS; chunk += 1) {
    chunkId.writeUIntBE(chunk * step + Math.floor(step / 2), 0, 6);
    chunkId.writeUInt32LE(Math.imul(chunk, 0x9e37_79b1) >>> 0, 6);
    yield { chunkId, pack: chunk % packCount, offset: 0, frameBytes: 1 };
  }
}
