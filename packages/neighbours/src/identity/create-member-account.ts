import { GLOBAL_SCOPE } from '../records/record-collection.ts';
import { ensureDefaultRole } from './bootstrap.ts';
import { newAccountId, newEntityId, type RandomBytes } from './entity-id.ts';
import { identityArn, rootArn } from './identity-arn.ts';
import type { AccountRecord, RoleRecord } from './identity-records.ts';
import { type IdentityStore, nameKey } from './identity-store.ts';
import { BUILT_IN_ACCOUNT } from './managed-policies/built-in-policies.ts';

export interface MemberAccountRequest {
  readonly name: string;
  readonly email: string;
  /** Role in the new account with which the management account administers it. */
  readonly administrationRoleName: string;
  readonly managementAccountId: string;
  readonly now: number;
}

/** Makes an account of an organisation: nobody can sign in to it, the management account comes in by a role. */
export async function createMemberAccount(
  { store, random }: { readonly store: IdentityStore; readonly random: RandomBytes },
  request: MemberAccountRequest,
): Promise<AccountRecord> {
  const { name, email, now } = request;
  const account: AccountRecord = { accountId: await unusedAccountId(store, random), name, email, createdAt: now };
  const trust = {
    Effect: 'Allow',
    Principal: { AWS: rootArn(request.managementAccountId) },
    Action: 'sts:AssumeRole',
  };
  const role: RoleRecord = {
    accountId: account.accountId,
    path: '/',
    roleName: request.administrationRoleName,
    roleId: newEntityId('role', random),
    createdAt: now,
    trustPolicy: JSON.stringify({ Version: '2012-10-17', Statement: [trust] }),
    maxSessionDurationSeconds: 3600,
    tags: {},
    inlinePolicies: {},
    attachedPolicyArns: [identityArn('policy', BUILT_IN_ACCOUNT, '/', 'AdministratorAccess')],
  };
  await store.transaction(async () => {
    await store.accounts.put(GLOBAL_SCOPE, account.accountId, account);
    await store.roles.put(account.accountId, nameKey(role.roleName), role);
    await ensureDefaultRole(store, random, account.accountId, now);
  });
  return account;
}

async function unusedAccountId(store: IdentityStore, random: RandomBytes): Promise<string> {
  for (;;) {
    const accountId = newAccountId(random);
    if ((await store.accounts.get(GLOBAL_SCOPE, accountId)) === undefined) return accountId;
  }
}
