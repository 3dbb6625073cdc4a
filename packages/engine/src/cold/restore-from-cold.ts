import type { CountedPack, PackId } from '../authority/authority.ts';
import { AuthorityError } from '../authority/authority-error.ts';
import { packKey } from '../pack/pack-id.ts';
import type { VaultParts } from '../retention/vault-parts.ts';

const HEADS_IN_FLIGHT = 8;

/** What must happen before a recovery point can be restored; a plain value for the user to agree to. */
export interface WarmUpPlan {
  readonly recoveryPointId: string;
  readonly packs: readonly CountedPack[];
  readonly objects: number;
  readonly bytes: number;
  /** The store takes hours; otherwise cold packs are read at once and nothing need be done. */
  readonly isDelayed: boolean;
}

/** @throws AuthorityError `not-found` */
export async function planWarmUp(
  { authority, vaultId, store }: Pick<VaultParts, 'authority' | 'vaultId' | 'store'>,
  recoveryPointId: string,
): Promise<WarmUpPlan> {
  if ((await authority.recoveryPoint(vaultId, recoveryPointId)) === undefined) {
    throw new AuthorityError('not-found', `there is no recovery point ${recoveryPointId}`);
  }
  const uses = await authority.collection.packUses(vaultId, recoveryPointId);
  const cold = await authority.collection.coldPacks(
    vaultId,
    uses.map(({ packId }) => packId),
  );
  const packs = await authority.packs(vaultId, cold);
  const bytes = packs.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0);
  const isDelayed = store.properties.coldTier === 'delayed';
  return { recoveryPointId, packs, objects: packs.length, bytes, isDelayed };
}

export interface WarmUpProgress {
  readonly ready: number;
  readonly total: number;
}

/**
 * Asks for every cold pack that has not been asked for, and tells how many can be read. It waits for nothing and
 * remembers nothing: call it again, after hours or after a crash, until all are ready.
 */
export async function stepWarmUp(
  { store }: Pick<VaultParts, 'store'>,
  plan: WarmUpPlan,
  options: {
    /** How long the packs shall stay readable: the longest that the restore may take. */
    readonly keepWarmMs: number;
    readonly signal?: AbortSignal;
  },
): Promise<WarmUpProgress> {
  let ready = 0;
  for (let start = 0; start < plan.packs.length; start += HEADS_IN_FLIGHT) {
    options.signal?.throwIfAborted();
    const batch = plan.packs.slice(start, start + HEADS_IN_FLIGHT);
    const states = await Promise.all(batch.map(({ packId }) => lookAndAsk(store, packId, options.keepWarmMs)));
    ready += states.filter((state) => state === 'ready').length;
  }
  return { ready, total: plan.packs.length };
}

async function lookAndAsk(store: VaultParts['store'], packId: PackId, keepWarmMs: number) {
  const { availability } = await store.head(packKey(packId));
  if (availability === 'cold') await store.warmUp(packKey(packId), keepWarmMs);
  return availability;
}
