import { type Handlers, type RequestContext, ServiceError } from '@holdfast/wire';
import { requestTagConditions } from '../authorization/tag-conditions.ts';
import { pageWhere } from '../records/record-collection.ts';
import { describeKey } from './describe-key.ts';
import { asServiceError } from './key-cryptography.ts';
import { defaultKeyPolicy } from './key-policies.ts';
import type { KeyBacking, KeyRecord } from './key-records.ts';
import { checkManagedByCustomer, checkNotPendingDeletion, KeyRequests } from './key-requests.ts';
import { type KeyScope, keyArn, keyScope } from './key-store.ts';
import { mergeTags, tagList } from './key-tags.ts';
import type { KmsOperations } from './kms-definition.ts';
import { checkKeyPolicy, invalidState, unsupported, validation } from './kms-errors.ts';
import { pageEnd, pageOf } from './kms-page.ts';
import type { KmsPorts } from './kms-ports.ts';

const DAY_MS = 86_400_000;
const KEPT_DAYS = { least: 7, most: 30 };

interface CreateKeyInput {
  readonly Origin?: string | undefined;
  readonly KeyUsage?: string | undefined;
  readonly KeySpec?: string | undefined;
  readonly CustomerMasterKeySpec?: string | undefined;
  readonly MultiRegion?: boolean | undefined;
  readonly CustomKeyStoreId?: string | undefined;
  readonly XksKeyId?: string | undefined;
}

/** Keys themselves: making, looking at, switching, deleting, tags (SEC-17). */
export function keyHandlers(ports: KmsPorts) {
  const { service, authorizer } = ports;
  const { ring, cryptography } = service;
  const requests = new KeyRequests(ports);

  const newBacking = async (
    scope: KeyScope,
    keyId: string,
    input: CreateKeyInput,
    now: number,
  ): Promise<KeyBacking> => {
    checkKind(input);
    if (input.Origin !== 'EXTERNAL_KEY_STORE') {
      return { kind: 'embedded', materials: [cryptography.newMaterial(keyArn(scope, keyId), 1, now)] };
    }
    const { CustomKeyStoreId: keyStoreId, XksKeyId: externalKeyId } = input;
    if (keyStoreId === undefined || externalKeyId === undefined) {
      throw validation('A key with the origin EXTERNAL_KEY_STORE needs CustomKeyStoreId and XksKeyId.');
    }
    await asServiceError(() => cryptography.externalStore(keyStoreId).check(externalKeyId));
    return { kind: 'external', keyStoreId, externalKeyId };
  };

  return {
    CreateKey: async (input, context) => {
      const tags = mergeTags({}, input.Tags ?? []);
      await authorizer.check(context, {
        action: 'kms:CreateKey',
        resource: '*',
        conditions: requestTagConditions(tags),
      });
      const policy = input.Policy ?? defaultKeyPolicy(context.accountId);
      checkKeyPolicy(policy);
      const { accountId, region, now } = context;
      const keyId = ports.uuid();
      const key: KeyRecord = {
        accountId,
        region,
        keyId,
        description: input.Description ?? '',
        createdAt: now,
        state: 'Enabled',
        manager: 'CUSTOMER',
        policy,
        backing: await newBacking(context, keyId, input, now),
        tags,
      };
      if (input.BypassPolicyLockoutSafetyCheck !== true) await checkNotLockedOut(requests, context, key);
      await ring.save(key);
      return { KeyMetadata: describeKey(key) };
    },

    DescribeKey: async (input, context) => {
      // Who looks for the default key of the service gets it, made now if need be.
      if (/(^|:)alias\/aws\/backup$/.test(input.KeyId)) await service.ensureDefaultKey(context, context.now);
      const key = await requests.authorized(context, input.KeyId, { operation: 'DescribeKey' });
      return { KeyMetadata: describeKey(key) };
    },

    ListKeys: async (input, context) => {
      await authorizer.check(context, { action: 'kms:ListKeys', resource: '*' });
      const page = await pageWhere(ring.store.keys, keyScope(context), pageOf(input), keyIdOf, (key) =>
        key.deletionAt === undefined ? true : key.deletionAt > context.now,
      );
      const Keys = page.items.map((key) => ({ KeyId: key.keyId, KeyArn: keyArn(key, key.keyId) }));
      return { Keys, ...pageEnd(page) };
    },

    UpdateKeyDescription: async (input, context) => {
      const key = await requests.authorized(context, input.KeyId, { operation: 'UpdateKeyDescription' });
      checkManagedByCustomer(key);
      await requests.change(key, (current) => {
        checkNotPendingDeletion(current);
        return { ...current, description: input.Description };
      });
      return {};
    },

    EnableKey: async (input, context) => {
      const key = await requests.authorized(context, input.KeyId, { operation: 'EnableKey' });
      checkManagedByCustomer(key);
      await requests.change(key, (current) => {
        checkNotPendingDeletion(current);
        return { ...current, state: 'Enabled' };
      });
      return {};
    },

    DisableKey: async (input, context) => {
      const key = await requests.authorized(context, input.KeyId, { operation: 'DisableKey' });
      checkManagedByCustomer(key);
      await requests.change(key, (current) => {
        checkNotPendingDeletion(current);
        return { ...current, state: 'Disabled' };
      });
      return {};
    },

    ScheduleKeyDeletion: async (input, context) => {
      const key = await requests.authorized(context, input.KeyId, { operation: 'ScheduleKeyDeletion' });
      checkManagedByCustomer(key);
      const days = input.PendingWindowInDays ?? KEPT_DAYS.most;
      if (days < KEPT_DAYS.least || days > KEPT_DAYS.most) {
        throw validation(`PendingWindowInDays must be between ${KEPT_DAYS.least} and ${KEPT_DAYS.most}, not ${days}.`);
      }
      const deletionAt = context.now + days * DAY_MS;
      await requests.change(key, (current) => {
        checkNotPendingDeletion(current);
        return { ...current, state: 'PendingDeletion', deletionAt };
      });
      return {
        KeyId: keyArn(key, key.keyId),
        DeletionDate: new Date(deletionAt),
        KeyState: 'PendingDeletion' as const,
        PendingWindowInDays: days,
      };
    },

    /** The key comes back disabled, as in AWS. */
    CancelKeyDeletion: async (input, context) => {
      const key = await requests.authorized(context, input.KeyId, { operation: 'CancelKeyDeletion' });
      await requests.change(key, (current) => {
        if (current.state !== 'PendingDeletion') {
          throw invalidState(keyArn(key, key.keyId), 'not pending deletion');
        }
        return { ...current, state: 'Disabled', deletionAt: undefined };
      });
      return { KeyId: keyArn(key, key.keyId) };
    },

    TagResource: async (input, context) => {
      const added = input.Tags.map(({ TagKey, TagValue }) => ({ TagKey, TagValue }));
      const conditions = requestTagConditions(mergeTags({}, added));
      const key = await requests.authorized(context, input.KeyId, { operation: 'TagResource', conditions });
      checkManagedByCustomer(key);
      await requests.change(key, (current) => ({ ...current, tags: mergeTags(current.tags, added) }));
      return {};
    },

    UntagResource: async (input, context) => {
      const conditions = requestTagConditions({}, input.TagKeys);
      const key = await requests.authorized(context, input.KeyId, { operation: 'UntagResource', conditions });
      checkManagedByCustomer(key);
      await requests.change(key, (current) => {
        const kept = Object.entries(current.tags).filter(([name]) => !input.TagKeys.includes(name));
        return { ...current, tags: Object.fromEntries(kept) };
      });
      return {};
    },

    ListResourceTags: async (input, context) => {
      const key = await requests.authorized(context, input.KeyId, { operation: 'ListResourceTags' });
      return { Tags: tagList(key.tags), Truncated: false };
    },
  } satisfies Handlers<KmsOperations>;
}

