import { AuthorityError } from '../../authority/authority-error.ts';
import { EngineError } from '../../engine-error.ts';

/**
 * True for the refusal that a process meets after it stood still for longer than its lease: nothing was committed and
 * nothing is lost, and on a loaded machine with leases of a few seconds it is no finding.
 */
export function isLeaseLost(error: unknown): boolean {
  for (let cause = error; cause instanceof Error; cause = cause.cause) {
    if ((cause instanceof EngineError || cause instanceof AuthorityError) && cause.code === 'lease-lost') return true;
  }
  return false;
}
