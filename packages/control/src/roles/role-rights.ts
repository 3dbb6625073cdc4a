/** The rights that one job needs from its role, from the table of resource types (IAM-33). Pure. */
import type { Scope } from '../scope.ts';
import {
  RESOURCE_TYPE_RIGHTS,
  type ResourceTypeRights,
  type RightPlace,
  type RightsRow,
} from './resource-type-rights.ts';
import type { RoleRight } from './role-right.ts';

/** What a job works on. The account and region are those in which its role acts. */
export interface RightsSubject extends Scope {
  readonly resourceType: string;
  readonly resourceArn: string;
}

/** Rights whose absence is told in the same words. */
export interface RightsGroup {
  /** Begins the message of a job whose role lacks one of them. */
  readonly refusal: string;
  readonly rights: readonly RoleRight[];
}

const NOT_AUTHORIZED = 'You are not authorized to perform this operation.';
/** In a backup's words (TS-9), and in a restore's (RST-34). */
const NO_TAGS = 'Access denied exception while trying to list tags:';
const NO_TAGS_ON_RESTORE = 'Insufficient permissions to restore tags:';

export function backupRights(subject: RightsSubject, isContinuous: boolean): readonly RightsGroup[] {
  const row = rowOf(subject);
  return [
    { refusal: NOT_AUTHORIZED, rights: rights(subject, row?.backup, isContinuous ? row?.continuous : undefined) },
    { refusal: NO_TAGS, rights: rights(subject, row?.tags) },
  ];
}

export interface RestoreFacts {
  readonly createsResource: boolean;
  readonly isToPointInTime: boolean;
  /** Whether tags are put on what is restored (RST-33). */
  readonly setsTags: boolean;
  /** The key of the recovery point when it is the customer's (IAM-67). */
  readonly customerKeyArn?: string | undefined;
}

export function restoreRights(subject: RightsSubject, facts: RestoreFacts): readonly RightsGroup[] {
  const row = rowOf(subject);
  const main = facts.isToPointInTime ? (row?.restoreToTime ?? row?.restore) : row?.restore;
  const work = [
    ...rights(subject, main, facts.createsResource ? row?.restoreToNew : undefined),
    ...keyRights(subject, row, facts.customerKeyArn),
  ];
  return [
    { refusal: NOT_AUTHORIZED, rights: work },
    { refusal: NO_TAGS_ON_RESTORE, rights: facts.setsTags ? rights(subject, row?.restoreTags) : [] },
  ];
}

/** Into a logically air-gapped vault the role must also let the service use the key of the backup (VAULT-73). */
export function copyRights(subject: RightsSubject, airGappedFromKeyArn: string | undefined): readonly RightsGroup[] {
  const conditions = { 'kms:GrantIsForAWSResource': true, 'kms:ViaService': via(subject, 'backup') };
  const grant: RoleRight[] =
    airGappedFromKeyArn === undefined ? [] : [{ action: 'kms:CreateGrant', resource: airGappedFromKeyArn, conditions }];
  return [{ refusal: NOT_AUTHORIZED, rights: [...rights(subject, rowOf(subject)?.copy), ...grant] }];
}

export function deletionRights(subject: RightsSubject): readonly RoleRight[] {
  return rights(subject, rowOf(subject)?.delete);
}

function rowOf({ resourceType }: RightsSubject): ResourceTypeRights | undefined {
  return RESOURCE_TYPE_RIGHTS[resourceType];
}

function rights(subject: RightsSubject, ...rows: readonly (readonly RightsRow[] | undefined)[]): RoleRight[] {
  return rows.flatMap((list) =>
    (list ?? []).flatMap(({ on, actions, conditions }) =>
      actions.split(' ').map((action) => ({
        action,
        resource: placeOf(on, subject),
        ...(conditions === undefined ? {} : { conditions }),
      })),
    ),
  );
}

/** One of the two ways of IAM-67 must let the role use the key: the key's own policy, or a policy of the role. */
function keyRights(subject: RightsSubject, row: ResourceTypeRights | undefined, keyArn: string | undefined) {
  if (keyArn === undefined || row?.keyService === undefined) return [];
  const conditions = { 'kms:ViaService': via(subject, row.keyService) };
  return ['kms:DescribeKey', 'kms:Decrypt', 'kms:GenerateDataKey'].map((action) => ({
    action,
    resource: keyArn,
    conditions,
  }));
}

function via({ region }: Scope, service: string): string {
  return `${service}.${region}.amazonaws.com`;
}

function placeOf(place: RightPlace, { accountId, region, resourceArn }: RightsSubject): string {
  switch (place) {
    case 'resource':
      return resourceArn;
    case 'objects':
      return `${resourceArn}/*`;
    case 'anything':
      return '*';
    case 'snapshots':
      return `arn:aws:ec2:${region}::snapshot/*`;
    case 'volumes':
      return `arn:aws:ec2:${region}:${accountId}:volume/*`;
    case 'images':
      return `arn:aws:ec2:${region}::image/*`;
    case 'file systems':
      return `arn:aws:elasticfilesystem:${region}:${accountId}:file-system/*`;
    case 'fsx backups':
      return `arn:aws:fsx:${region}:${accountId}:backup/*`;
    case 'db snapshots':
      return `arn:aws:rds:${region}:${accountId}:snapshot:awsbackup:*`;
    case 'db cluster snapshots':
      return `arn:aws:rds:${region}:${accountId}:cluster-snapshot:awsbackup:*`;
    case 'hypervisors':
      return `arn:aws:backup-gateway:${region}:${accountId}:hypervisor/*`;
  }
}
