/**
 * The store's own legal holds. The engine refuses deletion by what is sealed and by what the authority knows; where the
 * store can hold objects too, every object that a held recovery point needs carries its flag, so that nobody else who may
 * delete in the store can either. A flag knows no names: it stands while any held recovery point needs the object.
 */
import type { PackId } from '../authority/authority.ts';
import { packKey } from '../pack/pack-id.ts';
import { pointKey } from '../point/point-object.ts';
import { isStoreError } from '../store/store-error.ts';
import { retentionKey } from './retention-records.ts';
import type { VaultParts } from './vault-parts.ts';

const IN_FLIGHT = 8;
const ATTEMPTS = 5;

type HoldingParts = Pick<VaultParts, 'vaultId' | 'store' | 'authority'>;

/**
 * Brings the flags of a recovery point's objects in line with its holds at the authority: its own object, the changes of
 * its retention, its packs. For use after every change of holds; repeating it finishes what was cut off.
 */
export async function alignPointHolds(parts: HoldingParts, recoveryPointId: string): Promise<void> {
  if (parts.store.properties.legalHold === 'none') return;
  await alignOwnHolds(parts, recoveryPointId);
  // Frames may move while the flags are set: the packs that count afterwards must have them.
  for (let done = new Set<PackId>(), attempt = 1; attempt <= ATTEMPTS; attempt += 1) {
    const uses = await parts.authority.collection.packUses(parts.vaultId, recoveryPointId);
    const rest = uses.map(({ packId }) => packId).filter((packId) => !done.has(packId));
    if (rest.length === 0) return;
    await alignPackHolds(parts, rest);
    done = new Set([...done, ...rest]);
  }
}

/** Flags packs that a recovery point under legal hold needs, and takes the flag from the others. */
export async function alignPackHolds(parts: HoldingParts, packIds: readonly PackId[]): Promise<void> {
  if (parts.store.properties.legalHold === 'none') return;
  const heldOf = async (batch: readonly PackId[]): Promise<ReadonlySet<PackId>> =>
    new Set(await parts.authority.collection.heldPacks(parts.vaultId, batch));
  for (let start = 0; start < packIds.length; start += IN_FLIGHT) {
    let batch = packIds.slice(start, start + IN_FLIGHT);
    // Whoever places a hold tells the authority first. So a flag that was taken away beside it is put back here, or there.
    for (let attempt = 1; batch.length > 0 && attempt <= ATTEMPTS; attempt += 1) {
      const held = await heldOf(batch);
      await Promise.all(batch.map((packId) => flag(parts.store, packKey(packId), held.has(packId))));
      const now = await heldOf(batch);
      batch = batch.filter((packId) => now.has(packId) !== held.has(packId));
    }
  }
}

/** The same for the recovery point's own object and the changes of its retention alone. */
export async function alignOwnHolds(parts: HoldingParts, recoveryPointId: string): Promise<void> {
  if (parts.store.properties.legalHold === 'none') return;
  for (let attempt = 1; attempt <= ATTEMPTS; attempt += 1) {
    const point = await parts.authority.recoveryPoint(parts.vaultId, recoveryPointId);
    if (point === undefined) return;
    const isHeld = point.holds.length > 0;
    await flag(parts.store, pointKey(recoveryPointId, point.fence), isHeld);
    for (let sequence = 1; ; sequence += 1) {
      if (!(await flag(parts.store, retentionKey(recoveryPointId, point.fence, sequence), isHeld))) break;
    }
    const now = await parts.authority.recoveryPoint(parts.vaultId, recoveryPointId);
    if ((now?.holds.length ?? 0) > 0 === isHeld) return;
  }
}

/** @returns false when there is no such object: what is lost is the business of verification */
async function flag(store: VaultParts['store'], key: string, isHeld: boolean): Promise<boolean> {
  try {
    await store.setHold(key, isHeld);
    return true;
  } catch (error) {
    if (isStoreError(error, 'not-found')) return false;
    throw error;
  }
}
