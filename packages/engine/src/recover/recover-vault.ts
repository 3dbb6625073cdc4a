import type { PackId, PackUse } from '../authority/authority.ts';
import type { PackMove } from '../authority/collection-authority.ts';
import { parseMoveName, readMoveRecord } from '../collect/move-records.ts';
import type { PackToIndex } from '../collect/put-segment.ts';
import { derivedKeys } from '../crypt/derived-keys.ts';
import { EngineError } from '../engine-error.ts';
import { PageCache } from '../index/page-cache.ts';
import type { IndexedPack } from '../index/segment-layout.ts';
import { SegmentReader } from '../index/segment-reader.ts';
import { KeyError } from '../keys/key-error.ts';
import type { KeyRing } from '../keys/key-ring.ts';
import { decodePointHeader, type PointObject, pointKey } from '../point/point-object.ts';
import type { RecoveryPointRetention } from '../point/recovery-point.ts';
import { PackKeys } from '../read/pack-keys.ts';
import { openPointOf } from '../retention/read-point.ts';
import { readSealedRetention } from '../retention/retention-records.ts';
import type { Store } from '../store/store.ts';
import { isStoreError } from '../store/store-error.ts';
import { readTrailer } from './read-trailer.ts';
import { type RecordedMove, resolveMoves, successorsOfGone } from './resolve-moves.ts';

/** What recovery needs: the store and the key, and nothing that was lost. */
export interface RecoverParts {
  readonly vaultId: string;
  readonly store: Store;
  readonly keys: KeyRing;
}

/** A recovery point as it can be committed again. */
export interface RecoveredPoint {
  readonly point: PointObject;
  /** Dates as last changed, not as first written. */
  readonly retention: RecoveryPointRetention;
  readonly holds: readonly string[];
  /** What it needs now, after all moves. */
  readonly uses: readonly PackUse[];
}

export interface UnrecoveredObject {
  readonly name: string;
  readonly reason: 'damaged' | 'unsupported' | 'key-missing';
  readonly message: string;
}

export interface UnrecoveredPoint extends Omit<UnrecoveredObject, 'reason'> {
  /** `packs-missing`: packs are gone, or neither a segment nor they themselves say what they hold. */
  readonly reason: UnrecoveredObject['reason'] | 'packs-missing';
}

/** All that the store says about a vault; a plain value. */
export interface RecoveryPlan {
  readonly vaultId: string;
  readonly points: readonly RecoveredPoint[];
  /** Objects of recovery points that cannot be used, with the reason; none is passed over in silence. */
  readonly unusable: readonly UnrecoveredPoint[];
  readonly packs: readonly IndexedPack[];
  readonly segments: readonly string[];
  /** Packs that no segment describes, as their own trailers do; they get a new segment. */
  readonly fromTrailers: readonly PackToIndex[];
  /** Packs in the store that nothing needs: the authority will know them as garbage. */
  readonly unneeded: readonly PackId[];
  /** Where the frames of packs that are gone lie now. */
  readonly moves: readonly PackMove[];
  /** Segments that cannot be read. */
  readonly damagedSegments: readonly string[];
  /** Records of moves that cannot be read, with the reason: what they tell of recovery points whose packs were emptied is lost. */
  readonly unreadableMoves: readonly UnrecoveredObject[];
  readonly highestFence: number;
}

/**
 * Rebuilds what the authority knew from `keys/`, `points/`, `retention/`, `moves/`, `index/` and the names of packs. No
 * data pack is read.
 */
export async function planRecovery(parts: RecoverParts, signal?: AbortSignal): Promise<RecoveryPlan> {
  const stored = await storedPacks(parts.store, signal);
  const segments = await readSegments(parts, signal);
  const facts = new Map<PackId, IndexedPack>();
  for (const { packs = [] } of segments.damaged) for (const pack of packs) facts.set(pack.packId, pack);
  for (const reader of segments.readers) for (const pack of await reader.packs()) facts.set(pack.packId, pack);
  const { records, unreadableMoves } = await readMoves(parts, signal);
  const moves = records.flatMap((record) => record.moves);
  const found = await readPoints(parts, stored, moves, signal);
  const needed = new Set(found.points.flatMap(({ uses }) => uses.map(({ packId }) => packId)));
  const suspects = suspectPacks(segments.damaged, needed);
  const undescribed = [...needed].filter((packId) => !facts.has(packId) || suspects.has(packId));
  const { fromTrailers, unread } = await readTrailers(parts, undescribed, stored, signal);
  const { points, unusable } = withoutUnknown(found, new Set(unread.filter((packId) => !facts.has(packId))));
  for (const { facts: own, entries } of fromTrailers) {
    if (!facts.has(own.packId)) facts.set(own.packId, { ...own, frameCount: entries.length });
  }
  const packs = [...facts.values()].filter(({ packId }) => stored.has(packId));
  return {
    vaultId: parts.vaultId,
    points,
    unusable,
    packs,
    segments: segments.readers.map(({ segmentId }) => segmentId),
    fromTrailers,
    unneeded: [...stored.keys()].filter((packId) => !needed.has(packId)),
    moves: successorsOfGone(moves, new Set(packs.map(({ packId }) => packId))),
    damagedSegments: segments.damaged.map(({ segmentId }) => segmentId),
    unreadableMoves,
    highestFence: highestOf([
      points.map(({ point }) => point.header.fence),
      [...stored.keys()].map(fenceOf),
      records.map(({ fence }) => fence),
    ]),
  };
}

