import type { ConceptHandlers } from '../plans/create-plan-handlers.ts';
import { cancelLegalHold } from './actions/cancel-legal-hold.ts';
import { createLegalHold } from './actions/create-legal-hold.ts';
import { getLegalHold } from './actions/get-legal-hold.ts';
import { listLegalHolds } from './actions/list-legal-holds.ts';
import { listRecoveryPointsByLegalHold } from './actions/list-recovery-points-by-legal-hold.ts';
import type { LegalHoldPorts } from './legal-hold-ports.ts';

export type LegalHoldOperation =
  | 'CreateLegalHold'
  | 'GetLegalHold'
  | 'ListLegalHolds'
  | 'CancelLegalHold'
  | 'ListRecoveryPointsByLegalHold';

export function createLegalHoldHandlers(ports: LegalHoldPorts): ConceptHandlers<LegalHoldOperation> {
  return {
    CreateLegalHold: createLegalHold(ports),
    GetLegalHold: getLegalHold(ports),
    ListLegalHolds: listLegalHolds(ports),
    CancelLegalHold: cancelLegalHold(ports),
    ListRecoveryPointsByLegalHold: listRecoveryPointsByLegalHold(ports),
  };
}
