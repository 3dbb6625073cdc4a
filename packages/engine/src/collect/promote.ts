import type { CountedPack, PackId, PackUse } from '../authority/authority.ts';
import type { VaultParts } from '../retention/vault-parts.ts';
import type { StoreRetention } from '../store/store.ts';
import { retentionCovers } from '../store/store-retention.ts';
import type { RelocationPlan } from './relocate.ts';

/** From this share on it is cheaper to keep a pack longer than to copy what is needed of it. */
const EXTEND_FROM = 0.6;
/** What one backup, copy or change of retention copies at most, all in memory; beyond it packs are kept whole. */
const PROMOTE_BYTES = 96 << 20;
/** Size of the new packs. */
const PROMOTED_PACK_BYTES = 32 << 20;

/** How a recovery point under a lock keeps what it needs of packs that the store would let go earlier. */
export interface PromotionPlan {
  /** Packs whose lock moves to the later date (those that are locked long enough cost nothing). */
  readonly extend: readonly PackId[];
  /** Packs of shorter cohorts of which little is needed: that is copied, so that the waste beside it is not locked too. */
  readonly promote: readonly CountedPack[];
}

/**
 * Sorts the packs that a recovery point needs before their locks are moved. Without a lock there is nothing to decide:
 * collection moves what is needed out of packs once they are mostly waste.
 * @param cohortUntilAt end of the recovery point's own cohort, undefined for the one without end
 */
export async function planPromotion(
  { authority, vaultId }: Pick<VaultParts, 'authority' | 'vaultId'>,
  uses: readonly PackUse[],
  lock: StoreRetention,
  cohortUntilAt: number | undefined,
): Promise<PromotionPlan> {
  const used = new Map(uses.map(({ packId, usedBytes }) => [packId, usedBytes]));
  const ids = [...used.keys()];
  const locks = await authority.collection.packLocks(vaultId, ids);
  const isLocked = new Set(locks.filter((held) => retentionCovers(held, lock)).map(({ packId }) => packId));
  const isCold = new Set(await authority.collection.coldPacks(vaultId, ids));
  const promote: CountedPack[] = [];
  let bytes = 0;
  for (const pack of await authority.packs(vaultId, ids)) {
    const neededBytes = used.get(pack.packId) ?? 0;
    const isShort = endsBefore(pack, cohortUntilAt) && !isLocked.has(pack.packId) && !isCold.has(pack.packId);
    if (!isShort || neededBytes >= pack.sizeBytes * EXTEND_FROM || bytes + neededBytes > PROMOTE_BYTES) continue;
    promote.push(pack);
    bytes += neededBytes;
  }
  const isPromoted = new Set(promote.map(({ packId }) => packId));
  return { extend: ids.filter((packId) => !isPromoted.has(packId)), promote };
}

/** The same as relocations for a committed recovery point alone: data and trees apart. */
export function promotionsOf(
  recoveryPointId: string,
  packs: readonly CountedPack[],
  cohortUntilAt: number | undefined,
): readonly RelocationPlan[] {
  return [...Map.groupBy(packs, ({ kind }) => kind)].map(([kind, members]) => ({
    packs: members,
    kind,
    tier: 'warm' as const,
    points: [recoveryPointId],
    targetPackBytes: PROMOTED_PACK_BYTES,
    ...(cohortUntilAt === undefined ? {} : { cohortUntilAt }),
  }));
}

function endsBefore({ cohortUntilAt: held }: CountedPack, end: number | undefined): boolean {
  return held !== undefined && (end === undefined || held < end);
}
