import type { RequestContext } from '@holdfast/wire';
import { parseArn } from '../policy/arn.ts';
import { GLOBAL_SCOPE } from '../records/record-collection.ts';
import { invalidParameter, malformedArn, notPermitted, unknownResource } from './ram-errors.ts';
import { RAM_SERVICE, type RamPorts } from './ram-ports.ts';
import type { ResourceShareRecord, ShareAssociation, ShareInvitation } from './share-records.ts';

export interface AssociationRequest {
  readonly principals?: readonly string[] | undefined;
  readonly resourceArns?: readonly string[] | undefined;
}

const VAULT = /^arn:[a-z-]+:backup:([a-z0-9-]+):(\d{12}):backup-vault:[A-Za-z0-9_-]{2,50}$/;

/** A share with further principals and resources. @throws ServiceError for those that cannot be added */
export async function withAssociations(
  ports: RamPorts,
  share: ResourceShareRecord,
  request: AssociationRequest,
  context: RequestContext,
): Promise<ResourceShareRecord> {
  const present = (entity: string): boolean =>
    share.associations.some((one) => one.entity === entity && one.status !== 'DISASSOCIATED');
  const added: ShareAssociation[] = [];
  const invitations: ShareInvitation[] = [];
  for (const arn of new Set(request.resourceArns ?? [])) {
    await checkResource(ports, arn, context);
    if (!present(arn)) added.push(association(arn, 'RESOURCE', false, 'ASSOCIATED', context.now));
  }
  for (const principal of new Set(request.principals ?? [])) {
    const isExternal = await checkPrincipal(ports, share, principal, context);
    if (present(principal)) continue;
    added.push(association(principal, 'PRINCIPAL', isExternal, isExternal ? 'ASSOCIATING' : 'ASSOCIATED', context.now));
    if (isExternal) invitations.push(invitation(ports, share, principal, context.now));
  }
  const replaced = new Set(added.map(({ entity }) => entity));
  return {
    ...share,
    updatedAt: context.now,
    associations: [...share.associations.filter(({ entity }) => !replaced.has(entity)), ...added],
    invitations: [...share.invitations, ...invitations],
  };
}

/** A share without some principals and resources; they remain visible as disassociated. */
export function withoutAssociations(
  share: ResourceShareRecord,
  request: AssociationRequest,
  now: number,
): ResourceShareRecord {
  const removed = new Set([...(request.principals ?? []), ...(request.resourceArns ?? [])]);
  const unknown = [...removed].find((entity) => !share.associations.some((one) => one.entity === entity));
  if (unknown !== undefined) throw unknownResource(`${unknown} is not associated with ${share.shareArn}.`);
  return {
    ...share,
    updatedAt: now,
    associations: share.associations.map((one) =>
      removed.has(one.entity) ? { ...one, status: 'DISASSOCIATED', updatedAt: now } : one,
    ),
    invitations: share.invitations.filter(
      ({ receiverAccountId, status }) => !removed.has(receiverAccountId) || status !== 'PENDING',
    ),
  };
}

async function checkResource(ports: RamPorts, arn: string, context: RequestContext): Promise<void> {
  const vault = VAULT.exec(arn);
  if (parseArn(arn) === undefined) throw malformedArn(arn);
  if (vault === null) throw invalidParameter(`${arn} cannot be shared: only logically air-gapped backup vaults can.`);
  const isOwn = vault[2] === context.accountId && vault[1] === context.region;
  if (!isOwn || !(await ports.isShareable(context.accountId, arn))) {
    throw unknownResource(`${arn} is no logically air-gapped backup vault of this account and region.`);
  }
}

/** Whether the principal is outside the owner's organisation. @throws ServiceError when it cannot take part */
async function checkPrincipal(
  ports: RamPorts,
  share: ResourceShareRecord,
  principal: string,
  context: RequestContext,
): Promise<boolean> {
  const place = await ports.organizations.placeOf(context.accountId);
  if (/^\d{12}$/.test(principal)) {
    if (principal === context.accountId) throw invalidParameter('A share cannot be shared with its own account.');
    const other = await ports.organizations.placeOf(principal);
    const isExternal = place === undefined || other?.organizationId !== place.organizationId;
    if (isExternal && !share.allowsExternalPrincipals) {
      throw notPermitted(
        `The account ${principal} is not in your organization, and ${share.shareArn} does not allow external principals.`,
      );
    }
    return isExternal;
  }
  const match =
    /^arn:[a-z-]+:organizations::\d{12}:(?:organization\/(o-[a-z0-9]+)|ou\/(o-[a-z0-9]+)\/(ou-[a-z0-9-]+))$/.exec(
      principal,
    );
  if (match === null)
    throw invalidParameter(`${principal} is neither an account nor the ARN of an organization or a unit.`);
  const organizationId = match[1] ?? match[2] ?? '';
  if (place?.organizationId !== organizationId)
    throw unknownResource(`Organization ${organizationId} could not be found.`);
  const organization = await ports.organizationStore.organizations.get(GLOBAL_SCOPE, organizationId);
  if (organization?.trustedServices[RAM_SERVICE] === undefined) {
    throw notPermitted(
      'Sharing within the organization is off; call EnableSharingWithAwsOrganization in its management account.',
    );
  }
  const unitId = match[3];
  if (unitId !== undefined && (await ports.organizationStore.units.get(organizationId, unitId)) === undefined) {
    throw unknownResource(`Organizational unit ${unitId} could not be found.`);
  }
  return false;
}

function association(
  entity: string,
  type: ShareAssociation['type'],
  isExternal: boolean,
  status: ShareAssociation['status'],
  now: number,
): ShareAssociation {
  return { entity, type, status, isExternal, createdAt: now, updatedAt: now };
}

function invitation(
  ports: RamPorts,
  share: ResourceShareRecord,
  receiverAccountId: string,
  now: number,
): ShareInvitation {
  const invitationArn = `arn:aws:ram:${share.region}:${share.ownerAccountId}:resource-share-invitation/${ports.uuid()}`;
  return { invitationArn, receiverAccountId, status: 'PENDING', sentAt: now };
}
