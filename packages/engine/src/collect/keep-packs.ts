import type { PackId, PackUse, WriteLease } from '../authority/authority.ts';
import type { PackMove } from '../authority/collection-authority.ts';
import { EngineError } from '../engine-error.ts';
import { cohortUntilAt } from '../point/cohort.ts';
import type { PointBody } from '../point/point-object.ts';
import type { RecoveryPointRetention } from '../point/recovery-point.ts';
import { extendPackLocks, recordNewPackLocks } from '../retention/pack-locks.ts';
import { storeLockOf } from '../retention/store-lock.ts';
import type { VaultParts } from '../retention/vault-parts.ts';
import type { StoreRetention } from '../store/store.ts';
import { type CopiedFrames, copyFrames } from './copy-frames.ts';
import { FrameCollector } from './live-frames.ts';
import { putMoveRecord } from './move-records.ts';
import { planPromotion, promotionsOf } from './promote.ts';
import { putSegments } from './put-segment.ts';
import { openReading } from './vault-reading.ts';
import { type NeededChunk, PointWalker } from './walk-point.ts';

/** A recovery point whose content is stored and which is about to be committed. */
export interface PointToKeep {
  readonly recoveryPointId: string;
  readonly retention: RecoveryPointRetention;
  readonly content: Pick<PointBody, 'content' | 'root' | 'height' | 'issues'>;
  /** As its object will name them. */
  readonly uses: readonly PackUse[];
  /** Packs that this writer stored; they got their lock in the PUT. */
  readonly ownPacks: readonly PackId[];
  /** The writer's lease, renewed if need be. */
  readonly lease: () => Promise<WriteLease>;
}

/** What the commit takes over. */
export interface KeptPacks {
  readonly uses: readonly PackUse[];
  readonly segments: readonly string[];
  readonly moves: readonly PackMove[];
}

/**
 * Makes the store keep everything that a locked recovery point needs, before anything promises it: each pack of others is
 * pinned, so that its frames do not move meanwhile, and then either locked longer, or what is needed of it is copied into
 * packs of the writer's own. The object goes on naming the sources; a record of moves and the authority lead on from them.
 */
export async function keepPacks(parts: VaultParts, point: PointToKeep): Promise<KeptPacks> {
  const lock = storeLockOf(point.retention);
  if (lock === undefined) return { uses: point.uses, segments: [], moves: [] };
  await recordNewPackLocks(parts, point.ownPacks, lock);
  const uses = await currentUses(parts, point.uses);
  await parts.authority.pinPacks(
    await point.lease(),
    uses.map(({ packId }) => packId).filter((packId) => !point.ownPacks.includes(packId)),
  );
  const cohort = cohortUntilAt(parts.clock(), point.retention.keepUntilAt);
  const plan = await planPromotion(parts, uses, lock, cohort);
  const copies: CopiedFrames[] = [];
  if (plan.promote.length > 0) {
    const frames = await framesIn(parts, point, uses, new Set(plan.promote.map(({ packId }) => packId)));
    for (const { packs, points = [], ...target } of promotionsOf(point.recoveryPointId, plan.promote, cohort)) {
      const wanted = new Map(packs.map(({ packId }) => [packId, frames.get(packId) ?? []]));
      const reading = await openReading(parts);
      copies.push(await copyFrames(parts, reading, { frames: wanted, target, points, lock, lease: point.lease }));
    }
  }
  return finish(parts, point, uses, lock, copies);
}

async function finish(
  parts: VaultParts,
  point: PointToKeep,
  uses: readonly PackUse[],
  lock: StoreRetention,
  copies: readonly CopiedFrames[],
): Promise<KeptPacks> {
  const moves = copies.flatMap((copy) => copy.moves);
  const packs = copies.flatMap((copy) => copy.packs);
  const replaced = new Set(moves.map(({ from }) => from));
  const rest = uses.filter(({ packId }) => !replaced.has(packId));
  await extendPackLocks(
    parts,
    rest.map(({ packId }) => packId),
    lock,
  );
  if (moves.length === 0) return { uses: point.uses, segments: [], moves };
  const segments = packs.length === 0 ? [] : await putSegments(parts, packs);
  await putMoveRecord(parts, (await point.lease()).fence, moves, { isOfCommit: true });
  return { uses: [...rest, ...moves.flatMap(({ to }) => to)], segments, moves };
}

/** Trees may name packs whose frames were moved long ago: what counts in their place. */
async function currentUses(
  { authority, vaultId }: Pick<VaultParts, 'authority' | 'vaultId'>,
  named: readonly PackUse[],
): Promise<readonly PackUse[]> {
  const current = new Map<PackId, number>();
  const seen = new Set<PackId>();
  for (let pending = named; pending.length > 0; ) {
    const ids = pending.map(({ packId }) => packId);
    const packs = await authority.packs(vaultId, ids);
    const isThere = new Set(packs.filter(({ state }) => state !== 'withdrawn').map(({ packId }) => packId));
    const gone = pending.filter(({ packId }) => !isThere.has(packId));
    for (const { packId, usedBytes } of pending) {
      if (isThere.has(packId)) current.set(packId, (current.get(packId) ?? 0) + usedBytes);
    }
    const moves = new Map(
      (
        await authority.collection.successors(
          vaultId,
          gone.map(({ packId }) => packId),
        )
      ).map(({ from, to }) => [from, to]),
    );
    for (const { packId } of gone) seen.add(packId);
    pending = gone.flatMap(({ packId, usedBytes }) =>
      (moves.get(packId) ?? [])
        .filter((target) => !seen.has(target.packId))
        .map((target) => ({ packId: target.packId, usedBytes: Math.min(usedBytes, target.usedBytes) })),
    );
  }
  return [...current].map(([packId, usedBytes]) => ({ packId, usedBytes }));
}

/** Walks the new trees for the frames in some packs. @throws EngineError `damaged` when a chunk lies in no counted pack */
async function framesIn(
  parts: VaultParts,
  { recoveryPointId, content }: PointToKeep,
  uses: readonly PackUse[],
  packs: ReadonlySet<PackId>,
): Promise<ReadonlyMap<PackId, readonly NeededChunk[]>> {
  const found = new FrameCollector(packs);
  const walker = new PointWalker(await openReading(parts), {
    needed: (chunk) => found.add(chunk),
    uncounted({ chunkId, packId }) {
      const where = `recovery point ${recoveryPointId} needs chunk ${chunkId}`;
      throw new EngineError('damaged', `${where}, which is neither in pack ${packId} nor in another that counts`);
    },
  });
  await walker.walk(content, new Set(uses.map(({ packId }) => packId)), undefined);
  return found.byPack();
}
