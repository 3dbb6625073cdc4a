/** The rules of vault lock (VAULT-32 to VAULT-51): when a lock may change, and what it demands of retention. */
import { invalidParameter } from '../errors.ts';
import type { VaultLock } from './vault-store.ts';

const DAY_MS = 86_400_000;
const MAXIMUM_DAYS = 36_500;
const MINIMUM_GRACE_DAYS = 3;

export interface LockRequest {
  readonly changeableForDays?: number | undefined;
  readonly minRetentionDays?: number | undefined;
  readonly maxRetentionDays?: number | undefined;
}

/**
 * The lock that a request asks for; with `changeableForDays` it is a compliance lock.
 * @throws ServiceError InvalidParameterValueException
 */
export function lockFromRequest(request: LockRequest, now: number): VaultLock {
  const { changeableForDays, minRetentionDays, maxRetentionDays } = request;
  checkRange('ChangeableForDays', changeableForDays, MINIMUM_GRACE_DAYS);
  checkRetentionRange(minRetentionDays, maxRetentionDays);
  return {
    lockedAt: now,
    ...(minRetentionDays === undefined ? {} : { minRetentionDays }),
    ...(maxRetentionDays === undefined ? {} : { maxRetentionDays }),
    ...(changeableForDays === undefined ? {} : { lockDateAt: now + changeableForDays * DAY_MS }),
  };
}

/** @throws ServiceError InvalidParameterValueException */
export function checkRetentionRange(minRetentionDays: number | undefined, maxRetentionDays: number | undefined): void {
  checkRange('MinRetentionDays', minRetentionDays, 1);
  checkRange('MaxRetentionDays', maxRetentionDays, 1);
  if (minRetentionDays !== undefined && maxRetentionDays !== undefined && minRetentionDays > maxRetentionDays) {
    throw invalidParameter(
      `MinRetentionDays (${minRetentionDays}) must not be greater than MaxRetentionDays (${maxRetentionDays}).`,
    );
  }
}

function checkRange(name: string, days: number | undefined, minimum: number): void {
  if (days === undefined) return;
  if (Number.isInteger(days) && days >= minimum && days <= MAXIMUM_DAYS) return;
  throw invalidParameter(`${name} must be from ${minimum} to ${MAXIMUM_DAYS} days, not ${days}.`, name);
}

/** True from the lock date on: nobody can change or remove the lock any more. */
export function isImmutable(lock: VaultLock | undefined, now: number): boolean {
  return lock?.lockDateAt !== undefined && now >= lock.lockDateAt;
}

/**
 * Why a vault's lock refuses a retention, or undefined when it accepts it. No `deleteAfterDays` means for ever, which
 * is longer than any maximum (VAULT-43).
 */
export function retentionRefusal(lock: VaultLock | undefined, deleteAfterDays: number | undefined): string | undefined {
  if (
    lock?.minRetentionDays !== undefined &&
    deleteAfterDays !== undefined &&
    deleteAfterDays < lock.minRetentionDays
  ) {
    return `the retention of ${deleteAfterDays} days is shorter than the vault's minimum of ${lock.minRetentionDays} days`;
  }
  if (lock?.maxRetentionDays === undefined) return undefined;
  if (deleteAfterDays !== undefined && deleteAfterDays <= lock.maxRetentionDays) return undefined;
  const asked = deleteAfterDays === undefined ? 'an unlimited retention' : `the retention of ${deleteAfterDays} days`;
  return `${asked} is longer than the vault's maximum of ${lock.maxRetentionDays} days`;
}
