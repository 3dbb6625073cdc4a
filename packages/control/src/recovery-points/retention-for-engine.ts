import type { RecoveryPointRetention } from '@holdfast/engine';
import { isImmutable } from '../vaults/vault-lock-rules.ts';
import type { VaultLock } from '../vaults/vault-store.ts';

const DAY_MS = 86_400_000;
/** What "for ever" means where a store wants a date: 100 years, the API's longest retention. */
const FOREVER_MS = 36_500 * DAY_MS;

/**
 * How long the engine and its store must keep a recovery point, as things stand at `now`. Only a lock that nobody can
 * take off any more is sealed below; one that can still be removed is enforced by the catalog, so that removing it
 * leaves nothing behind.
 */
export function retentionForEngine(
  now: number,
  deleteAt: number | undefined,
  lock: VaultLock | undefined,
): RecoveryPointRetention {
  const keep = deleteAt === undefined ? {} : { keepUntilAt: deleteAt };
  if (!isImmutable(lock, now)) return keep;
  return { ...keep, lockedUntilAt: deleteAt ?? now + FOREVER_MS, lockMode: 'compliance' };
}
