import type { PackId } from '../authority/authority.ts';
import type { PackMove } from '../authority/collection-authority.ts';
import { EngineError } from '../engine-error.ts';
import { KeyError } from '../keys/key-error.ts';
import { pointKey } from '../point/point-object.ts';
import { readPoint } from '../retention/read-point.ts';
import type { VaultParts } from '../retention/vault-parts.ts';
import { isStoreError } from '../store/store-error.ts';
import { readMoveRecord } from './move-records.ts';
import { parsePointName } from './point-names.ts';

const READS_IN_FLIGHT = 8;
/** More recovery points than a vault holds: they must come in one answer, so that none slips through while others come and go. */
const ALL = 1_000_000_000;

/** Which records of moves nobody needs any more. */
export interface ObsoleteMoves {
  /** Names of records that may be deleted. */
  readonly keys: readonly string[];
  /** Objects that cannot be read, so that what they need is unknown: as long as there is one, no record is obsolete. */
  readonly unreadable: readonly string[];
}

/**
 * Finds the records of moves whose sources no recovery point names, directly or through other records (F-86, F-88).
 * Whatever is obsolete stays so: a later recovery point names a pack that its parent names, which is asked here, or one
 * that it has pinned, and out of that nothing was moved for good.
 * @param records names of all records in the store
 * @param pointObjects names of recovery-point objects that will stay in the store, known to the authority or not
 */
export async function obsoleteMoves(
  parts: Pick<VaultParts, 'vaultId' | 'store' | 'keys' | 'authority'>,
  records: readonly string[],
  pointObjects: readonly string[],
): Promise<ObsoleteMoves> {
  const committed = await parts.authority.recoveryPoints(parts.vaultId, undefined, ALL);
  const names = new Set([...pointObjects, ...committed.map((point) => pointKey(point.recoveryPointId, point.fence))]);
  const unreadable: string[] = [];
  const moves = new Map<string, readonly PackMove[]>();
  await eachOf(records, async (key) => {
    const found = await readUnlessGone(() => readMoveRecord(parts, key));
    if (found === 'unreadable') unreadable.push(key);
    else if (found !== 'gone') moves.set(key, found.moves);
  });
  const named = new Set<PackId>();
  await eachOf([...names], async (key) => {
    const found = await packsNamedBy(parts, key);
    if (found === 'unreadable') unreadable.push(key);
    else for (const packId of found) named.add(packId);
  });
  if (unreadable.length > 0) return { keys: [], unreadable: unreadable.sort() };
  const needed = neededRecords(moves, named);
  return { keys: [...moves.keys()].filter((key) => !needed.has(key)).sort(), unreadable };
}

/** Records that lead on from the named packs, step by step: a pack that took frames may itself have been emptied. */
export function neededRecords(
  records: ReadonlyMap<string, readonly PackMove[]>,
  named: ReadonlySet<PackId>,
): ReadonlySet<string> {
  const bySource = Map.groupBy(
    [...records].flatMap(([key, moves]) => moves.map((move) => ({ key, move }))),
    ({ move }) => move.from,
  );
  const needed = new Set<string>();
  const reached = new Set(named);
  for (const packId of reached) {
    for (const { key, move } of bySource.get(packId) ?? []) {
      needed.add(key);
      // A set that grows while it is walked is walked to its end.
      for (const target of move.to) reached.add(target.packId);
    }
  }
  return needed;
}

async function packsNamedBy(
  parts: Pick<VaultParts, 'vaultId' | 'store' | 'keys' | 'authority'>,
  key: string,
): Promise<readonly PackId[] | 'unreadable'> {
  const name = parsePointName(key);
  if (name === undefined) return 'unreadable';
  const { recoveryPointId, fence } = name;
  const found = await readUnlessGone(() => readPoint(parts, recoveryPointId, fence));
  if (found === 'unreadable') return found;
  if (found !== 'gone') return found.uses.map(({ packId }) => packId);
  const committed = await parts.authority.recoveryPoint(parts.vaultId, recoveryPointId);
  return committed?.fence === fence ? 'unreadable' : [];
}

async function readUnlessGone<T>(read: () => Promise<T>): Promise<T | 'gone' | 'unreadable'> {
  try {
    return await read();
  } catch (error) {
    if (isStoreError(error, 'not-found')) return 'gone';
    if (error instanceof EngineError || error instanceof KeyError || isStoreError(error, 'corrupt'))
      return 'unreadable';
    throw error;
  }
}

async function eachOf<T>(values: readonly T[], work: (value: T) => Promise<void>): Promise<void> {
  for (let start = 0; start < values.length; start += READS_IN_FLIGHT) {
    await Promise.all(values.slice(start, start + READS_IN_FLIGHT).map(work));
  }
}
