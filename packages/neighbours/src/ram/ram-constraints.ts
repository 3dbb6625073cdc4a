import type { ConstraintTable } from '@holdfast/wire';

const PAGE = { maxResults: 'maxResults', nextToken: 'nextToken' };

/** Limits on the values of the service of resource shares. */
export const ramConstraints: ConstraintTable = {
  kinds: {
    maxResults: { integer: true, min: 1, max: 500 },
    nextToken: { maxLength: 100_000 },
    name: { minLength: 1, maxLength: 255 },
    owner: { values: ['SELF', 'OTHER-ACCOUNTS'] },
    shareStatus: { values: ['PENDING', 'ACTIVE', 'FAILED', 'DELETING', 'DELETED'] },
    associationType: { values: ['PRINCIPAL', 'RESOURCE'] },
    associationStatus: { values: ['ASSOCIATING', 'ASSOCIATED', 'FAILED', 'DISASSOCIATING', 'DISASSOCIATED'] },
    token: { minLength: 1, maxLength: 128 },
    tagKeys: { items: 'tagKey' },
    tagKey: { minLength: 1, maxLength: 128 },
    tagValue: { maxLength: 256 },
  },
  members: {
    CreateResourceShareRequest: { name: 'name', clientToken: 'token' },
    UpdateResourceShareRequest: { name: 'name', clientToken: 'token' },
    GetResourceSharesRequest: { ...PAGE, resourceOwner: 'owner', resourceShareStatus: 'shareStatus', name: 'name' },
    GetResourceShareAssociationsRequest: {
      ...PAGE,
      associationType: 'associationType',
      associationStatus: 'associationStatus',
    },
    GetResourceShareInvitationsRequest: PAGE,
    ListResourcesRequest: { ...PAGE, resourceOwner: 'owner' },
    ListPrincipalsRequest: { ...PAGE, resourceOwner: 'owner' },
    UntagResourceRequest: { tagKeys: 'tagKeys' },
    Tag: { key: 'tagKey', value: 'tagValue' },
  },
};
