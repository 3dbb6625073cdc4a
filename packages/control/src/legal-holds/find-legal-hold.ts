import { resourceNotFound } from '../errors.ts';
import type { Scope } from '../scope.ts';
import type { LegalHoldRecord, LegalHoldStore } from './legal-hold-store.ts';

/** @throws ServiceError ResourceNotFoundException; also for a cancelled hold whose record is no longer kept (API-50) */
export async function findLegalHold(
  legalHolds: LegalHoldStore,
  scope: Scope,
  holdId: string,
  now: number,
): Promise<LegalHoldRecord> {
  const hold = await legalHolds.get(scope, holdId);
  if (hold !== undefined && (hold.retainRecordUntil === undefined || hold.retainRecordUntil > now)) return hold;
  throw resourceNotFound(`There is no legal hold ${holdId}. List the legal holds to see those that exist.`, holdId);
}
