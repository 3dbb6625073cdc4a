import type { CountedPack, PackId } from '../authority/authority.ts';
import type { RelocationPlan } from '../collect/relocate.ts';
import { packKey } from '../pack/pack-id.ts';
import type { VaultParts } from '../retention/vault-parts.ts';
import type { StoreTier } from '../store/store.ts';
import { isStoreError } from '../store/store-error.ts';
import { BUNDLE_DEFAULTS, type BundleOptions, executeBundles, planBundles } from './bundle-small-packs.ts';

const PAGE = 1000;
const MOVES_IN_FLIGHT = 4;

/** Which packs would change their tier; a plain value for previews. */
export interface TierPlan {
  /** Data packs that only cold recovery points need. Trees, index and recovery points stay warm for ever. */
  readonly cool: readonly CountedPack[];
  /** Those of them that are small, put together on the way. */
  readonly bundles: readonly RelocationPlan[];
  /** Cold packs that a warm recovery point came to need. */
  readonly warm: readonly CountedPack[];
  readonly coolBytes: number;
  readonly warmBytes: number;
}

export async function planTiers(
  { authority, vaultId, clock }: Pick<VaultParts, 'authority' | 'vaultId' | 'clock'>,
  options: BundleOptions = BUNDLE_DEFAULTS,
): Promise<TierPlan> {
  // What was begun may lie in the cold tier already, where it cannot be read: it goes on as it is.
  const claimed = await authority.collection.claimedPacks(vaultId);
  const begun = claimed.filter(({ state }) => state === 'live');
  const fresh = await authority.collection.packsToCool(vaultId, PAGE);
  const locks = await authority.collection.packLocks(
    vaultId,
    fresh.map(({ packId }) => packId),
  );
  const locked = new Set(locks.filter(({ untilAt }) => untilAt > clock()).map(({ packId }) => packId));
  const cool = [...begun, ...fresh];
  const warm = await authority.collection.packsToWarm(vaultId, PAGE);
  const bundles = planBundles(fresh, locked, options);
  return { cool, bundles, warm, coolBytes: sizeOf(cool), warmBytes: sizeOf(warm) };
}

export interface TierOutcome {
  readonly cooled: readonly PackId[];
  /** Small packs whose frames went into bundles in the cold tier; they themselves are in the trash. */
  readonly bundled: readonly PackId[];
  readonly warmed: readonly PackId[];
  /** Needed by somebody since the plan, or kept in place by a lock of the store: later. */
  readonly waiting: readonly PackId[];
  /** Packs that were asked to warm up and are not readable yet: begin again when they are. */
  readonly warming: readonly PackId[];
}

/**
 * Moves packs. The authority is told first that a pack turns cold, so that no writer begins to need it meanwhile, and
 * again when the store has moved it; a run that was cut off is finished by the next one. Small packs do not move
 * themselves: what is needed of them is put together into larger ones.
 */
export async function executeTiers(
  parts: VaultParts,
  plan: TierPlan,
  options: { readonly warmForMs: number; readonly signal?: AbortSignal },
): Promise<TierOutcome> {
  const { authority, vaultId, store } = parts;
  const ids = plan.cool.map(({ packId }) => packId);
  const begun = (await authority.collection.claimedPacks(vaultId)).map(({ packId }) => packId);
  const claimed = [...begun.filter((id) => ids.includes(id)), ...(await authority.collection.claimCold(vaultId, ids))];
  const fresh = new Set(claimed.filter((id) => !begun.includes(id)));
  const { emptied: bundled } = await executeBundles(parts, plan.bundles, fresh, options.signal);
  const rest = claimed.filter((id) => !bundled.includes(id));
  const cooled = await move(parts, rest, 'cold', options.signal);
  const ready: PackId[] = [];
  const warming: PackId[] = [];
  for (const { packId } of plan.warm) {
    options.signal?.throwIfAborted();
    await store.warmUp(packKey(packId), options.warmForMs);
    const { availability } = await store.head(packKey(packId));
    (availability === 'ready' ? ready : warming).push(packId);
  }
  const warmed = await move(parts, ready, 'warm', options.signal);
  const waiting = ids.filter((id) => !cooled.includes(id) && !bundled.includes(id));
  return { cooled, bundled, warmed, waiting, warming };
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
