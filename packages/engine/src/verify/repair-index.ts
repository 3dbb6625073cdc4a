import type { CountedPack, PackId } from '../authority/authority.ts';
import { type PackToIndex, putSegments } from '../collect/put-segment.ts';
import { derivedKeys } from '../crypt/derived-keys.ts';
import { EngineError } from '../engine-error.ts';
import { PageCache } from '../index/page-cache.ts';
import { SegmentReader } from '../index/segment-reader.ts';
import { PackKeys } from '../read/pack-keys.ts';
import { readTrailer } from '../recover/read-trailer.ts';
import type { VaultParts } from '../retention/vault-parts.ts';
import { isStoreError } from '../store/store-error.ts';

const PAGE = 1000;
/** Packs whose entries are in memory at once, and in one new segment. */
const BATCH = 1000;

export interface DamagedSegment {
  readonly segmentId: string;
  readonly damage: string;
  /** The packs that it describes; absent when even that cannot be read. */
  readonly packIds?: readonly PackId[];
}

/** Index segments that do not verify, and the packs that must be described anew; a plain value. */
export interface IndexRepairPlan {
  readonly damaged: readonly DamagedSegment[];
  /** In the order of their identifiers; all packs of the vault when a segment does not even say which it described. */
  readonly packIds: readonly PackId[];
}

export interface IndexRepairOutcome {
  readonly retired: readonly string[];
  readonly added: readonly string[];
  /**
   * Packs whose own trailer cannot be read (now): of what was moved into them, only what intact pages of the damaged segments
   * say is still found.
   */
  readonly undescribed: readonly PackId[];
}

/**
 * Looks at every live index segment: at what every reader reads first, or, when `isDeep`, at every page. Nothing else
 * notices damage there before somebody looks the damaged page up.
 */
export async function planIndexRepair(
  parts: Pick<VaultParts, 'vaultId' | 'store' | 'authority' | 'keys'>,
  options: { readonly isDeep: boolean; readonly signal?: AbortSignal },
): Promise<IndexRepairPlan> {
  const damaged: DamagedSegment[] = [];
  for (const segmentId of await parts.authority.segments(parts.vaultId)) {
    options.signal?.throwIfAborted();
    const finding = await lookAt(parts, segmentId, options.isDeep);
    if (finding !== undefined) damaged.push(finding);
  }
  return { damaged, packIds: await packsOf(parts, damaged) };
}

async function lookAt(
  parts: Pick<VaultParts, 'store' | 'keys'>,
  segmentId: string,
  isDeep: boolean,
): Promise<DamagedSegment | undefined> {
  let packIds: readonly PackId[] | undefined;
  try {
    const reader = await openSegment(parts, segmentId);
    packIds = reader.packIds();
    if (isDeep) await reader.verifyPages();
    return undefined;
  } catch (error) {
    const isDamage = (error instanceof EngineError && error.code === 'damaged') || isStoreError(error, 'not-found');
    if (!isDamage) throw error;
    return { segmentId, damage: error.message, ...(packIds === undefined ? {} : { packIds }) };
  }
}

function openSegment({ store, keys }: Pick<VaultParts, 'store' | 'keys'>, segmentId: string): Promise<SegmentReader> {
  const indexKeyOf = async (serial: number, id: Uint8Array) => derivedKeys.index(await keys.dataKey(serial), id);
  return SegmentReader.open(store, segmentId, indexKeyOf, new PageCache(1));
}

async function packsOf(
  { authority, vaultId }: Pick<VaultParts, 'vaultId' | 'authority'>,
  damaged: readonly DamagedSegment[],
): Promise<readonly PackId[]> {
  if (damaged.every(({ packIds }) => packIds !== undefined)) {
    const named = new Set(damaged.flatMap(({ packIds = [] }) => packIds));
    return (await authority.packs(vaultId, [...named])).map(({ packId }) => packId).sort();
  }
  const all: PackId[] = [];
  for (let after: PackId | undefined; ; ) {
    const page = await authority.allPacks(vaultId, after, PAGE);
    all.push(...page.map(({ packId }) => packId));
    after = page.at(-1)?.packId;
    if (page.length < PAGE) return all;
  }
}

/**
 * Describes the packs anew by their own trailers, three small reads for each, and retires the damaged segments. A crash
 * leaves segments that reconciliation removes; repeating finishes.
 */
export async function executeIndexRepair(
  parts: VaultParts,
  plan: IndexRepairPlan,
  signal?: AbortSignal,
): Promise<IndexRepairOutcome> {
  const retired = plan.damaged.map(({ segmentId }) => segmentId);
  if (retired.length === 0) return { retired, added: [], undescribed: [] };
  const { authority, vaultId } = parts;
  const packKeys = new PackKeys(await parts.keys.dataKeys());
  const added: string[] = [];
  const undescribed: CountedPack[] = [];
  for (let start = 0; start < plan.packIds.length; start += BATCH) {
    const described: PackToIndex[] = [];
    for (const pack of await authority.packs(vaultId, plan.packIds.slice(start, start + BATCH))) {
      signal?.throwIfAborted();
      const own = await tryTrailer(parts, packKeys, pack);
      if (own === undefined) undescribed.push(pack);
      else described.push(own);
    }
    added.push(...(await putSegments(parts, described)));
  }
  added.push(...(await putSegments(parts, await salvaged(parts, plan, undescribed))));
  await authority.replaceSegments(vaultId, added, retired);
  return { retired, added, undescribed: undescribed.map(({ packId }) => packId) };
}

async function tryTrailer(
  { store }: Pick<VaultParts, 'store'>,
  packKeys: PackKeys,
  { packId, sizeBytes }: CountedPack,
): Promise<PackToIndex | undefined> {
  try {
    return await readTrailer(store, packKeys, packId, sizeBytes);
  } catch (error) {
    const isDamage = error instanceof EngineError && error.code === 'damaged';
    if (isDamage || isStoreError(error, 'not-found', 'corrupt', 'cold')) return undefined;
    throw error;
  }
}

/** What intact pages of the damaged segments say of packs that do not speak for themselves. */
async function salvaged(
  parts: VaultParts,
  { damaged }: IndexRepairPlan,
  packs: readonly CountedPack[],
): Promise<readonly PackToIndex[]> {
  if (packs.length === 0) return [];
  const entries = new Map<PackId, { chunkId: Buffer; offset: number; frameBytes: number }[]>();
  for (const { packId } of packs) entries.set(packId, []);
  for (const { segmentId, packIds } of damaged) {
    if (packIds === undefined) continue;
    for await (const { chunkId, location } of (await openSegment(parts, segmentId)).entries(true)) {
      const { pack, offset, frameBytes } = location;
      entries.get(pack.packId)?.push({ chunkId: Buffer.from(chunkId), offset, frameBytes });
    }
  }
  return packs.map((facts) => ({ facts, entries: entries.get(facts.packId) ?? [] }));
}