/** Packs of which a damaged segment may have known more than the others do: a chunk that lies twice is in two segments. */
function suspectPacks(damaged: readonly UnreadSegment[], needed: ReadonlySet<PackId>): ReadonlySet<PackId> {
  const isKnown = damaged.every(({ packs }) => packs !== undefined);
  return isKnown ? new Set(damaged.flatMap(({ packs = [] }) => packs.map(({ packId }) => packId))) : needed;
}

/** A record of moves counts too: all packs of its fence may be gone, and its name must not be wanted again. */
function highestOf(fences: readonly (readonly number[])[]): number {
  return fences.flat().reduce((most, fence) => Math.max(most, fence), 0);
}

function fenceOf(packId: PackId): number {
  return Number.parseInt(packId.slice(0, 8), 16);
}

async function storedPacks(store: Store, signal: AbortSignal | undefined): Promise<ReadonlyMap<PackId, number>> {
  const packs = new Map<PackId, number>();
  for await (const { key, sizeBytes } of store.list('packs/', signalOption(signal))) {
    const packId = /^packs\/[0-9a-f]{2}\/([0-9a-f]{32})$/.exec(key)?.[1];
    if (packId !== undefined) packs.set(packId, sizeBytes);
  }
  return packs;
}

/** Only when segments were lost: three small reads per pack. `unread` are packs whose own words are damaged too. */
async function readTrailers(
  { store, keys }: RecoverParts,
  packIds: readonly PackId[],
  stored: ReadonlyMap<PackId, number>,
  signal: AbortSignal | undefined,
): Promise<{ readonly fromTrailers: readonly PackToIndex[]; readonly unread: readonly PackId[] }> {
  const unread: PackId[] = [];
  if (packIds.length === 0) return { fromTrailers: [], unread };
  const packKeys = new PackKeys(await keys.dataKeys());
  const fromTrailers: PackToIndex[] = [];
  for (const packId of packIds) {
    signal?.throwIfAborted();
    try {
      fromTrailers.push(await readTrailer(store, packKeys, packId, stored.get(packId) ?? 0));
    } catch (error) {
      if (!isUnreadable(error)) throw error;
      unread.push(packId);
    }
  }
  return { fromTrailers, unread };
}

/** A recovery point that needs a pack of which nothing is known cannot be counted. */
function withoutUnknown({ points, unusable }: FoundPoints, unknown: ReadonlySet<PackId>): FoundPoints {
  if (unknown.size === 0) return { points, unusable };
  const isKnown = ({ uses }: RecoveredPoint): boolean => uses.every(({ packId }) => !unknown.has(packId));
  const lost = points
    .filter((point) => !isKnown(point))
    .map(({ point, uses }): UnrecoveredPoint => {
      const packs = uses.filter(({ packId }) => unknown.has(packId)).map(({ packId }) => packId);
      const message = `no index segment describes ${packs.join(', ')}, nor can what the packs say of themselves be read`;
      return { name: pointKey(point.header.recoveryPointId, point.header.fence), reason: 'packs-missing', message };
    });
  return { points: points.filter(isKnown), unusable: [...unusable, ...lost] };
}

interface UnreadSegment {
  readonly segmentId: string;
  /** What it says of its packs; absent when even that cannot be read. */
  readonly packs?: readonly IndexedPack[];
}

