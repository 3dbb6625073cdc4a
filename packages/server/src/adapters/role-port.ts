import type { RolePort, RoleRight } from '@holdfast/control';
import {
  type AccessCheck,
  accountOfArn,
  ConditionContext,
  ensureDefaultRole,
  ensureServiceLinkedRole,
  SERVICE_LINKED_ROLES,
} from '@holdfast/neighbours';
import { ServiceError } from '@holdfast/wire';
import type { Identity } from '../compose/identity.ts';

const BACKUP_ROLE = SERVICE_LINKED_ROLES.get('backup.amazonaws.com');

/** What jobs ask about their roles, answered by the identity store; `now` in ms since the epoch. */
export function rolePort(identity: Identity, now: () => number): RolePort {
  const { roles, store, random } = identity;
  const checksOf = (caller: string, rights: readonly RoleRight[]) =>
    Promise.all(rights.map((right) => checkOf(identity, caller, right, now())));
  return {
    assume: (accountId, roleArn) => roles.assume(accountId, roleArn, now()),
    mayUse: async (accountId, roleArn, rights) =>
      roles.mayUse(accountId, roleArn, now(), await checksOf(accountId, rights)),
    mayDelete: async (accountId, roleArn, rights) =>
      roles.mayUseOrReplace(accountId, roleArn, now(), await checksOf(accountId, rights)),
    ensureServiceLinkedRole: async (accountId) => {
      if (BACKUP_ROLE !== undefined) await ensureServiceLinkedRole(store, accountId, BACKUP_ROLE, random, now());
    },
    defaultRoleArn: (accountId) => ensureDefaultRole(store, random, accountId, now()),
    principalExists: (principal) => roles.principalExists(principal),
  };
}

/** A key is reached through its own policy only, so rights on keys bring that policy along. */
async function checkOf({ keys }: Identity, caller: string, right: RoleRight, now: number): Promise<AccessCheck> {
  const { action, resource } = right;
  const conditions = new ConditionContext(right.conditions ?? {});
  if (!action.startsWith('kms:')) return { action, resource, conditions };
  conditions.set('kms:CallerAccount', caller);
  const accountId = accountOfArn(resource, '');
  const policy = await keys.ring.find({ accountId, region: '' }, resource, now).then(
    (key) => key.policy,
    (error: unknown) => {
      if (error instanceof ServiceError) return undefined;
      throw error;
    },
  );
  return {
    action,
    resource,
    resourceAccountId: accountId,
    resourcePolicyRule: 'required',
    conditions,
    resourcePolicy: policy === undefined ? undefined : { name: 'key policy', text: policy },
  };
}
