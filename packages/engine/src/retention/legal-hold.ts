import { AuthorityError } from '../authority/authority-error.ts';
import { sealChange } from './change-retention.ts';
import { alignPointHolds } from './store-holds.ts';
import type { VaultParts } from './vault-parts.ts';

/**
 * Puts a recovery point under a legal hold: known to the authority first, which decides at once whether a deletion that
 * runs was before it; then sealed in the store, so that the engine refuses to delete it whoever asks; then flagged at every
 * object, where the store keeps legal holds (F-89). Holds have names, any number may stand on a recovery point, and placing
 * one that stands changes nothing. Repeating finishes what a crash cut off.
 * @param hold its name: any text, for example the identifier of a legal hold
 * @throws AuthorityError `not-found`
 */
export async function placeHold(parts: VaultParts, recoveryPointId: string, hold: string): Promise<void> {
  await parts.authority.addHold(parts.vaultId, recoveryPointId, hold);
  await sealChange(parts, recoveryPointId, ({ retention, holds }) => ({
    retention,
    holds: holds.includes(hold) ? holds : [...holds, hold].sort(),
  }));
  await alignPointHolds(parts, recoveryPointId);
}

/**
 * Lifts one legal hold; the others stay. Releasing what does not stand, or what is gone, changes nothing. After a crash in
 * the middle the hold still stands at the authority, and repeating lifts it.
 */
export async function releaseHold(parts: VaultParts, recoveryPointId: string, hold: string): Promise<void> {
  try {
    await sealChange(parts, recoveryPointId, ({ retention, holds }) => ({
      retention,
      holds: holds.filter((name) => name !== hold),
    }));
  } catch (error) {
    if (error instanceof AuthorityError && error.code === 'not-found') return;
    throw error;
  }
  await parts.authority.removeHold(parts.vaultId, recoveryPointId, hold);
  await alignPointHolds(parts, recoveryPointId);
}

/** Names of the legal holds that stand on a recovery point; none when there is no such recovery point. */
export async function holdsOn(
  { authority, vaultId }: Pick<VaultParts, 'authority' | 'vaultId'>,
  recoveryPointId: string,
): Promise<readonly string[]> {
  return (await authority.recoveryPoint(vaultId, recoveryPointId))?.holds ?? [];
}