function keyIdOf(key: KeyRecord): string {
  return key.keyId;
}

function checkKind(input: CreateKeyInput): void {
  const spec = input.KeySpec ?? input.CustomerMasterKeySpec ?? 'SYMMETRIC_DEFAULT';
  if (spec !== 'SYMMETRIC_DEFAULT' || (input.KeyUsage ?? 'ENCRYPT_DECRYPT') !== 'ENCRYPT_DECRYPT') {
    throw unsupported('Only symmetric keys that encrypt and decrypt are supported here.');
  }
  if (input.MultiRegion === true) throw unsupported('Keys of several regions are not supported here.');
  const origin = input.Origin ?? 'AWS_KMS';
  if (origin !== 'AWS_KMS' && origin !== 'EXTERNAL_KEY_STORE') {
    throw unsupported(`Keys with the origin ${origin} are not supported here; use AWS_KMS or EXTERNAL_KEY_STORE.`);
  }
}

/** Whoever sets a policy must be able to change it again, unless they say that they know better. */
export async function checkNotLockedOut(requests: KeyRequests, context: RequestContext, key: KeyRecord): Promise<void> {
  try {
    await requests.check(context, key, { operation: 'PutKeyPolicy' });
  } catch (error) {
    if (!(error instanceof ServiceError) || error.code !== 'AccessDeniedException') throw error;
    throw new ServiceError(
      'MalformedPolicyDocumentException',
      'The new key policy will not allow you to update the key policy in the future.',
      { cause: error },
    );
  }
}
