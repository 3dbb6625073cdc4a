import { AuthorityError } from '../../authority/authority-error.ts';
import { EngineError } from '../../engine-error.ts';
import { isStoreError } from '../../store/store-error.ts';

/**
 * True for the refusal that a process meets after it stood still for longer than its lease: nothing was committed and
 * nothing is lost, and on a loaded machine with leases of a few seconds it is no finding.
 */
export function isLeaseLost(error: unknown): boolean {
  return isRefused(error, 'lease-lost');
}

/** True when the engine said no, with one of these codes. */
export function isRefused(error: unknown, ...codes: readonly string[]): boolean {
  for (let cause = error; cause instanceof Error; cause = cause.cause) {
    if ((cause instanceof EngineError || cause instanceof AuthorityError) && codes.includes(cause.code)) return true;
  }
  return false;
}

/** True when what was to be changed was deleted meanwhile: the authority knows nothing of it, or its objects are gone. */
export function isGone(error: unknown): boolean {
  return isRefused(error, 'not-found') || isStoreError(error, 'not-found');
}
