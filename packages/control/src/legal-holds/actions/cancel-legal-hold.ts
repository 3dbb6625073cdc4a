import type { BackupHandler } from '../../action.ts';
import { invalidParameter, invalidResourceState, missingParameter } from '../../errors.ts';
import { beginEnforcement } from '../enforce-legal-hold.ts';
import { findLegalHold } from '../find-legal-hold.ts';
import type { LegalHoldPorts } from '../legal-hold-ports.ts';
import { LONGEST_DESCRIPTION } from './create-legal-hold.ts';

const DAY_MS = 86_400_000;
const DEFAULT_RETAIN_DAYS = 180;
const MOST_RETAIN_DAYS = 36_500;

/**
 * API-28 to API-34: the recovery points are free at once as far as the catalog goes; the hold is CANCELING until the engine
 * has let go of them too. The record stays for a while.
 */
export function cancelLegalHold(ports: LegalHoldPorts): BackupHandler<'CancelLegalHold'> {
  return async (input, context) => {
    const description = input.CancelDescription;
    if (description.trim() === '') throw missingParameter('CancelDescription');
    if (description.length > LONGEST_DESCRIPTION) {
      throw invalidParameter(
        `CancelDescription may have at most ${LONGEST_DESCRIPTION} characters.`,
        'CancelDescription',
      );
    }
    const days = input.RetainRecordInDays ?? DEFAULT_RETAIN_DAYS;
    if (!Number.isInteger(days) || days < 0 || days > MOST_RETAIN_DAYS) {
      throw invalidParameter(
        `RetainRecordInDays must be from 0 to ${MOST_RETAIN_DAYS}, not ${days}.`,
        'RetainRecordInDays',
      );
    }
    const hold = await findLegalHold(ports.legalHolds, context, input.LegalHoldId, context.now);
    const isCancelled = await ports.legalHolds.cancel(hold.holdId, {
      at: context.now,
      description,
      retainRecordUntil: context.now + days * DAY_MS,
    });
    if (!isCancelled) {
      throw invalidResourceState(`Legal hold ${hold.holdId} is ${hold.status} and cannot be cancelled.`, hold.holdId);
    }
    await beginEnforcement(ports, { ...hold, status: 'CANCELING' });
    return {};
  };
}
