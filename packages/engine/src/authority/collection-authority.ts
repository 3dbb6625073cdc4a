/**
 * The part of the authority that collection, verification and retention work with: trash, moves of frames between packs,
 * locks and checks of packs, and the freeze that stops every deletion. Same rules as `Authority`: each method is one
 * transaction, times are the authority's own.
 */
import type { CommittedRecoveryPoint, CountedPack, PackFacts, PackId, PackUse, WriteLease } from './authority.ts';

/** Frames of a pack that now lie in others as well. */
export interface PackMove {
  readonly from: PackId;
  /** Where its needed frames went, with the bytes that each target took over from it. */
  readonly to: readonly PackUse[];
  /** Only these recovery points change over (promotion); absent: all that need it (repacking). */
  readonly points?: readonly string[];
}

/** Until when the store itself keeps a pack from being deleted. */
export interface PackLock {
  readonly packId: PackId;
  readonly mode: 'governance' | 'compliance';
  readonly untilAt: number;
}

export type CheckLayer = 'cheap' | 'deep';

/** One look at a stored pack: `cheap` asked the store for its checksum, `deep` read every byte. */
export interface PackCheck {
  readonly packId: PackId;
  readonly layer: CheckLayer;
  readonly checkedAt: number;
  /** Absent: it was good. */
  readonly damage?: string;
}

/** What the ledger knows of one pack. */
export interface PackCheckState {
  readonly pack: CountedPack;
  /** When the layer last looked, whatever it found; absent: never. */
  readonly checkedAt?: number;
  readonly damage?: string;
}

/** A recovery point as recovery found it in the store. */
export interface RestoredPoint extends CommittedRecoveryPoint {
  readonly uses: readonly PackUse[];
}

export interface CollectionAuthority {
  /** Withdrawn packs that were withdrawn at or before a time, longest withdrawn first. */
  withdrawnPacks(vaultId: string, atOrBefore: number, limit: number): Promise<readonly CountedPack[]>;
  /** Takes packs back out of the trash. @returns those that were in it */
  reinstatePacks(vaultId: string, packIds: readonly PackId[]): Promise<readonly PackId[]>;
  /** Fences of the write leases that may still commit. */
  runningFences(vaultId: string): Promise<readonly number[]>;

  /**
   * Closes packs for new references while the lease runs: no writer can pin them. Packs that are pinned now stay open.
   * @returns those that are closed
   * @throws AuthorityError `lease-lost`
   */
  closePacks(lease: WriteLease, packIds: readonly PackId[]): Promise<readonly PackId[]>;
  /**
   * Takes over packs that a dead writer journalled and never committed; its fence is in their IDs.
   * @returns all that now belong to this lease
   * @throws AuthorityError `lease-lost`
   */
  adoptPacks(lease: WriteLease, deadFence: number): Promise<readonly CountedPack[]>;

  /**
   * Gives every recovery point that needs a `from` pack the `to` packs in its place, with at most its former bytes each,
   * adds the segments, and ends the lease. The `from` packs must be closed and the `to` packs journalled by the lease.
   * @throws AuthorityError `lease-lost`, `pack-missing`, `in-use` (not closed); nothing is changed
   */
  movePacks(lease: WriteLease, moves: readonly PackMove[], segments: readonly string[]): Promise<void>;

  /** Where frames of packs were moved or copied to, for those of which it is known. */
  successors(vaultId: string, packIds: readonly PackId[]): Promise<readonly PackMove[]>;

  /** The packs that a recovery point needs. */
  packUses(vaultId: string, recoveryPointId: string): Promise<readonly PackUse[]>;
  /** The recovery points that need a pack, in order of identifier. */
  pointsUsing(vaultId: string, packId: PackId): Promise<readonly string[]>;
  /**
   * Live packs of several recovery points of which none needs more than a share: the sum of their uses says little about
   * what all together need, so it must be measured. Packs measured since the last use went are left out.
   */
  packsToMeasure(vaultId: string, share: number, limit: number): Promise<readonly CountedPack[]>;
  /** Remembers how many bytes of packs are needed by all recovery points together. */
  recordLiveBytes(vaultId: string, packs: readonly PackUse[]): Promise<void>;
  /** Measurements that still hold: no use came or went since. */
  measuredPacks(vaultId: string): Promise<readonly PackUse[]>;
  /** Packs whose counters are not what the uses add up to; none in a healthy database. */
  miscountedPacks(vaultId: string, limit: number): Promise<readonly PackId[]>;