/** Opens and reads every segment: a page that turned bad is noticed now, while the packs can still be asked. */
async function readSegments(parts: RecoverParts, signal: AbortSignal | undefined) {
  const cache = new PageCache(1);
  const readers: SegmentReader[] = [];
  const damaged: UnreadSegment[] = [];
  for await (const { key } of parts.store.list('index/', signalOption(signal))) {
    const segmentId = /^index\/([0-9a-f]{32})$/.exec(key)?.[1];
    if (segmentId === undefined) continue;
    const indexKeyOf = async (serial: number, id: Uint8Array) =>
      derivedKeys.index(await parts.keys.dataKey(serial), id);
    let packs: readonly IndexedPack[] | undefined;
    try {
      const reader = await SegmentReader.open(parts.store, segmentId, indexKeyOf, cache);
      packs = await reader.packs();
      await reader.verifyPages();
      readers.push(reader);
    } catch (error) {
      if (!isUnreadable(error)) throw error;
      damaged.push({ segmentId, ...(packs === undefined ? {} : { packs }) });
    }
  }
  return { readers, damaged };
}

interface FencedMoves {
  readonly fence: number;
  readonly moves: readonly RecordedMove[];
}

async function readMoves(
  parts: RecoverParts,
  signal: AbortSignal | undefined,
): Promise<{ readonly records: readonly FencedMoves[]; readonly unreadableMoves: readonly UnrecoveredObject[] }> {
  const records: FencedMoves[] = [];
  const unreadableMoves: UnrecoveredObject[] = [];
  for await (const { key } of parts.store.list('moves/', signalOption(signal))) {
    const fence = parseMoveName(key);
    if (fence === undefined) continue;
    try {
      const { moves, isOfCommit } = await readMoveRecord(parts, key);
      records.push({ fence, moves: isOfCommit === true ? moves.map((move) => ({ ...move, ofFence: fence })) : moves });
    } catch (error) {
      unreadableMoves.push(unreadableObject(key, error));
      records.push({ fence, moves: [] });
    }
  }
  return { records, unreadableMoves };
}

interface FoundPoints {
  readonly points: readonly RecoveredPoint[];
  readonly unusable: readonly UnrecoveredPoint[];
}

/** For each recovery point the object with the largest fence whose packs all exist. */
async function readPoints(
  parts: RecoverParts,
  stored: ReadonlyMap<PackId, number>,
  moves: readonly RecordedMove[],
  signal: AbortSignal | undefined,
): Promise<FoundPoints> {
  const best = new Map<string, RecoveredPoint>();
  const unusable: UnrecoveredPoint[] = [];
  for await (const { key: name } of parts.store.list('points/', signalOption(signal))) {
    const outcome = await readOnePoint(parts, name, stored, moves);
    if ('reason' in outcome) {
      unusable.push(outcome);
      continue;
    }
    const { recoveryPointId, fence } = outcome.point.header;
    const known = best.get(recoveryPointId);
    if (known === undefined || known.point.header.fence < fence) best.set(recoveryPointId, outcome);
  }
  return { points: [...best.values()], unusable };
}

async function readOnePoint(
  parts: RecoverParts,
  name: string,
  stored: ReadonlyMap<PackId, number>,
  moves: readonly RecordedMove[],
): Promise<RecoveredPoint | UnrecoveredPoint> {
  try {
    const bytes = Buffer.from(await parts.store.get(name));
    const { recoveryPointId, fence } = decodePointHeader(bytes, name);
    await openPointOf(parts.vaultId, bytes, name, (serial) => parts.keys.dataKey(serial));
    const { point, retention, holds } = await readSealedRetention(parts, recoveryPointId, fence);
    const uses = resolveMoves({ recoveryPointId, fence }, point.uses, moves, stored);
    const missing = uses.filter(({ packId }) => !stored.has(packId));
    if (missing.length === 0) return { point, retention, holds, uses };
    const message = `${missing.length} of ${uses.length} packs are gone, ${missing[0]?.packId} among them`;
    return { name, reason: 'packs-missing', message };
  } catch (error) {
    return unreadableObject(name, error);
  }
}

/** @throws the error itself when it says nothing of the object, such as a store that cannot be reached */
function unreadableObject(name: string, error: unknown): UnrecoveredObject {
  if (error instanceof KeyError) return { name, reason: 'key-missing', message: error.message };
  if (!isUnreadable(error)) throw error;
  const reason = error instanceof EngineError && error.code === 'unsupported' ? 'unsupported' : 'damaged';
  return { name, reason, message: error.message };
}

function isUnreadable(error: unknown): error is Error {
  return (
    error instanceof EngineError ||
    error instanceof KeyError ||
    error instanceof SyntaxError ||
    isStoreError(error, 'not-found', 'corrupt')
  );
}

function signalOption(signal: AbortSignal | undefined): { readonly signal?: AbortSignal } {
  return signal === undefined ? {} : { signal };
}
