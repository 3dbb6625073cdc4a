import type { BackupHandler } from '../../action.ts';
import { optionalDate } from '../../optional-date.ts';
import { findLegalHold } from '../find-legal-hold.ts';
import type { LegalHoldPorts } from '../legal-hold-ports.ts';
import { presentCriteria, presentLegalHold } from '../present-legal-hold.ts';

/** API-44 to API-50. */
export function getLegalHold(ports: LegalHoldPorts): BackupHandler<'GetLegalHold'> {
  return async (input, context) => {
    const hold = await findLegalHold(ports.legalHolds, context, input.LegalHoldId, context.now);
    return {
      ...presentLegalHold(hold),
      RecoveryPointSelection: presentCriteria(hold.criteria),
      CancelDescription: hold.cancelDescription,
      RetainRecordUntil: optionalDate(hold.retainRecordUntil),
    };
  };
}
