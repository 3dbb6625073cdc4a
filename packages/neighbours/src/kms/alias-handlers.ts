import { type Handlers, type RequestContext, ServiceError } from '@holdfast/wire';
import { everyRecord } from '../records/record-collection.ts';
import type { AliasRecord } from './key-records.ts';
import { checkNotPendingDeletion, KeyRequests } from './key-requests.ts';
import { aliasArn, keyScope } from './key-store.ts';
import type { KmsOperations } from './kms-definition.ts';
import { aliasNotFound } from './kms-errors.ts';
import { pageEnd, pageOf } from './kms-page.ts';
import type { KmsPorts } from './kms-ports.ts';

/** Names of keys. Whoever makes or moves one needs a right on the alias and a right on the key. */
export function aliasHandlers(ports: KmsPorts) {
  const { authorizer, service } = ports;
  const { ring } = service;
  const requests = new KeyRequests(ports);

  const checkAlias = async (context: RequestContext, operation: string, aliasName: string): Promise<void> => {
    await authorizer.check(context, { action: `kms:${operation}`, resource: aliasArn(context, aliasName) });
  };
  const findAlias = async (context: RequestContext, aliasName: string): Promise<AliasRecord> => {
    const alias = await ring.alias(context, aliasName);
    if (alias === undefined) throw aliasNotFound(aliasArn(context, aliasName));
    return alias;
  };

  return {
    CreateAlias: async (input, context) => {
      checkAliasName(input.AliasName);
      await checkAlias(context, 'CreateAlias', input.AliasName);
      const key = await requests.authorized(context, input.TargetKeyId, { operation: 'CreateAlias' });
      checkNotPendingDeletion(key);
      const { now } = context;
      const alias = { aliasName: input.AliasName, targetKeyId: key.keyId, createdAt: now, updatedAt: now };
      if (!(await ring.store.aliases.insert(keyScope(context), input.AliasName, alias))) {
        const arn = aliasArn(context, input.AliasName);
        throw new ServiceError('AlreadyExistsException', `An alias with the name ${arn} already exists`);
      }
      return {};
    },

    UpdateAlias: async (input, context) => {
      checkAliasName(input.AliasName);
      await checkAlias(context, 'UpdateAlias', input.AliasName);
      const key = await requests.authorized(context, input.TargetKeyId, { operation: 'UpdateAlias' });
      checkNotPendingDeletion(key);
      await ring.store.transaction(async () => {
        const alias = await findAlias(context, input.AliasName);
        const changed = { ...alias, targetKeyId: key.keyId, updatedAt: context.now };
        await ring.store.aliases.put(keyScope(context), input.AliasName, changed);
      });
      return {};
    },

    DeleteAlias: async (input, context) => {
      checkAliasName(input.AliasName);
      const alias = await findAlias(context, input.AliasName);
      await checkAlias(context, 'DeleteAlias', input.AliasName);
      const key = await ring.store.keys.get(keyScope(context), alias.targetKeyId);
      if (key !== undefined) await requests.check(context, key, { operation: 'DeleteAlias' });
      await ring.store.aliases.delete(keyScope(context), input.AliasName);
      return {};
    },

    ListAliases: async (input, context) => {
      await authorizer.check(context, { action: 'kms:ListAliases', resource: '*' });
      const target = input.KeyId === undefined ? undefined : await ring.find(context, input.KeyId, context.now);
      const { limit, afterKey } = pageOf(input, 50);
      const wanted: AliasRecord[] = [];
      for await (const alias of everyRecord(ring.store.aliases, keyScope(context))) {
        const isAfter = afterKey === undefined || alias.aliasName > afterKey;
        if (isAfter && (target === undefined || alias.targetKeyId === target.keyId)) wanted.push(alias);
        if (wanted.length > limit) break;
      }
      const items = wanted.slice(0, limit);
      const Aliases = items.map((alias) => ({
        AliasName: alias.aliasName,
        AliasArn: aliasArn(context, alias.aliasName),
        TargetKeyId: alias.targetKeyId,
        CreationDate: new Date(alias.createdAt),
        LastUpdatedDate: new Date(alias.updatedAt),
      }));
      return { Aliases, ...pageEnd({ nextKey: wanted.length > limit ? items.at(-1)?.aliasName : undefined }) };
    },
  } satisfies Handlers<KmsOperations>;
}

function checkAliasName(name: string): void {
  if (name.startsWith('alias/aws/')) {
    throw new ServiceError('InvalidAliasNameException', 'Aliases that begin with alias/aws/ belong to services.', {
      statusCode: 400,
    });
  }
  if (!/^alias\/[A-Za-z0-9/_-]{1,250}$/.test(name)) {
    throw new ServiceError(
      'InvalidAliasNameException',
      `${name} is no name for an alias: alias/ and letters, digits, /, _ and -.`,
    );
  }
}
