import type { ResourceShare, ResourceShareAssociation, ResourceShareInvitation } from '@aws-sdk/client-ram';
import type { ResourceShareRecord, ShareAssociation, ShareInvitation } from './share-records.ts';

export function describeShare(share: ResourceShareRecord): ResourceShare {
  return {
    resourceShareArn: share.shareArn,
    name: share.name,
    owningAccountId: share.ownerAccountId,
    allowExternalPrincipals: share.allowsExternalPrincipals,
    status: share.status,
    tags: Object.entries(share.tags).map(([key, value]) => ({ key, value })),
    creationTime: new Date(share.createdAt),
    lastUpdatedTime: new Date(share.updatedAt),
    featureSet: 'STANDARD',
  };
}

export function describeAssociation(
  share: ResourceShareRecord,
  association: ShareAssociation,
): ResourceShareAssociation {
  return {
    resourceShareArn: share.shareArn,
    resourceShareName: share.name,
    associatedEntity: association.entity,
    associationType: association.type,
    status: association.status,
    creationTime: new Date(association.createdAt),
    lastUpdatedTime: new Date(association.updatedAt),
    external: association.isExternal,
  };
}

export function describeInvitation(share: ResourceShareRecord, invitation: ShareInvitation): ResourceShareInvitation {
  return {
    resourceShareInvitationArn: invitation.invitationArn,
    resourceShareName: share.name,
    resourceShareArn: share.shareArn,
    senderAccountId: share.ownerAccountId,
    receiverAccountId: invitation.receiverAccountId,
    invitationTimestamp: new Date(invitation.sentAt),
    status: invitation.status,
  };
}
