import { type Handlers, ServiceError } from '@holdfast/wire';
import { checkNotLockedOut } from './key-handlers.ts';
import type { KeyRecord } from './key-records.ts';
import { checkManagedByCustomer, checkNotPendingDeletion, KeyRequests } from './key-requests.ts';
import { keyArn } from './key-store.ts';
import type { KmsOperations } from './kms-definition.ts';
import { checkKeyPolicy, unsupported, validation } from './kms-errors.ts';
import type { KmsPorts } from './kms-ports.ts';

const DAY_MS = 86_400_000;
const PERIOD_DAYS = { least: 90, usual: 365, most: 2560 };

/** Policies and rotation of keys. */
export function keyPolicyHandlers(ports: KmsPorts) {
  const { service } = ports;
  const requests = new KeyRequests(ports);

  return {
    GetKeyPolicy: async (input, context) => {
      checkPolicyName(input.PolicyName);
      const key = await requests.authorized(context, input.KeyId, { operation: 'GetKeyPolicy' });
      return { Policy: key.policy, PolicyName: 'default' };
    },

    PutKeyPolicy: async (input, context) => {
      checkPolicyName(input.PolicyName);
      const key = await requests.authorized(context, input.KeyId, { operation: 'PutKeyPolicy' });
      checkManagedByCustomer(key);
      checkKeyPolicy(input.Policy);
      const changed = { ...key, policy: input.Policy };
      if (input.BypassPolicyLockoutSafetyCheck !== true) await checkNotLockedOut(requests, context, changed);
      await requests.change(key, (current) => ({ ...current, policy: input.Policy }));
      return {};
    },

    ListKeyPolicies: async (input, context) => {
      await requests.authorized(context, input.KeyId, { operation: 'ListKeyPolicies' });
      return { PolicyNames: ['default'], Truncated: false };
    },

    EnableKeyRotation: async (input, context) => {
      const key = await requests.authorized(context, input.KeyId, { operation: 'EnableKeyRotation' });
      checkManagedByCustomer(key);
      checkRotatable(key);
      const periodDays = input.RotationPeriodInDays ?? key.rotation?.periodDays ?? PERIOD_DAYS.usual;
      if (periodDays < PERIOD_DAYS.least || periodDays > PERIOD_DAYS.most) {
        throw validation(`RotationPeriodInDays must be between ${PERIOD_DAYS.least} and ${PERIOD_DAYS.most}.`);
      }
      await requests.change(key, (current) => {
        service.checkUsable(current);
        return { ...current, rotation: { periodDays, nextAt: context.now + periodDays * DAY_MS } };
      });
      return {};
    },

    DisableKeyRotation: async (input, context) => {
      const key = await requests.authorized(context, input.KeyId, { operation: 'DisableKeyRotation' });
      checkManagedByCustomer(key);
      checkRotatable(key);
      await requests.change(key, (current) => {
        service.checkUsable(current);
        return { ...current, rotation: undefined };
      });
      return {};
    },

    GetKeyRotationStatus: async (input, context) => {
      const key = await requests.authorized(context, input.KeyId, { operation: 'GetKeyRotationStatus' });
      checkRotatable(key);
      const { rotation } = key;
      const KeyId = keyArn(key, key.keyId);
      if (rotation === undefined || key.state === 'PendingDeletion') return { KeyRotationEnabled: false, KeyId };
      return {
        KeyRotationEnabled: true,
        KeyId,
        RotationPeriodInDays: rotation.periodDays,
        NextRotationDate: new Date(rotation.nextAt),
      };
    },

    RotateKeyOnDemand: async (input, context) => {
      const key = await requests.authorized(context, input.KeyId, { operation: 'RotateKeyOnDemand' });
      checkManagedByCustomer(key);
      checkRotatable(key);
      await requests.change(key, (current) => {
        checkNotPendingDeletion(current);
        service.checkUsable(current);
        return service.rotated(current, context.now, 'ON_DEMAND');
      });
      return { KeyId: keyArn(key, key.keyId) };
    },

    ListKeyRotations: async (input, context) => {
      const key = await requests.authorized(context, input.KeyId, { operation: 'ListKeyRotations' });
      const materials = key.backing.kind === 'embedded' ? key.backing.materials : [];
      const KeyId = keyArn(key, key.keyId);
      const Rotations = materials.flatMap(({ createdAt, rotation }) =>
        rotation === undefined ? [] : [{ KeyId, RotationDate: new Date(createdAt), RotationType: rotation }],
      );
      return { Rotations, Truncated: false };
    },
  } satisfies Handlers<KmsOperations>;
}

function checkPolicyName(name: string | undefined): void {
  if (name === undefined || name === 'default') return;
  throw new ServiceError('NotFoundException', `No such policy exists: ${name}. A key has one policy, named default.`);
}

function checkRotatable(key: KeyRecord): void {
  if (key.backing.kind === 'embedded') return;
  throw unsupported(`${keyArn(key, key.keyId)} is kept in an external key store, which rotates it by its own rules.`);
}