  /** Segments that `replaceSegments` retired at or before a time: open readers may still need later ones. */
  retiredSegments(vaultId: string, atOrBefore: number, limit: number): Promise<readonly string[]>;
  /** Forgets retired segments after the store deleted them. */
  forgetSegments(vaultId: string, segments: readonly string[]): Promise<void>;

  /** Stops every deletion in the vault until `unfreeze`; the first reason stays. */
  freeze(vaultId: string, reason: string): Promise<void>;
  unfreeze(vaultId: string): Promise<void>;
  /** Why deletion is frozen, or undefined when it is not. */
  frozenReason(vaultId: string): Promise<string | undefined>;

  /** Remembers locks that the store holds; an earlier date than known changes nothing. */
  recordPackLocks(vaultId: string, locks: readonly PackLock[]): Promise<void>;
  packLocks(vaultId: string, packIds: readonly PackId[]): Promise<readonly PackLock[]>;
  /** Of these packs, those that a recovery point under legal hold needs. */
  heldPacks(vaultId: string, packIds: readonly PackId[]): Promise<readonly PackId[]>;

  /** The largest fence given so far; 0 when none was. */
  lastFence(vaultId: string): Promise<number>;
  /** Recovery: makes the next lease's fence larger than this. */
  raiseFence(vaultId: string, atLeast: number): Promise<void>;
  /** Recovery: enters packs that are in the store and that the authority does not know, without references. */
  restorePacks(vaultId: string, packs: readonly PackFacts[]): Promise<void>;
  /**
   * Recovery: remembers where the frames of packs that are gone lie now. Trees go on naming those packs, and what is built
   * on such a tree must count their successors, as after `movePacks`.
   */
  restoreMoves(vaultId: string, moves: readonly PackMove[]): Promise<void>;
  /**
   * Recovery: enters a committed recovery point with its counters, dates and holds. @returns false when it was known
   * @throws AuthorityError `pack-missing`
   */
  restorePoint(vaultId: string, point: RestoredPoint): Promise<boolean>;

  recordPackChecks(vaultId: string, checks: readonly PackCheck[]): Promise<void>;
  /** Live packs that a layer did not look at since a time, the longest unseen first. */
  packsToCheck(
    vaultId: string,
    layer: CheckLayer,
    notSinceAt: number,
    limit: number,
  ): Promise<readonly PackCheckState[]>;
  /** Packs in which the last look of either layer found damage: a good cheap look does not undo a bad deep one. */
  damagedPacks(vaultId: string): Promise<readonly PackCheckState[]>;

  /** Says which tier a recovery point belongs to; packs follow by `planCold`. @throws AuthorityError `not-found` */
  setPointTier(vaultId: string, recoveryPointId: string, tier: 'warm' | 'cold'): Promise<void>;
  /** Recovery points in the cold tier. */
  coldPoints(vaultId: string): Promise<readonly string[]>;
  /** Warm data packs that only cold recovery points need. */
  packsToCool(vaultId: string, limit: number): Promise<readonly CountedPack[]>;
  /**
   * Claims packs for the cold tier, if still only cold recovery points need them and nobody has them pinned: from now on
   * they cannot be pinned. @returns those claimed
   */
  claimCold(vaultId: string, packIds: readonly PackId[]): Promise<readonly PackId[]>;
  /** Claimed packs that `setPackTier` has not confirmed yet: a move that was cut off. */
  claimedPacks(vaultId: string): Promise<readonly CountedPack[]>;
  /** Cold packs that a warm recovery point needs. */
  packsToWarm(vaultId: string, limit: number): Promise<readonly CountedPack[]>;
  /** Moves packs between tiers in the books, after the store did. */
  setPackTier(vaultId: string, packIds: readonly PackId[], tier: 'warm' | 'cold'): Promise<void>;
  /** Of these packs, those that are in the cold tier. */
  coldPacks(vaultId: string, packIds: readonly PackId[]): Promise<readonly PackId[]>;
}
