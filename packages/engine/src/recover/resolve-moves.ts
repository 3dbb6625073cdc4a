import type { PackId, PackUse } from '../authority/authority.ts';
import type { PackMove } from '../authority/collection-authority.ts';

/**
 * What a recovery point needs now: packs that were emptied are replaced by those that took their frames. A record of a
 * move that never was committed names packs that do not exist, or whose source still does, and changes nothing.
 */
export function resolveMoves(
  recoveryPointId: string,
  uses: readonly PackUse[],
  moves: readonly PackMove[],
  stored: { has(packId: PackId): boolean },
): readonly PackUse[] {
  const bySource = Map.groupBy(moves, ({ from }) => from);
  const resolved = new Map<PackId, number>();
  const add = (packId: PackId, usedBytes: number): void => {
    resolved.set(packId, (resolved.get(packId) ?? 0) + usedBytes);
  };
  for (const { packId, usedBytes } of uses) {
    const successors = stored.has(packId) ? undefined : successorsOf(packId, usedBytes, new Set());
    if (successors === undefined) add(packId, usedBytes);
    else for (const successor of successors) add(successor.packId, successor.usedBytes);
  }
  return [...resolved]
    .map(([packId, usedBytes]) => ({ packId, usedBytes }))
    .sort((a, b) => (a.packId < b.packId ? -1 : 1));

  /** The first move of this pack whose targets all exist, directly or by later moves. */
  function successorsOf(packId: PackId, usedBytes: number, seen: ReadonlySet<PackId>): readonly PackUse[] | undefined {
    for (const { to, points } of bySource.get(packId) ?? []) {
      if (points?.includes(recoveryPointId) === false || seen.has(packId)) continue;
      const found = to.map((use) => {
        const bytes = Math.min(use.usedBytes, usedBytes);
        if (stored.has(use.packId)) return [{ packId: use.packId, usedBytes: bytes }];
        return successorsOf(use.packId, bytes, new Set([...seen, packId]));
      });
      if (found.every((target) => target !== undefined)) return found.flat();
    }
    return undefined;
  }
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
