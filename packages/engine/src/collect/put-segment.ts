import type { PackFacts } from '../authority/authority.ts';
import { CHUNK_ID_BYTES } from '../crypt/chunk-id.ts';
import { derivedKeys } from '../crypt/derived-keys.ts';
import type { IndexedPack } from '../index/segment-layout.ts';
import { segmentKey } from '../index/segment-layout.ts';
import { encodeSegment, type SegmentEntry } from '../index/segment-writer.ts';
import type { TrailerEntry } from '../pack/pack-layout.ts';
import { putObject } from '../put-object.ts';
import type { VaultParts } from '../retention/vault-parts.ts';
import type { StoreRetention } from '../store/store.ts';

/** A pack with the frames that the index shall know. */
export interface PackToIndex {
  readonly facts: PackFacts;
  readonly entries: readonly Pick<TrailerEntry, 'chunkId' | 'offset' | 'frameBytes'>[];
}

/** Writes index segments over some packs: one, unless a chunk lies in several of them. @returns their names */
export async function putSegments(
  parts: Pick<VaultParts, 'store' | 'keys' | 'random'>,
  packs: readonly PackToIndex[],
  lock?: StoreRetention,
): Promise<readonly string[]> {
  const rows = packs.map(({ facts, entries }): IndexedPack => ({ ...facts, frameCount: entries.length }));
  const entries = packs.flatMap(({ entries: own }, pack) =>
    own.map(({ chunkId, offset, frameBytes }): SegmentEntry => ({ chunkId, pack, offset, frameBytes })),
  );
  const layers = segmentLayers(entries);
  return Promise.all(layers.map((layer) => putSegmentOf(parts, rows, layer, lock)));
}

/**
 * Sorts entries into lists that are ascending by ID with each ID once; a chunk that lies in several packs is in several
 * lists, since recovery points may count on either place.
 */
export function segmentLayers(entries: SegmentEntry[]): readonly (readonly SegmentEntry[])[] {
  const compare = (a: SegmentEntry, b: SegmentEntry): number =>
    Buffer.compare(a.chunkId.subarray(0, CHUNK_ID_BYTES), b.chunkId.subarray(0, CHUNK_ID_BYTES));
  const layers: SegmentEntry[][] = [];
  let depth = 0;
  let before: SegmentEntry | undefined;
  for (const entry of entries.sort((a, b) => compare(a, b) || a.pack - b.pack)) {
    const isSameChunk = before !== undefined && compare(before, entry) === 0;
    if (isSameChunk && before?.pack === entry.pack) continue;
    depth = isSameChunk ? depth + 1 : 0;
    before = entry;
    const layer = layers[depth];
    if (layer === undefined) layers.push([entry]);
    else layer.push(entry);
  }
  return layers;
}

/** @param entries ascending by ID, each ID once */
export async function putSegmentOf(
  { store, keys, random }: Pick<VaultParts, 'store' | 'keys' | 'random'>,
  packs: readonly IndexedPack[],
  entries: readonly SegmentEntry[],
  lock?: StoreRetention,
): Promise<string> {
  const { serial, key } = await keys.writeKey();
  const segmentId = random(16);
  const name = Buffer.from(segmentId).toString('hex');
  const indexKey = derivedKeys.index(key, segmentId);
  const body = encodeSegment({ segmentId, dataKeySerial: serial, indexKey }, packs, entries, entries.length);
  await putObject(store, segmentKey(name), body, undefined, lock === undefined ? {} : { retention: lock });
  return name;
}
