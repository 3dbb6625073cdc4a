import type { PackId } from '../authority/authority.ts';
import type { PackLock } from '../authority/collection-authority.ts';
import { packKey } from '../pack/pack-id.ts';
import type { StoreRetention } from '../store/store.ts';
import { retentionCovers } from '../store/store-retention.ts';
import type { VaultParts } from './vault-parts.ts';

const IN_FLIGHT = 8;

type LockingParts = Pick<VaultParts, 'vaultId' | 'store' | 'authority'>;

/** Remembers the locks that packs got in their PUT. */
export async function recordNewPackLocks(
  parts: LockingParts,
  packIds: readonly PackId[],
  lock: StoreRetention | undefined,
): Promise<void> {
  if (lock === undefined) return;
  await parts.authority.collection.recordPackLocks(
    parts.vaultId,
    packIds.map((packId) => ({ packId, ...lock })),
  );
}

/**
 * Makes the store keep packs at least until a date: one request per pack whose known lock ends earlier, none for the
 * others. A backup calls it before it commits a recovery point that needs older packs.
 */
export async function extendPackLocks(
  parts: LockingParts,
  packIds: readonly PackId[],
  lock: StoreRetention,
): Promise<{ readonly extended: number }> {
  const known = new Map<PackId, PackLock>();
  for (const held of await parts.authority.collection.packLocks(parts.vaultId, packIds)) known.set(held.packId, held);
  const short = packIds.filter((packId) => !retentionCovers(known.get(packId), lock));
  for (let start = 0; start < short.length; start += IN_FLIGHT) {
    const batch = short.slice(start, start + IN_FLIGHT);
    await Promise.all(batch.map((packId) => parts.store.extendRetention(packKey(packId), lock)));
    await recordNewPackLocks(parts, batch, lock);
  }
  return { extended: short.length };
}
