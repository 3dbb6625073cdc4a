/**
 * The authority: the one transactional place that decides who may write, what is referenced and what may go. It is a
 * port; the catalog implements it on its database, `sqliteAuthority` stands alone. Stores hold no locks: a writer whose
 * lease lapsed cannot commit, whatever its own clock says.
 *
 * Identifiers: `vaultId` and pack IDs are 32 lower-case hexadecimal digits; times are ms since the epoch by the
 * authority's own clock. Every method is one transaction and throws `AuthorityError` for expected refusals.
 */

import type { RecoveryPointRetention } from '../point/recovery-point.ts';
import type { CollectionAuthority, PackMove } from './collection-authority.ts';

/** 32 hexadecimal digits; see docs/format, "Pack ID". */
export type PackId = string;

/** The right to add packs and to commit one recovery point. */
export interface WriteLease {
  readonly vaultId: string;
  readonly leaseId: string;
  readonly recoveryPointId: string;
  /** Larger than that of every lease given before in this vault; part of the name of each pack written under it. */
  readonly fence: number;
  readonly expiresAt: number;
}

/** Keeps a recovery point from being deleted while it is read. */
export interface ReadLease {
  readonly vaultId: string;
  readonly leaseId: string;
  readonly recoveryPointId: string;
  readonly expiresAt: number;
}

export interface LeaseRequest {
  readonly vaultId: string;
  readonly recoveryPointId: string;
  /** Who asks, for messages: a job or a process. */
  readonly holder: string;
  readonly ttlMs: number;
}

/** What is known of a stored pack. */
export interface PackFacts {
  readonly packId: PackId;
  readonly kind: 'data' | 'tree';
  readonly sizeBytes: number;
  /** End of the retention cohort (see docs/format, "Cohorts"); undefined for the cohort without end. */
  readonly cohortUntilAt?: number;
  /** BLAKE3 Merkle root over the pack, 64 hexadecimal digits. */
  readonly merkleRoot: string;
  /** CRC-32 of the whole object. */
  readonly crc32: number;
}

/** How many sealed bytes of a pack a recovery point needs; an upper bound, never above the pack's size. */
export interface PackUse {
  readonly packId: PackId;
  readonly usedBytes: number;
}

export interface RecoveryPointCommit {
  readonly recoveryPointId: string;
  readonly parentId?: string;
  readonly createdAt: number;
  readonly retention: RecoveryPointRetention;
  readonly logicalBytes: number;
  readonly itemCount: number;
  /** Every pack that the recovery point needs: data and trees, its own and others'. */
  readonly uses: readonly PackUse[];
  /** Index segments that the writer stored. */
  readonly segments: readonly string[];
  /**
   * Frames that the writer copied into its own packs because it must keep them longer. Its trees go on naming the sources,
   * and so will the trees that are built on them: where a source is not safe, the copies count.
   */
  readonly moves?: readonly PackMove[];
}

/** A committed recovery point as the authority knows it. */
export interface CommittedRecoveryPoint {
  readonly recoveryPointId: string;
  /** The fence of the lease that committed it: part of its object's name. */
  readonly fence: number;
  readonly parentId?: string;
  readonly createdAt: number;
  readonly retention: RecoveryPointRetention;
  readonly logicalBytes: number;
  readonly itemCount: number;
  /** Names of the legal holds that stand on it. */
  readonly holds: readonly string[];
}

/** A pack with its counters. */
export interface CountedPack extends PackFacts {
  /** Committed recovery points that need it. */
  readonly referenceCount: number;
  /** Sum of `usedBytes` over those recovery points. */
  readonly usedBytes: number;
  /** `written`: journalled by a lease, not yet referenced; `live`: was committed; `withdrawn`: about to be deleted. */
  readonly state: 'written' | 'live' | 'withdrawn';
  /** When it was withdrawn; present exactly in that state. */
  readonly withdrawnAt?: number;
}

export interface Authority {
  /** What collection, verification and retention need besides. */
  readonly collection: CollectionAuthority;

  acquireWriteLease(request: LeaseRequest): Promise<WriteLease>;
  /** @throws AuthorityError `lease-lost` when it lapsed or was released; the writer must stop */
  renewWriteLease(lease: WriteLease, ttlMs: number): Promise<WriteLease>;
  /** Gives up a lease without commit (no effect after a commit or twice): its pins go, its packs become garbage. */
  releaseWriteLease(lease: WriteLease): Promise<void>;

  /** @throws AuthorityError `not-found` when the recovery point is not committed (any more) */
  acquireReadLease(request: LeaseRequest): Promise<ReadLease>;
  /** @throws AuthorityError `lease-lost` */
  renewReadLease(lease: ReadLease, ttlMs: number): Promise<ReadLease>;
  releaseReadLease(lease: ReadLease): Promise<void>;

  /**
   * Pins packs for a writer, so that a dedup answer stays true until its commit.
   * @returns the packs that are now pinned; the others are withdrawn or unknown and must not be referenced
   * @throws AuthorityError `lease-lost`
   */
  pinPacks(lease: WriteLease, packIds: readonly PackId[]): Promise<readonly PackId[]>;
  /** Journals packs that this writer has durably stored. @throws AuthorityError `lease-lost` */
  recordPacks(lease: WriteLease, packs: readonly PackFacts[]): Promise<void>;

  /**
   * The one commit point: checks the fence, that every used pack is journalled by this lease, pinned by it, or needed by
   * its read-leased parent, adds the counters and the segments, and ends the lease.
   * @throws AuthorityError `lease-lost`, `already-exists`, `pack-missing`; nothing is changed
   */
  commit(lease: WriteLease, commit: RecoveryPointCommit): Promise<void>;

  recoveryPoint(vaultId: string, recoveryPointId: string): Promise<CommittedRecoveryPoint | undefined>;
  /** In order of identifier, after the given one. */
  recoveryPoints(vaultId: string, after: string | undefined, limit: number): Promise<readonly CommittedRecoveryPoint[]>;
  /** Names of the live index segments. */
  segments(vaultId: string): Promise<readonly string[]>;
  /** Adds merged segments and retires those that they replace, at once. */
  replaceSegments(vaultId: string, added: readonly string[], retired: readonly string[]): Promise<void>;

  /** Moves the dates of a recovery point. @throws AuthorityError `locked` when a lock would become shorter */
  setRetention(vaultId: string, recoveryPointId: string, retention: RecoveryPointRetention): Promise<void>;
  addHold(vaultId: string, recoveryPointId: string, hold: string): Promise<void>;
  removeHold(vaultId: string, recoveryPointId: string, hold: string): Promise<void>;

  /**
   * Removes a recovery point and its counters.
   * @throws AuthorityError `locked`, `held`, `in-use` (read-leased), `not-found`
   */
  deleteRecoveryPoint(vaultId: string, recoveryPointId: string): Promise<void>;

  packs(vaultId: string, packIds: readonly PackId[]): Promise<readonly CountedPack[]>;
  allPacks(vaultId: string, after: PackId | undefined, limit: number): Promise<readonly CountedPack[]>;
  /** Packs, not yet withdrawn, that nothing references, pins or may still commit: the candidates of collection. */
  collectablePacks(vaultId: string, limit: number): Promise<readonly CountedPack[]>;
  /** Takes packs out of dedup answers, if nothing needs them at this moment. @returns those withdrawn */
  withdrawPacks(vaultId: string, packIds: readonly PackId[]): Promise<readonly PackId[]>;
  /** Forgets withdrawn packs after the store deleted them. */
  forgetPacks(vaultId: string, packIds: readonly PackId[]): Promise<void>;
}
