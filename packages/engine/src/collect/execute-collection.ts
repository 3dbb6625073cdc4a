import type { CountedPack, PackId } from '../authority/authority.ts';
import { packKey } from '../pack/pack-id.ts';
import { alignPackHolds } from '../retention/store-holds.ts';
import type { VaultParts } from '../retention/vault-parts.ts';
import { isStoreError } from '../store/store-error.ts';
import { compactSegments } from './compact-segments.ts';
import { measureWaste } from './measure-waste.ts';
import { COLLECTION_DEFAULTS, type CollectionOptions, type CollectionPlan } from './plan-collection.ts';
import { type RelocationOutcome, relocate } from './relocate.ts';
import { openReading } from './vault-reading.ts';

const DELETES_IN_FLIGHT = 8;
const WITHDRAWN_AT_ONCE = 1000;

export interface CollectionProgress {
  readonly step: 'withdraw' | 'repack' | 'purge' | 'segments';
  readonly done: number;
  readonly total: number;
}

export interface CollectionOutcome {
  /** Deletion is frozen: nothing, or not all, was done. */
  readonly frozen?: string;
  readonly withdrawn: readonly PackId[];
  readonly purged: readonly PackId[];
  readonly freedBytes: number;
  /** The store refused to delete these because of a lock. */
  readonly locked: readonly PackId[];
  readonly relocations: readonly RelocationOutcome[];
  readonly retiredSegments: number;
  readonly deletedSegments: number;
}

/**
 * Does what a plan says, as far as it is still true: every step asks the authority again, so that a recovery point that
 * came meanwhile loses nothing. Writers never wait. A run that was cut off anywhere is finished by the next one.
 */
export async function executeCollection(
  parts: VaultParts,
  plan: CollectionPlan,
  options: CollectionOptions & {
    readonly signal?: AbortSignal;
    readonly onProgress?: (progress: CollectionProgress) => void;
  } = COLLECTION_DEFAULTS,
): Promise<CollectionOutcome> {
  const { authority, vaultId } = parts;
  const frozen = await authority.collection.frozenReason(vaultId);
  const nothing = { withdrawn: [], purged: [], freedBytes: 0, locked: [], relocations: [] };
  if (frozen !== undefined) return { ...nothing, frozen, retiredSegments: 0, deletedSegments: 0 };
  const withdrawn = await withdraw(parts, plan, options);
  const relocations = await repack(parts, plan, options);
  const purge = await purgePacks(parts, plan.purge, options);
  await measureWaste(parts, options);
  const segments = await compactSegments(parts, options.graceMs, options.signal);
  options.onProgress?.({ step: 'segments', done: segments.deleted, total: segments.deleted });
  return {
    ...(purge.frozen === undefined ? {} : { frozen: purge.frozen }),
    withdrawn,
    purged: purge.purged,
    freedBytes: purge.freedBytes,
    locked: purge.locked,
    relocations,
    retiredSegments: segments.retired,
    deletedSegments: segments.deleted,
  };
}

/** In short transactions: writers commit in between. */
async function withdraw(
  { authority, vaultId }: VaultParts,
  plan: CollectionPlan,
  options: { readonly signal?: AbortSignal; readonly onProgress?: (progress: CollectionProgress) => void },
): Promise<readonly PackId[]> {
  const ids = plan.withdraw.map(({ packId }) => packId);
  const withdrawn: PackId[] = [];
  for (let start = 0; start < ids.length; start += WITHDRAWN_AT_ONCE) {
    options.signal?.throwIfAborted();
    withdrawn.push(...(await authority.withdrawPacks(vaultId, ids.slice(start, start + WITHDRAWN_AT_ONCE))));
    options.onProgress?.({ step: 'withdraw', done: withdrawn.length, total: ids.length });
  }
  return withdrawn;
}

async function repack(
  parts: VaultParts,
  plan: CollectionPlan,
  options: { readonly signal?: AbortSignal; readonly onProgress?: (progress: CollectionProgress) => void },
): Promise<readonly RelocationOutcome[]> {
  const outcomes: RelocationOutcome[] = [];
  for (const relocation of plan.repack) {
    const reading = await openReading(parts);
    const outcome = await relocate(
      parts,
      reading,
      relocation,
      options.signal === undefined ? {} : { signal: options.signal },
    );
    outcomes.push(outcome);
    await parts.authority.withdrawPacks(parts.vaultId, outcome.emptied);
    options.onProgress?.({ step: 'repack', done: outcomes.length, total: plan.repack.length });
  }
  return outcomes;
}

interface PurgeOutcome {
  readonly frozen?: string;
  readonly purged: readonly PackId[];
  readonly freedBytes: number;
  readonly locked: readonly PackId[];
}

/** Deletes packs in the store, then forgets them; a pack that was taken back out of the trash is left alone. */
async function purgePacks(
  parts: VaultParts,
  packs: readonly CountedPack[],
  options: { readonly signal?: AbortSignal; readonly onProgress?: (progress: CollectionProgress) => void },
): Promise<PurgeOutcome> {
  const { authority, vaultId } = parts;
  const purged: PackId[] = [];
  const locked: PackId[] = [];
  let freedBytes = 0;
  for (let start = 0; start < packs.length; start += DELETES_IN_FLIGHT) {
    options.signal?.throwIfAborted();
    const frozen = await authority.collection.frozenReason(vaultId);
    if (frozen !== undefined) return { frozen, purged, freedBytes, locked };
    const batch = packs.slice(start, start + DELETES_IN_FLIGHT).map(({ packId }) => packId);
    const current = await authority.packs(vaultId, batch);
    const inTrash = current.filter(({ state, referenceCount }) => state === 'withdrawn' && referenceCount === 0);
    const gone = await Promise.all(inTrash.map(async (pack) => ((await tryDelete(parts, pack)) ? pack : undefined)));
    const deleted = gone.filter((pack) => pack !== undefined);
    await authority.forgetPacks(
      vaultId,
      deleted.map(({ packId }) => packId),
    );
    purged.push(...deleted.map(({ packId }) => packId));
    freedBytes += deleted.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0);
    locked.push(...inTrash.filter((pack) => !deleted.includes(pack)).map(({ packId }) => packId));
    options.onProgress?.({ step: 'purge', done: start + batch.length, total: packs.length });
  }
  return { purged, freedBytes, locked };
}

/** False when a lock of the store forbids it: the pack stays in the trash until the lock has ended. */
async function tryDelete(parts: VaultParts, { packId }: CountedPack): Promise<boolean> {
  for (const isLast of [false, true]) {
    try {
      await parts.store.delete(packKey(packId));
      return true;
    } catch (error) {
      if (!isStoreError(error, 'locked')) throw error;
      // A hold from when a held recovery point needed this pack, whose frames have moved since.
      if (!isLast) await alignPackHolds(parts, [packId]);
    }
  }
  return false;
}
