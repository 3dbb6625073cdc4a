import type { PackId } from '../authority/authority.ts';
import { type IndexedPack, segmentKey } from '../index/segment-layout.ts';
import type { SegmentReader } from '../index/segment-reader.ts';
import type { SegmentEntry } from '../index/segment-writer.ts';
import type { VaultParts } from '../retention/vault-parts.ts';
import { isStoreError } from '../store/store-error.ts';
import { putSegmentOf, segmentLayers } from './put-segment.ts';
import { openReading } from './vault-reading.ts';

/** Segments of one size class are merged when there are more than this. */
const FAN_OUT = 8;
/** Entries that one merge may hold in memory; larger segments are left alone. */
const MERGE_ENTRIES = 500_000;
const PAGE = 1000;

/**
 * Retires segments that name only packs that are gone, merges small ones, and deletes from the store what was retired
 * long enough ago for no open reader to need it.
 */
export async function compactSegments(
  parts: VaultParts,
  graceMs: number,
  signal: AbortSignal | undefined,
): Promise<{ readonly retired: number; readonly deleted: number }> {
  const { authority, vaultId } = parts;
  const reading = await openReading(parts);
  const known = await existingPacks(parts, reading.index.readers);
  const dead = reading.index.readers.filter((reader) => reader.packIds().every((packId) => !known.has(packId)));
  const alive = reading.index.readers.filter((reader) => !dead.includes(reader));
  const merge = smallestClass(alive);
  const added = await mergeSegments(parts, merge, known, signal);
  const retired = [...dead, ...merge].map(({ segmentId }) => segmentId);
  if (retired.length > 0) await authority.replaceSegments(vaultId, added, retired);
  return { retired: retired.length, deleted: await deleteRetired(parts, graceMs, signal) };
}

async function existingPacks(parts: VaultParts, readers: readonly SegmentReader[]): Promise<ReadonlySet<PackId>> {
  const named = new Set(readers.flatMap((reader) => reader.packIds()));
  const counted = await parts.authority.packs(parts.vaultId, [...named]);
  return new Set(counted.filter(({ state }) => state !== 'withdrawn').map(({ packId }) => packId));
}

/** The segments of the smallest size class that has too many; classes are powers of the fan-out. */
function smallestClass(readers: readonly SegmentReader[]): readonly SegmentReader[] {
  const classes = new Map<number, SegmentReader[]>();
  for (const reader of readers) {
    const size = Math.floor(Math.log(Math.max(reader.header.entryCount, 1)) / Math.log(FAN_OUT));
    classes.set(size, [...(classes.get(size) ?? []), reader]);
  }
  const crowded = [...classes].sort(([a], [b]) => a - b).find(([, members]) => members.length > FAN_OUT);
  const members = crowded?.[1] ?? [];
  const total = members.reduce((sum, { header }) => sum + header.entryCount, 0);
  return total <= MERGE_ENTRIES ? members : [];
}

async function mergeSegments(
  parts: VaultParts,
  readers: readonly SegmentReader[],
  known: ReadonlySet<PackId>,
  signal: AbortSignal | undefined,
): Promise<readonly string[]> {
  const packs: IndexedPack[] = [];
  const ordinals = new Map<PackId, number>();
  const entries: SegmentEntry[] = [];
  for (const reader of readers) {
    const facts = new Map((await reader.packs()).map((pack) => [pack.packId, pack]));
    for await (const { chunkId, location } of reader.entries()) {
      signal?.throwIfAborted();
      const { offset, frameBytes } = location;
      const pack = facts.get(location.pack.packId);
      if (pack === undefined || !known.has(pack.packId)) continue;
      let ordinal = ordinals.get(pack.packId);
      if (ordinal === undefined) {
        ordinal = packs.push(pack) - 1;
        ordinals.set(pack.packId, ordinal);
      }
      entries.push({ chunkId: Buffer.from(chunkId), pack: ordinal, offset, frameBytes });
    }
  }
  return Promise.all(segmentLayers(entries).map((layer) => putSegmentOf(parts, packs, layer)));
}

async function deleteRetired(parts: VaultParts, graceMs: number, signal: AbortSignal | undefined): Promise<number> {
  const { authority, vaultId, store, clock } = parts;
  const deleted: string[] = [];
  for (const segment of await authority.collection.retiredSegments(vaultId, clock() - graceMs, PAGE)) {
    signal?.throwIfAborted();
    try {
      await store.delete(segmentKey(segment));
      deleted.push(segment);
    } catch (error) {
      if (!isStoreError(error, 'locked')) throw error;
    }
  }
  await authority.collection.forgetSegments(vaultId, deleted);
  return deleted.length;
}
