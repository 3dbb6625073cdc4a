import type { BackupOperations } from '../action.ts';
import { parseArn } from '../arn.ts';
import { invalidParameter, missingParameter } from '../errors.ts';
import { canonicalResourceType } from '../resources/resource-types.ts';
import { withoutUndefined } from '../without-undefined.ts';
import type { LegalHoldCriteria } from './legal-hold-store.ts';

type Selection = BackupOperations['CreateLegalHold']['input']['RecoveryPointSelection'];

/**
 * Reads which recovery points a hold is for: by vaults or by resources, not both (HOLD-15), and by a range of creation
 * dates that does not reach into the future. At least one criterion is needed, lest everything be held by accident.
 * @throws ServiceError InvalidParameterValueException
 */
export function readCriteria(selection: Selection, now: number): LegalHoldCriteria {
  const vaultNames = nonEmpty(selection?.VaultNames);
  const resourceIdentifiers = nonEmpty(selection?.ResourceIdentifiers)?.map(readResource);
  if (vaultNames !== undefined && resourceIdentifiers !== undefined) {
    throw invalidParameter(
      'Name either VaultNames or ResourceIdentifiers in RecoveryPointSelection, not both.',
      'RecoveryPointSelection',
    );
  }
  const dates = readDates(selection?.DateRange, now);
  if (vaultNames === undefined && resourceIdentifiers === undefined && dates === undefined) {
    throw invalidParameter(
      'RecoveryPointSelection must name vaults, resources or a date range: a hold on everything is made with a date range.',
      'RecoveryPointSelection',
    );
  }
  return { ...withoutUndefined({ vaultNames, resourceIdentifiers }), ...dates };
}

function nonEmpty(list: readonly string[] | undefined): readonly string[] | undefined {
  return list === undefined || list.length === 0 ? undefined : [...new Set(list)];
}

/** The ARN of a resource, or a resource type. */
function readResource(identifier: string): string {
  if (!identifier.startsWith('arn:')) return canonicalResourceType(identifier);
  if (parseArn(identifier) !== undefined) return identifier;
  throw invalidParameter(
    `ResourceIdentifiers holds ARNs of resources or resource types; "${identifier}" is neither.`,
    'ResourceIdentifiers',
  );
}

function readDates(
  range: NonNullable<Selection>['DateRange'],
  now: number,
): { createdFrom: number; createdTo: number } | undefined {
  if (range === undefined) return undefined;
  if (range.FromDate === undefined) throw missingParameter('DateRange.FromDate');
  if (range.ToDate === undefined) throw missingParameter('DateRange.ToDate');
  const createdFrom = range.FromDate.getTime();
  const createdTo = range.ToDate.getTime();
  if (createdFrom > now || createdTo > now) {
    throw invalidParameter('The dates of DateRange must not be in the future.', 'DateRange');
  }
  if (createdFrom > createdTo) throw invalidParameter('DateRange.FromDate must not be after ToDate.', 'DateRange');
  return { createdFrom, createdTo };
}
