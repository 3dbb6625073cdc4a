import type { PackId } from '../authority/authority.ts';
import { readPoint } from '../retention/read-point.ts';
import type { VaultParts } from '../retention/vault-parts.ts';
import type { VaultReading } from './vault-reading.ts';
import { type NeededChunk, PointWalker, type UncountedChunk } from './walk-point.ts';

/** The frames of some packs that recovery points need, in order of offset. */
export interface LiveFrames {
  readonly byPack: ReadonlyMap<PackId, readonly NeededChunk[]>;
  /** Chunks that no counted pack holds: the counters are wrong or data is lost. */
  readonly uncounted: readonly UncountedChunk[];
}

/**
 * Finds which frames of some packs are needed by some recovery points. Memory grows with the frames of these packs
 * only, so a caller who wants all packs asks for a range of them at a time.
 */
export async function findLiveFrames(
  parts: VaultParts,
  reading: VaultReading,
  packs: ReadonlySet<PackId>,
  points: Iterable<string>,
  signal?: AbortSignal,
): Promise<LiveFrames> {
  const found = new FrameCollector(packs);
  const uncounted: UncountedChunk[] = [];
  const walker = new PointWalker(reading, {
    needed: (chunk) => found.add(chunk),
    uncounted: (chunk) => uncounted.push(chunk),
  });
  for (const recoveryPointId of points) {
    const committed = await parts.authority.recoveryPoint(parts.vaultId, recoveryPointId);
    if (committed === undefined) continue;
    try {
      const { body } = await readPoint(parts, recoveryPointId, committed.fence);
      const uses = await parts.authority.collection.packUses(parts.vaultId, recoveryPointId);
      // Uses go with their recovery point: only if it still stands after they were read are they all of them.
      if ((await parts.authority.recoveryPoint(parts.vaultId, recoveryPointId)) === undefined) continue;
      await walker.walk(body, new Set(uses.map(({ packId }) => packId)), signal);
    } catch (error) {
      // A recovery point that was deleted meanwhile needs nothing; one that stands and cannot be read stops everything.
      if ((await parts.authority.recoveryPoint(parts.vaultId, recoveryPointId)) !== undefined) throw error;
    }
  }
  return { byPack: found.byPack(), uncounted };
}

/** Keeps the frames of some packs out of all that a walk meets, each once. */
export class FrameCollector {
  readonly #packs: ReadonlySet<PackId>;
  readonly #found = new Map<PackId, Map<number, NeededChunk>>();

  constructor(packs: ReadonlySet<PackId>) {
    this.#packs = packs;
  }

  add(chunk: NeededChunk): void {
    if (!this.#packs.has(chunk.packId)) return;
    const frames = this.#found.get(chunk.packId) ?? new Map<number, NeededChunk>();
    this.#found.set(chunk.packId, frames.set(chunk.offset, chunk));
  }

  /** In order of offset. */
  byPack(): ReadonlyMap<PackId, readonly NeededChunk[]> {
    return new Map(
      [...this.#found].map(([packId, frames]) => [packId, [...frames.values()].sort((a, b) => a.offset - b.offset)]),
    );
  }
}
