import { type Handlers, type RequestContext, ServiceError } from '@holdfast/wire';
import { asManagement, changeOrganization } from '../organizations/caller-organization.ts';
import { allRecords } from '../records/record-collection.ts';
import { withAssociations, withoutAssociations } from './associations.ts';
import { describeAssociation, describeShare } from './describe-share.ts';
import type { RamOperations } from './ram-definition.ts';
import { invalidParameter, malformedArn, unknownResource } from './ram-errors.ts';
import { pageOf } from './ram-page.ts';
import { RAM_SERVICE, type RamPorts } from './ram-ports.ts';
import type { ResourceShareRecord } from './share-records.ts';

interface Tag {
  readonly key?: string | undefined;
  readonly value?: string | undefined;
}

/** Shares of the caller, and what they connect. */
export function shareHandlers(ports: RamPorts) {
  const { store, directory } = ports;

  const findOwn = async (context: RequestContext, shareArn: string): Promise<ResourceShareRecord> => {
    if (!/^arn:[a-z-]+:ram:/.test(shareArn)) throw malformedArn(shareArn);
    const share = await store.shares.get(context.region, shareArn);
    if (share === undefined || share.ownerAccountId !== context.accountId || share.status === 'DELETED') {
      throw unknownResource(`ResourceShare ${shareArn} could not be found.`);
    }
    return share;
  };
  const change = async (
    context: RequestContext,
    shareArn: string,
    edit: (share: ResourceShareRecord) => Promise<ResourceShareRecord>,
  ): Promise<ResourceShareRecord> =>
    await store.transaction(async () => {
      const edited = await edit(await findOwn(context, shareArn));
      await store.shares.put(context.region, shareArn, edited);
      return edited;
    });
  const own = async (context: RequestContext): Promise<ResourceShareRecord[]> =>
    (await allRecords(store.shares, context.region)).filter((share) => share.ownerAccountId === context.accountId);

  return {
    CreateResourceShare: async (input, context) => {
      const empty: ResourceShareRecord = {
        shareArn: `arn:aws:ram:${context.region}:${context.accountId}:resource-share/${ports.uuid()}`,
        name: input.name,
        ownerAccountId: context.accountId,
        region: context.region,
        allowsExternalPrincipals: input.allowExternalPrincipals ?? true,
        status: 'ACTIVE',
        createdAt: context.now,
        updatedAt: context.now,
        tags: tagMap(input.tags),
        associations: [],
        invitations: [],
        clientToken: input.clientToken,
      };
      const share = await store.transaction(async () => {
        const repeated = (await own(context)).find(
          (one) => input.clientToken !== undefined && one.clientToken === input.clientToken,
        );
        if (repeated !== undefined) return checkSameRequest(repeated, empty);
        const filled = await withAssociations(ports, empty, input, context);
        await store.shares.put(context.region, filled.shareArn, filled);
        return filled;
      });
      return { resourceShare: describeShare(share), clientToken: input.clientToken };
    },

    GetResourceShares: async (input, context) => {
      const shares =
        input.resourceOwner === 'SELF'
          ? await own(context)
          : await directory.sharesWith(context.accountId, context.region);
      const wanted = shares.filter(
        (share) =>
          (input.resourceShareArns === undefined || input.resourceShareArns.includes(share.shareArn)) &&
          (input.resourceShareStatus === undefined || input.resourceShareStatus === share.status) &&
          (input.name === undefined || input.name === share.name) &&
          (input.tagFilters ?? []).every(({ tagKey, tagValues }) => hasTag(share, tagKey, tagValues)),
      );
      if (input.resourceShareArns !== undefined && wanted.length === 0) {
        throw unknownResource(`ResourceShare ${input.resourceShareArns.join(', ')} could not be found.`);
      }
      const page = pageOf(wanted, ({ shareArn }) => shareArn, input);
      return { resourceShares: page.items.map(describeShare), ...page.end };
    },

    UpdateResourceShare: async (input, context) => {
      const share = await change(context, input.resourceShareArn, async (current) => ({
        ...current,
        name: input.name ?? current.name,
        allowsExternalPrincipals: input.allowExternalPrincipals ?? current.allowsExternalPrincipals,
        updatedAt: context.now,
      }));
      return { resourceShare: describeShare(share), clientToken: input.clientToken };
    },

    /** The share stays visible as deleted, as in AWS; nobody can use it any more. */
    DeleteResourceShare: async (input, context) => {
      await change(context, input.resourceShareArn, async (current) => ({
        ...withoutAssociations(current, allOf(current), context.now),
        status: 'DELETED',
      }));
      return { returnValue: true, clientToken: input.clientToken };
    },

    AssociateResourceShare: async (input, context) => {
      const share = await change(context, input.resourceShareArn, (current) =>
        withAssociations(ports, current, input, context),
      );
      return { resourceShareAssociations: touched(share, input), clientToken: input.clientToken };
    },

    DisassociateResourceShare: async (input, context) => {
      const share = await change(context, input.resourceShareArn, async (current) =>
        withoutAssociations(current, input, context.now),
      );
      return { resourceShareAssociations: touched(share, input), clientToken: input.clientToken };
    },

    GetResourceShareAssociations: async (input, context) => {
      const shares = (await own(context)).filter(
        ({ shareArn }) => input.resourceShareArns === undefined || input.resourceShareArns.includes(shareArn),
      );
      if (input.resourceShareArns !== undefined && shares.length === 0) {
        throw unknownResource(`ResourceShare ${input.resourceShareArns.join(', ')} could not be found.`);
      }
      const wanted = shares.flatMap((share) =>
        share.associations
          .filter(
            (one) =>
              one.type === input.associationType &&
              (input.associationStatus === undefined || input.associationStatus === one.status) &&
              (input.resourceArn === undefined || input.resourceArn === one.entity) &&
              (input.principal === undefined || input.principal === one.entity),
          )
          .map((one) => describeAssociation(share, one)),
      );
      const page = pageOf(wanted, (one) => `${one.resourceShareArn} ${one.associatedEntity}`, input);
      return { resourceShareAssociations: page.items, ...page.end };
    },

    /** Terraform asks for the permissions of a share when it reads it. */
    ListResourceSharePermissions: async (input, context) => {
      const share = await findOwn(context, input.resourceShareArn);
      const hasVaults = share.associations.some(({ type, status }) => type === 'RESOURCE' && status === 'ASSOCIATED');
      const permission = {
        arn: 'arn:aws:ram::aws:permission/AWSRAMDefaultPermissionBackupVault',
        version: '1',
        defaultVersion: true,
        name: 'AWSRAMDefaultPermissionBackupVault',
        resourceType: 'backup:BackupVault',
        status: 'ASSOCIATED',
        isResourceTypeDefault: true,
      };
      return { permissions: hasVaults ? [permission] : [] };
    },

    EnableSharingWithAwsOrganization: async (_input, context) => {
      const organization = await asManagement(ports.organizationStore, context);
      await changeOrganization(ports.organizationStore, organization, (current) => ({
        ...current,
        trustedServices: { [RAM_SERVICE]: context.now, ...current.trustedServices },
      }));
      return { returnValue: true };
    },

    TagResource: async (input, context) => {
      const shareArn = input.resourceShareArn ?? input.resourceArn ?? '';
      await change(context, shareArn, async (current) => ({
        ...current,
        tags: { ...current.tags, ...tagMap(input.tags) },
      }));
      return {};
    },

    UntagResource: async (input, context) => {
      const shareArn = input.resourceShareArn ?? input.resourceArn ?? '';
      await change(context, shareArn, async (current) => ({
        ...current,
        tags: Object.fromEntries(Object.entries(current.tags).filter(([key]) => !input.tagKeys.includes(key))),
      }));
      return {};
    },
  } satisfies Handlers<RamOperations>;
}

