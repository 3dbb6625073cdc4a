import { CAPABILITY_MATRIX, type CapabilityRow } from './capability-matrix.ts';

/** What decides between the rows of one resource type. */
export interface CapabilityQuestion {
  readonly resourceType: string;
  readonly resourceArn: string;
  /** Advanced DynamoDB backups are on unless the region's settings turn them off (CORE-67). */
  readonly isDynamoDbAdvanced?: boolean;
  readonly isWindowsVss?: boolean;
}

/** The row that speaks for a resource; undefined for a type without one, which then has no ability at all (CORE-10). */
export function capabilitiesOf(question: CapabilityQuestion): CapabilityRow | undefined {
  const row = rowName(question);
  return CAPABILITY_MATRIX.find((entry) =>
    row === undefined ? entry.resourceType === question.resourceType : entry.row === row,
  );
}

function rowName(question: CapabilityQuestion): string | undefined {
  switch (question.resourceType) {
    case 'RDS':
      return /:cluster:/.test(question.resourceArn) ? 'RDS Multi-AZ cluster' : 'RDS single instance';
    case 'FSx':
      // Only ONTAP is backed up by volume; the other three rows have equal abilities.
      return /:volume\//.test(question.resourceArn) ? 'FSx for ONTAP' : 'FSx for OpenZFS';
    case 'DynamoDB':
      return question.isDynamoDbAdvanced === false ? 'DynamoDB, basic' : 'DynamoDB, advanced';
    case 'EC2':
      return question.isWindowsVss === true ? 'EC2 with Windows VSS' : 'EC2';
    default:
      return undefined;
  }
}

/** Whether the product can back up the type at all: it has a row. */
export function isSupportedType(resourceType: string): boolean {
  return CAPABILITY_MATRIX.some((row) => row.resourceType === resourceType);
}

/** Whether backups of the resource can move to cold storage under a lifecycle (PLAN-88). */
export function canGoCold(question: CapabilityQuestion, optInToArchive: boolean): boolean {
  const cold = capabilitiesOf(question)?.coldStorage ?? 'no';
  return cold === 'yes' || (cold === 'archive-opt-in' && optInToArchive);
}
