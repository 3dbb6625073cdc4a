import type { CountedPack, PackId, WriteLease } from '../authority/authority.ts';
import type { PackMove } from '../authority/collection-authority.ts';
import { EngineError } from '../engine-error.ts';
import { packKey } from '../pack/pack-id.ts';
import type { PackKind } from '../pack/pack-layout.ts';
import { alignPackHolds } from '../retention/store-holds.ts';
import { storeLockOf } from '../retention/store-lock.ts';
import type { VaultParts } from '../retention/vault-parts.ts';
import type { StoreRetention, StoreTier } from '../store/store.ts';
import { laterRetention } from '../store/store-retention.ts';
import { copyFrames, type HealSource } from './copy-frames.ts';
import { findLiveFrames } from './live-frames.ts';
import { putMoveRecord } from './move-records.ts';
import type { FinishedPack } from './moved-pack.ts';
import { putSegments } from './put-segment.ts';
import type { VaultReading } from './vault-reading.ts';
import type { NeededChunk, UncountedChunk } from './walk-point.ts';

/** Whole packs to be emptied into new ones: all of one kind and, by their new place, of one cohort. */
export interface RelocationPlan {
  readonly packs: readonly CountedPack[];
  readonly kind: PackKind;
  readonly cohortUntilAt?: number;
  readonly tier: StoreTier;
  /** Only these recovery points change over (promotion); absent: all. */
  readonly points?: readonly string[];
  readonly targetPackBytes: number;
}

export interface RelocationOutcome {
  readonly emptied: readonly PackId[];
  /** Pinned by a writer, or gone since the plan: left for another time. */
  readonly skipped: readonly PackId[];
  /** Packs in which a needed frame does not verify: left as they are, for repair. */
  readonly damaged: readonly { readonly packId: PackId; readonly chunks: readonly NeededChunk[] }[];
  readonly written: readonly PackId[];
  readonly movedBytes: number;
}

export interface RelocationOptions {
  readonly signal?: AbortSignal;
  /** Without it damaged packs are left alone. */
  readonly heal?: HealSource;
  /** The new packs are kept at least as long, whatever the recovery points that need them say. */
  readonly lock?: StoreRetention;
}

/**
 * Empties packs by moving the frames that are still needed, as ciphertext, into new packs. The order is that of a
 * backup: packs, segment, record, then one transaction at the authority in which all recovery points change over. Until
 * then nothing is different; a crash leaves packs of a dead writer.
 */
export async function relocate(
  parts: VaultParts,
  reading: VaultReading,
  plan: RelocationPlan,
  options: RelocationOptions = {},
): Promise<RelocationOutcome> {
  const { authority, vaultId } = parts;
  const recoveryPointId = `moves-${Buffer.from(parts.random(8)).toString('hex')}`;
  const lease = await authority.acquireWriteLease({
    vaultId,
    recoveryPointId,
    holder: parts.holder,
    ttlMs: parts.leaseMs,
  });
  try {
    return await new Relocation(parts, reading, plan, lease, options).run();
  } finally {
    await authority.releaseWriteLease(lease);
  }
}

class Relocation {
  readonly #parts: VaultParts;
  readonly #reading: VaultReading;
  readonly #plan: RelocationPlan;
  readonly #options: RelocationOptions;
  #lease: WriteLease;

  constructor(
    parts: VaultParts,
    reading: VaultReading,
    plan: RelocationPlan,
    lease: WriteLease,
    options: RelocationOptions,
  ) {
    this.#parts = parts;
    this.#reading = reading;
    this.#plan = plan;
    this.#lease = lease;
    this.#options = options;
  }

