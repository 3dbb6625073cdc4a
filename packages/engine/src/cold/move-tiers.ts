import type { CountedPack, PackId } from '../authority/authority.ts';
import { packKey } from '../pack/pack-id.ts';
import type { VaultParts } from '../retention/vault-parts.ts';
import type { StoreTier } from '../store/store.ts';
import { isStoreError } from '../store/store-error.ts';

const PAGE = 1000;
const MOVES_IN_FLIGHT = 4;

/** Which packs would change their tier; a plain value for previews. */
export interface TierPlan {
  /** Data packs that only cold recovery points need. Trees, index and recovery points stay warm for ever. */
  readonly cool: readonly CountedPack[];
  /** Cold packs that a warm recovery point came to need. */
  readonly warm: readonly CountedPack[];
  readonly coolBytes: number;
  readonly warmBytes: number;
}

export async function planTiers({ authority, vaultId }: Pick<VaultParts, 'authority' | 'vaultId'>): Promise<TierPlan> {
  const begun = await authority.collection.claimedPacks(vaultId);
  const cool = [...begun, ...(await authority.collection.packsToCool(vaultId, PAGE))];
  const warm = await authority.collection.packsToWarm(vaultId, PAGE);
  return { cool, warm, coolBytes: sizeOf(cool), warmBytes: sizeOf(warm) };
}

export interface TierOutcome {
  readonly cooled: readonly PackId[];
  readonly warmed: readonly PackId[];
  /** Needed by somebody since the plan, or kept in place by a lock of the store: later. */
  readonly waiting: readonly PackId[];
  /** Packs that were asked to warm up and are not readable yet: begin again when they are. */
  readonly warming: readonly PackId[];
}

/**
 * Moves packs. The authority is told first that a pack turns cold, so that no writer begins to need it meanwhile, and
 * again when the store has moved it; a run that was cut off is finished by the next one.
 */
export async function executeTiers(
  parts: Pick<VaultParts, 'authority' | 'vaultId' | 'store'>,
  plan: TierPlan,
  options: { readonly warmForMs: number; readonly signal?: AbortSignal },
): Promise<TierOutcome> {
  const { authority, vaultId, store } = parts;
  const ids = plan.cool.map(({ packId }) => packId);
  const begun = (await authority.collection.claimedPacks(vaultId)).map(({ packId }) => packId);
  const claimed = [...begun.filter((id) => ids.includes(id)), ...(await authority.collection.claimCold(vaultId, ids))];
  const cooled = await move(parts, claimed, 'cold', options.signal);
  const ready: PackId[] = [];
  const warming: PackId[] = [];
  for (const { packId } of plan.warm) {
    options.signal?.throwIfAborted();
    await store.warmUp(packKey(packId), options.warmForMs);
    const { availability } = await store.head(packKey(packId));
    (availability === 'ready' ? ready : warming).push(packId);
  }
  const warmed = await move(parts, ready, 'warm', options.signal);
  const waiting = ids.filter((id) => !cooled.includes(id));
  return { cooled, warmed, waiting, warming };
}

async function move(
  parts: Pick<VaultParts, 'authority' | 'vaultId' | 'store'>,
  packIds: readonly PackId[],
  tier: StoreTier,
  signal: AbortSignal | undefined,
): Promise<readonly PackId[]> {
  const done: PackId[] = [];
  for (let start = 0; start < packIds.length; start += MOVES_IN_FLIGHT) {
    signal?.throwIfAborted();
    const batch = packIds.slice(start, start + MOVES_IN_FLIGHT);
    const moved = await Promise.all(batch.map(async (id) => ((await tryMove(parts.store, id, tier)) ? id : undefined)));
    const ids = moved.filter((id) => id !== undefined);
    await parts.authority.collection.setPackTier(parts.vaultId, ids, tier);
    done.push(...ids);
  }
  return done;
}

/** False when a lock keeps the pack where it is. */
async function tryMove(store: VaultParts['store'], packId: PackId, tier: StoreTier): Promise<boolean> {
  try {
    await store.setTier(packKey(packId), tier);
    return true;
  } catch (error) {
    if (isStoreError(error, 'locked')) return false;
    throw error;
  }
}

function sizeOf(packs: readonly CountedPack[]): number {
  return packs.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0);
}