function allOf(share: ResourceShareRecord): { principals: string[]; resourceArns: string[] } {
  const entities = (type: string): string[] =>
    share.associations.filter((one) => one.type === type).map(({ entity }) => entity);
  return { principals: entities('PRINCIPAL'), resourceArns: entities('RESOURCE') };
}

function touched(
  share: ResourceShareRecord,
  request: {
    readonly principals?: readonly string[] | undefined;
    readonly resourceArns?: readonly string[] | undefined;
  },
) {
  const entities = new Set([...(request.principals ?? []), ...(request.resourceArns ?? [])]);
  return share.associations.filter(({ entity }) => entities.has(entity)).map((one) => describeAssociation(share, one));
}

function checkSameRequest(repeated: ResourceShareRecord, asked: ResourceShareRecord): ResourceShareRecord {
  if (repeated.name === asked.name) return repeated;
  throw new ServiceError(
    'IdempotentParameterMismatchException',
    'The client token was used before with other parameters.',
  );
}

function hasTag(share: ResourceShareRecord, key: string | undefined, values: readonly string[] | undefined): boolean {
  const value = key === undefined ? undefined : share.tags[key];
  return value !== undefined && (values === undefined || values.length === 0 || values.includes(value));
}

function tagMap(tags: readonly Tag[] | undefined): Readonly<Record<string, string>> {
  return Object.fromEntries(
    (tags ?? []).map(({ key, value }) => {
      if (key === undefined || key === '') throw invalidParameter('A tag needs a key.');
      return [key, value ?? ''];
    }),
  );
}