  async run(): Promise<RelocationOutcome> {
    const { authority } = this.#parts;
    const wanted = this.#plan.packs.map(({ packId }) => packId);
    const closed = await authority.collection.closePacks(this.#lease, wanted);
    const users = await this.#users(closed);
    const live = await findLiveFrames(this.#parts, this.#reading, new Set(closed), users, this.#options.signal);
    await this.#assertCounted(live.uncounted);
    const { kind, cohortUntilAt, targetPackBytes, tier, points } = this.#plan;
    const { signal, heal } = this.#options;
    const { packs, moves, damaged } = await copyFrames(this.#parts, this.#reading, {
      frames: new Map(closed.map((packId) => [packId, live.byPack.get(packId) ?? []])),
      target: { kind, targetPackBytes, tier, ...(cohortUntilAt === undefined ? {} : { cohortUntilAt }) },
      ...(points === undefined ? {} : { points }),
      lock: await this.#lock(users),
      lease: () => this.#renewed(),
      ...(heal === undefined ? {} : { heal }),
      ...(signal === undefined ? {} : { signal }),
    });
    if (moves.length > 0) await this.#commit(packs, moves, users);
    const emptied = moves.map(({ from }) => from);
    return {
      emptied,
      skipped: wanted.filter((packId) => !closed.includes(packId)),
      damaged,
      written: packs.map(({ facts }) => facts.packId),
      movedBytes: packs.reduce((sum, { facts }) => sum + facts.sizeBytes, 0),
    };
  }

  async #commit(packs: readonly FinishedPack[], moves: readonly PackMove[], users: readonly string[]): Promise<void> {
    const { authority, store } = this.#parts;
    const wasHeld = await this.#isAnyHeld(users);
    // Nobody deletes what a held recovery point is about to need.
    if (wasHeld) for (const { facts } of packs) await store.setHold(packKey(facts.packId), true);
    const segments = await putSegments(this.#parts, packs);
    await putMoveRecord(this.#parts, this.#lease.fence, moves);
    if (this.#plan.tier === 'cold') {
      // Before they count for anybody: no writer may take them for warm.
      const packIds = packs.map(({ facts }) => facts.packId);
      await authority.collection.setPackTier(this.#parts.vaultId, packIds, 'cold');
    }
    await authority.collection.movePacks(this.#lease, moves, segments);
    if (!wasHeld && !(await this.#isAnyHeld(users))) return;
    const moved = [...packs.map(({ facts }) => facts.packId), ...moves.map(({ from }) => from)];
    await alignPackHolds(this.#parts, moved);
  }

  async #isAnyHeld(points: readonly string[]): Promise<boolean> {
    for (const point of points) {
      if (((await this.#parts.authority.recoveryPoint(this.#parts.vaultId, point))?.holds.length ?? 0) > 0) return true;
    }
    return false;
  }

  /** Frames that no counter knows must stop everything that deletes, before anything is moved away from them. */
  async #assertCounted(uncounted: readonly UncountedChunk[]): Promise<void> {
    const [first] = uncounted;
    if (first === undefined) return;
    const reason = `${uncounted.length} chunks, ${first.chunkId} among them, lie in no pack that counts for their recovery point`;
    await this.#parts.authority.collection.freeze(this.#parts.vaultId, reason);
    throw new EngineError('damaged', `moving frames was stopped and deletion is frozen: ${reason}`);
  }

  async #renewed(): Promise<WriteLease> {
    this.#lease = await this.#parts.authority.renewWriteLease(this.#lease, this.#parts.leaseMs);
    return this.#lease;
  }

  async #users(packIds: readonly PackId[]): Promise<readonly string[]> {
    const users = new Set<string>();
    for (const packId of packIds) {
      for (const point of await this.#parts.authority.collection.pointsUsing(this.#parts.vaultId, packId)) {
        if (this.#plan.points === undefined || this.#plan.points.includes(point)) users.add(point);
      }
    }
    return [...users].sort();
  }

  /** New packs are locked as long as the longest-locked recovery point that will need them. */
  async #lock(users: readonly string[]): Promise<StoreRetention | undefined> {
    let lock = this.#options.lock;
    for (const point of users) {
      const committed = await this.#parts.authority.recoveryPoint(this.#parts.vaultId, point);
      const wanted = committed === undefined ? undefined : storeLockOf(committed.retention);
      if (wanted !== undefined) lock = laterRetention(lock, wanted);
    }
    return lock;
  }
}
