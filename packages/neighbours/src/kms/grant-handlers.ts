import type { GrantListEntry } from '@aws-sdk/client-kms';
import { accessDenied, type Handlers, ServiceError } from '@holdfast/wire';
import { ConditionContext } from '../policy/condition-context.ts';
import { everyRecord, pageWhere } from '../records/record-collection.ts';
import type { GrantRecord, KeyRecord } from './key-records.ts';
import { checkManagedByCustomer, KeyRequests } from './key-requests.ts';
import { keyArn, keyScope } from './key-store.ts';
import type { KmsOperations } from './kms-definition.ts';
import { validation } from './kms-errors.ts';
import { pageEnd, pageOf } from './kms-page.ts';
import type { KmsPorts } from './kms-ports.ts';

/** Grants: permission to use a key, given to one principal and taken back at any time (IAM-1 to IAM-3). */
export function grantHandlers(ports: KmsPorts) {
  const { service, random } = ports;
  const { grants } = service.ring.store;
  const requests = new KeyRequests(ports);

  const findGrant = async (key: KeyRecord, isWanted: (grant: GrantRecord) => boolean): Promise<GrantRecord> => {
    for await (const grant of everyRecord(grants, keyScope(key), `${key.keyId}/`)) if (isWanted(grant)) return grant;
    throw new ServiceError('NotFoundException', `The grant was not found on ${keyArn(key, key.keyId)}.`);
  };

  return {
    CreateGrant: async (input, context) => {
      const { GranteePrincipal: granteePrincipal } = input;
      if (granteePrincipal === undefined) throw validation('GranteePrincipal is missing.');
      const conditions = new ConditionContext({
        'kms:GrantIsForAWSResource': false,
        'kms:GrantOperations': input.Operations,
        'kms:GranteePrincipal': granteePrincipal,
        'kms:RetiringPrincipal': input.RetiringPrincipal,
      });
      const key = await requests.authorized(context, input.KeyId, { operation: 'CreateGrant', conditions });
      checkManagedByCustomer(key);
      service.checkUsable(key);
      const same = await findGrantByName(service, key, input.Name, granteePrincipal, input.Operations);
      if (same !== undefined) return { GrantId: same.grantId, GrantToken: same.grantToken };
      const grant: GrantRecord = {
        keyId: key.keyId,
        grantId: Buffer.from(random(32)).toString('hex'),
        grantToken: Buffer.from(random(96)).toString('base64url'),
        name: input.Name,
        granteePrincipal,
        retiringPrincipal: input.RetiringPrincipal,
        issuingAccountArn: `arn:aws:iam::${context.accountId}:root`,
        operations: input.Operations,
        encryptionContextSubset: input.Constraints?.EncryptionContextSubset,
        encryptionContextEquals: input.Constraints?.EncryptionContextEquals,
        createdAt: context.now,
      };
      await grants.put(keyScope(key), `${key.keyId}/${grant.grantId}`, grant);
      return { GrantId: grant.grantId, GrantToken: grant.grantToken };
    },

    ListGrants: async (input, context) => {
      const key = await requests.authorized(context, input.KeyId, { operation: 'ListGrants' });
      const page = await pageWhere(
        grants,
        keyScope(key),
        { ...pageOf(input, 50), prefix: `${key.keyId}/` },
        (grant) => `${grant.keyId}/${grant.grantId}`,
        (grant) =>
          (input.GrantId === undefined || grant.grantId === input.GrantId) &&
          (input.GranteePrincipal === undefined || grant.granteePrincipal === input.GranteePrincipal),
      );
      return { Grants: page.items.map((grant) => describeGrant(key, grant)), ...pageEnd(page) };
    },

    ListRetirableGrants: async (input, context) => {
      await ports.authorizer.check(context, { action: 'kms:ListRetirableGrants', resource: '*' });
      const page = await pageWhere(
        grants,
        keyScope(context),
        pageOf(input, 50),
        (grant) => `${grant.keyId}/${grant.grantId}`,
        (grant) => grant.retiringPrincipal === input.RetiringPrincipal,
      );
      return { Grants: page.items.map((grant) => describeGrant(context, grant)), ...pageEnd(page) };
    },

    RevokeGrant: async (input, context) => {
      const key = await requests.authorized(context, input.KeyId, { operation: 'RevokeGrant' });
      const grant = await findGrant(key, ({ grantId }) => grantId === input.GrantId);
      await grants.delete(keyScope(key), `${key.keyId}/${grant.grantId}`);
      return {};
    },

    /** For the retiring principal, and for a grantee whose grant allows `RetireGrant`. */
    RetireGrant: async (input, context) => {
      const { GrantToken, GrantId, KeyId } = input;
      const grant =
        GrantToken === undefined
          ? await findGrant(
              await service.ring.find(context, KeyId ?? '', context.now),
              (one) => one.grantId === GrantId,
            )
          : await grantByToken(service, context, GrantToken);
      const me = [context.principal.arn, context.principal.roleArn];
      const mayRetire =
        me.includes(grant.retiringPrincipal) ||
        (me.includes(grant.granteePrincipal) && grant.operations.includes('RetireGrant')) ||
        (context.principal.type === 'Root' && grant.issuingAccountArn === context.principal.arn);
      if (!mayRetire) {
        const arn = keyArn(context, grant.keyId);
        throw accessDenied(
          { context, action: 'kms:RetireGrant', input: {} },
          arn,
          'because the grant does not name the caller',
        );
      }
      await grants.delete(keyScope(context), `${grant.keyId}/${grant.grantId}`);
      return {};
    },
  } satisfies Handlers<KmsOperations>;
}

/** A grant with the same name and content is the same grant: the request may be repeated. */
async function findGrantByName(
  service: KmsPorts['service'],
  key: KeyRecord,
  name: string | undefined,
  grantee: string,
  operations: readonly string[],
): Promise<GrantRecord | undefined> {
  if (name === undefined) return undefined;
  for await (const grant of everyRecord(service.ring.store.grants, keyScope(key), `${key.keyId}/`)) {
    const isSame = grant.name === name && grant.granteePrincipal === grantee;
    if (isSame && grant.operations.join() === operations.join()) return grant;
  }
  return undefined;
}

async function grantByToken(
  service: KmsPorts['service'],
  scope: { readonly accountId: string; readonly region: string },
  token: string,
): Promise<GrantRecord> {
  for await (const grant of everyRecord(service.ring.store.grants, keyScope(scope))) {
    if (grant.grantToken === token) return grant;
  }
  throw new ServiceError('InvalidGrantTokenException', 'The grant token belongs to no grant.');
}

function describeGrant(
  scope: { readonly accountId: string; readonly region: string },
  grant: GrantRecord,
): GrantListEntry {
  const { encryptionContextSubset: subset, encryptionContextEquals: equals } = grant;
  return {
    KeyId: keyArn(scope, grant.keyId),
    GrantId: grant.grantId,
    Name: grant.name ?? '',
    CreationDate: new Date(grant.createdAt),
    GranteePrincipal: grant.granteePrincipal,
    ...(grant.retiringPrincipal === undefined ? {} : { RetiringPrincipal: grant.retiringPrincipal }),
    IssuingAccount: grant.issuingAccountArn,
    Operations: grant.operations as GrantListEntry['Operations'],
    ...(subset === undefined && equals === undefined
      ? {}
      : {
          Constraints: {
            ...(subset === undefined ? {} : { EncryptionContextSubset: subset }),
            ...(equals === undefined ? {} : { EncryptionContextEquals: equals }),
          },
        }),
  };
}
