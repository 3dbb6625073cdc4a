import type { PackId, PackUse } from '../authority/authority.ts';
import type { PackMove } from '../authority/collection-authority.ts';

/** A move as its record tells it. */
export interface RecordedMove extends PackMove {
  /** Of a move that a writer made for the recovery point that it committed: the fence of both. */
  readonly ofFence?: number;
}

/**
 * What a recovery point needs now. What was copied for it alone counts as long as the copies exist; packs that are gone
 * are replaced by those that took their frames. A record of a move that never was committed names packs that do not
 * exist, or leads to as good copies, or to too many.
 */
export function resolveMoves(
  point: { readonly recoveryPointId: string; readonly fence: number },
  uses: readonly PackUse[],
  moves: readonly RecordedMove[],
  stored: { has(packId: PackId): boolean },
): readonly PackUse[] {
  const bySource = Map.groupBy(moves, ({ from }) => from);
  const resolved = new Map<PackId, number>();
  for (const { packId, usedBytes } of uses) {
    for (const use of resolve(packId, usedBytes, new Set()) ?? [{ packId, usedBytes }]) {
      resolved.set(use.packId, (resolved.get(use.packId) ?? 0) + use.usedBytes);
    }
  }
  return [...resolved]
    .map(([packId, usedBytes]) => ({ packId, usedBytes }))
    .sort((a, b) => (a.packId < b.packId ? -1 : 1));

  function resolve(packId: PackId, usedBytes: number, seen: ReadonlySet<PackId>): readonly PackUse[] | undefined {
    if (seen.has(packId)) return undefined;
    const known = bySource.get(packId) ?? [];
    const follow = ({ to }: PackMove): readonly PackUse[] | undefined => {
      const found = to.map((use) =>
        resolve(use.packId, Math.min(use.usedBytes, usedBytes), new Set([...seen, packId])),
      );
      return found.every((target) => target !== undefined) ? found.flat() : undefined;
    };
    const own = firstOf(known.filter(isForThis), follow);
    if (own !== undefined) return own;
    if (stored.has(packId)) return [{ packId, usedBytes }];
    const general = known.filter(({ points }) => points === undefined);
    // A tree that names the pack may have come from a recovery point for which frames were copied: rather too many.
    return firstOf(general, follow) ?? allOf(known, follow);
  }

  function isForThis({ points, ofFence }: RecordedMove): boolean {
    if (points?.includes(point.recoveryPointId) !== true) return false;
    return ofFence === undefined || ofFence === point.fence;
  }
}

function firstOf<T, R>(values: readonly T[], find: (value: T) => R | undefined): R | undefined {
  for (const value of values) {
    const found = find(value);
    if (found !== undefined) return found;
  }
  return undefined;
}

function allOf<T, R>(values: readonly T[], find: (value: T) => readonly R[] | undefined): readonly R[] | undefined {
  const found = values.flatMap((value) => find(value) ?? []);
  return found.length === 0 ? undefined : found;
}

/**
 * Where the frames of packs that are gone lie now, as far as any record tells, for recovery points that will be built on
 * trees that name them: all packs to which records lead, whomever they were made for.
 */
export function successorsOfGone(
  moves: readonly PackMove[],
  known: { has(packId: PackId): boolean },
): readonly PackMove[] {
  const bySource = Map.groupBy(moves, ({ from }) => from);
  const gone = [...bySource.keys()].filter((packId) => !known.has(packId));
  return gone.flatMap((from) => {
    const reached = new Map<PackId, number>();
    follow(from, Number.MAX_SAFE_INTEGER, new Set([from]));
    const to = [...reached].map(([packId, usedBytes]) => ({ packId, usedBytes }));
    return to.length === 0 ? [] : [{ from, to }];

    function follow(packId: PackId, bytes: number, seen: ReadonlySet<PackId>): void {
      for (const use of (bySource.get(packId) ?? []).flatMap(({ to }) => to)) {
        const usedBytes = Math.min(use.usedBytes, bytes);
        if (known.has(use.packId)) reached.set(use.packId, Math.max(reached.get(use.packId) ?? 0, usedBytes));
        else if (!seen.has(use.packId)) follow(use.packId, usedBytes, new Set([...seen, use.packId]));
      }
    }
  });
}
