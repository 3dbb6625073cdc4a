import { type Handlers, type RequestContext, ServiceError } from '@holdfast/wire';
import { allRecords } from '../records/record-collection.ts';
import { describeInvitation } from './describe-share.ts';
import type { RamOperations } from './ram-definition.ts';
import { pageOf } from './ram-page.ts';
import type { RamPorts } from './ram-ports.ts';
import { activeResources } from './share-directory.ts';
import type { ResourceShareRecord, ShareInvitation } from './share-records.ts';

const VAULT_TYPE = 'backup:BackupVault';

/** Invitations of the caller, and what is visible to both sides. */
export function receiverHandlers(ports: RamPorts) {
  const { store, directory } = ports;

  const answer = async (context: RequestContext, invitationArn: string, status: 'ACCEPTED' | 'REJECTED') =>
    await store.transaction(async () => {
      const shares = await allRecords(store.shares, context.region);
      const isMine = (one: ShareInvitation): boolean =>
        one.invitationArn === invitationArn && one.receiverAccountId === context.accountId;
      const share = shares.find(({ invitations }) => invitations.some(isMine));
      const invitation = share?.invitations.find(isMine);
      if (share === undefined || invitation === undefined) {
        throw new ServiceError(
          'ResourceShareInvitationArnNotFoundException',
          `The invitation ${invitationArn} could not be found.`,
        );
      }
      if (invitation.status !== 'PENDING') {
        const code = `ResourceShareInvitationAlready${invitation.status === 'ACCEPTED' ? 'Accepted' : 'Rejected'}Exception`;
        throw new ServiceError(code, `The invitation ${invitationArn} has been answered already.`);
      }
      const changed = { ...invitation, status };
      await store.shares.put(context.region, share.shareArn, {
        ...share,
        invitations: share.invitations.map((one) => (isMine(one) ? changed : one)),
        associations: share.associations.map((one) =>
          one.type === 'PRINCIPAL' && one.entity === context.accountId
            ? { ...one, status: status === 'ACCEPTED' ? 'ASSOCIATED' : 'DISASSOCIATED', updatedAt: context.now }
            : one,
        ),
      });
      return describeInvitation(share, changed);
    });

  const visible = async (owner: string, context: RequestContext): Promise<readonly ResourceShareRecord[]> => {
    if (owner !== 'SELF') return await directory.sharesWith(context.accountId, context.region);
    const shares = await allRecords(store.shares, context.region);
    return shares.filter((share) => share.ownerAccountId === context.accountId && share.status === 'ACTIVE');
  };

  return {
    GetResourceShareInvitations: async (input, context) => {
      const shares = (await allRecords(store.shares, context.region)).filter(({ status }) => status === 'ACTIVE');
      const wanted = shares.flatMap((share) =>
        share.invitations
          .filter(
            (one) =>
              one.receiverAccountId === context.accountId &&
              (input.resourceShareArns === undefined || input.resourceShareArns.includes(share.shareArn)) &&
              (input.resourceShareInvitationArns === undefined ||
                input.resourceShareInvitationArns.includes(one.invitationArn)),
          )
          .map((one) => describeInvitation(share, one)),
      );
      const page = pageOf(wanted, (one) => one.resourceShareInvitationArn ?? '', input);
      return { resourceShareInvitations: page.items, ...page.end };
    },

    AcceptResourceShareInvitation: async (input, context) => ({
      resourceShareInvitation: await answer(context, input.resourceShareInvitationArn, 'ACCEPTED'),
      clientToken: input.clientToken,
    }),

    RejectResourceShareInvitation: async (input, context) => ({
      resourceShareInvitation: await answer(context, input.resourceShareInvitationArn, 'REJECTED'),
      clientToken: input.clientToken,
    }),

    ListResources: async (input, context) => {
      const shares = await visible(input.resourceOwner, context);
      const wanted = shares
        .filter(({ shareArn }) => input.resourceShareArns === undefined || input.resourceShareArns.includes(shareArn))
        .flatMap((share) =>
          activeResources(share).map((one) => ({
            arn: one.entity,
            type: VAULT_TYPE,
            resourceShareArn: share.shareArn,
            status: 'AVAILABLE' as const,
            creationTime: new Date(one.createdAt),
            lastUpdatedTime: new Date(one.updatedAt),
            resourceRegionScope: 'REGIONAL' as const,
          })),
        )
        .filter(
          ({ arn, type }) =>
            (input.resourceArns === undefined || input.resourceArns.includes(arn)) &&
            (input.resourceType === undefined || input.resourceType === type),
        );
      const page = pageOf(wanted, ({ arn, resourceShareArn }) => `${arn} ${resourceShareArn}`, input);
      return { resources: page.items, ...page.end };
    },

    ListPrincipals: async (input, context) => {
      const shares = await visible(input.resourceOwner, context);
      const wanted = shares
        .filter(
          (share) =>
            (input.resourceShareArns === undefined || input.resourceShareArns.includes(share.shareArn)) &&
            (input.resourceArn === undefined ||
              activeResources(share).some(({ entity }) => entity === input.resourceArn)),
        )
        .flatMap((share) =>
          share.associations
            .filter(({ type, status }) => type === 'PRINCIPAL' && status === 'ASSOCIATED')
            .map((one) => ({
              id: one.entity,
              resourceShareArn: share.shareArn,
              creationTime: new Date(one.createdAt),
              lastUpdatedTime: new Date(one.updatedAt),
              external: one.isExternal,
            })),
        )
        .filter(({ id }) => input.principals === undefined || input.principals.includes(id));
      const page = pageOf(wanted, ({ id, resourceShareArn }) => `${id} ${resourceShareArn}`, input);
      return { principals: page.items, ...page.end };
    },

    ListResourceTypes: async () => ({
      resourceTypes: [{ resourceType: VAULT_TYPE, serviceName: 'backup', resourceRegionScope: 'REGIONAL' as const }],
    }),
  } satisfies Handlers<RamOperations>;
}
