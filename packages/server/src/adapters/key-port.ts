import type { KeyPort } from '@holdfast/control';
import { ConditionContext, KeyAccess, keyArn, parseArn } from '@holdfast/neighbours';
import { type RequestContext, ServiceError } from '@holdfast/wire';
import type { Identity } from '../compose/identity.ts';

/** What whoever makes a vault with a key must be allowed with that key (VAULT-11). */
const VAULT_OPERATIONS = ['DescribeKey', 'CreateGrant', 'GenerateDataKey', 'Decrypt'];

/** Keys of vaults, answered by the key service; `now` in ms since the epoch. */
export function keyPort({ keys, authorizer }: Identity, now: () => number): KeyPort {
  const access = new KeyAccess(authorizer, keys.ring);
  return {
    resolve: (scope, arn, caller) =>
      unlessRefused(async () => {
        const key =
          arn === undefined ? await keys.ensureDefaultKey(scope, now()) : await keys.ring.find(scope, arn, now());
        if (arn !== undefined && caller !== undefined) {
          const conditions = viaBackup(caller);
          for (const operation of VAULT_OPERATIONS) await access.check(caller, key, { operation, conditions });
        }
        keys.checkUsable(key);
        const keyType = key.manager === 'AWS' ? 'AWS_OWNED_KMS_KEY' : 'CUSTOMER_MANAGED_KMS_KEY';
        return { ok: true, keyArn: keyArn(key, key.keyId), keyType } as const;
      }),
    check: (arn) =>
      unlessRefused(async () => {
        const { accountId = '', region = '' } = parseArn(arn) ?? {};
        keys.checkUsable(await keys.ring.find({ accountId, region }, arn, now()));
        return { ok: true } as const;
      }),
  };
}

/** The caller's rights are asked for as if the service called the key service in the caller's name. */
function viaBackup({ region }: RequestContext): ConditionContext {
  return new ConditionContext({
    'kms:ViaService': `backup.${region}.amazonaws.com`,
    'kms:GrantIsForAWSResource': true,
    'aws:ViaAWSService': true,
  });
}

type Refused = { readonly ok: false; readonly reason: string };

/** What is wrong with a key is an answer; what a caller lacks is the caller's error. */
async function unlessRefused<T>(ask: () => Promise<T>): Promise<T | Refused> {
  try {
    return await ask();
  } catch (error) {
    if (error instanceof ServiceError && error.code !== 'AccessDeniedException') {
      return { ok: false, reason: error.message };
    }
    throw error;
  }
}
