import type { BackupOperations } from '../action.ts';
import { optionalDate } from '../optional-date.ts';
import type { LegalHoldCriteria, LegalHoldRecord } from './legal-hold-store.ts';

type Selection = NonNullable<BackupOperations['GetLegalHold']['output']['RecoveryPointSelection']>;
type ListMember = NonNullable<BackupOperations['ListLegalHolds']['output']['LegalHolds']>[number];

/** What the lists show of a hold (API2-79). */
export function presentLegalHold(hold: LegalHoldRecord): ListMember {
  return {
    LegalHoldId: hold.holdId,
    LegalHoldArn: hold.arn,
    Title: hold.title,
    Description: hold.description,
    Status: hold.status,
    CreationDate: new Date(hold.createdAt),
    CancellationDate: optionalDate(hold.cancelledAt),
  };
}

export function presentCriteria(criteria: LegalHoldCriteria): Selection {
  return {
    VaultNames: criteria.vaultNames === undefined ? undefined : [...criteria.vaultNames],
    ResourceIdentifiers: criteria.resourceIdentifiers === undefined ? undefined : [...criteria.resourceIdentifiers],
    DateRange:
      criteria.createdFrom === undefined || criteria.createdTo === undefined
        ? undefined
        : { FromDate: new Date(criteria.createdFrom), ToDate: new Date(criteria.createdTo) },
  };
}
