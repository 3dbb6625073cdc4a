import type { RecoveryPointRetention } from '../point/recovery-point.ts';
import type { StoreRetention } from '../store/store.ts';

/** The lock that every object of a recovery point carries in the store from its PUT on; undefined without a lock. */
export function storeLockOf(retention: RecoveryPointRetention): StoreRetention | undefined {
  if (retention.lockedUntilAt === undefined) return undefined;
  return { mode: retention.lockMode ?? 'compliance', untilAt: retention.lockedUntilAt };
}

/** The same as a member of put options: `{...lockOption(retention)}`. */
export function lockOption(retention: RecoveryPointRetention): { readonly retention?: StoreRetention } {
  const lock = storeLockOf(retention);
  return lock === undefined ? {} : { retention: lock };
}
