import { GLOBAL_SCOPE } from '../records/record-collection.ts';
import { type AccessKeyPorts, createAccessKey } from './create-access-key.ts';
import { newEntityId, type RandomBytes } from './entity-id.ts';
import { identityArn } from './identity-arn.ts';
import type { RoleRecord, UserRecord } from './identity-records.ts';
import { type IdentityStore, nameKey } from './identity-store.ts';
import { BUILT_IN_ACCOUNT } from './managed-policies/built-in-policies.ts';

export interface BootstrapRequest {
  readonly accountId: string;
  readonly accountName: string;
  readonly accountEmail: string;
  readonly administratorName: string;
  /** ms since the epoch. */
  readonly now: number;
}

export const FIRST_ACCOUNT: Omit<BootstrapRequest, 'now'> = {
  accountId: '123456789012',
  accountName: 'Holdfast',
  accountEmail: 'root@holdfast.invalid',
  administratorName: 'administrator',
};

export interface BootstrapOutcome {
  readonly administratorArn: string;
  readonly defaultRoleArn: string;
  /** Present when this call made the administrator's access key: the only time that the secret can be seen. */
  readonly accessKey?: { readonly accessKeyId: string; readonly secretAccessKey: string } | undefined;
}

/**
 * Makes what a new account starts with: the account, an administrator with an access key, and the default service role
 * with its managed policies (IAM-36). Does nothing to what exists already, so it can run at every start.
 */
export async function bootstrapAccount(ports: AccessKeyPorts, request: BootstrapRequest): Promise<BootstrapOutcome> {
  const { store, random } = ports;
  const { accountId, now } = request;
  return await store.transaction(async () => {
    const { accountName: name, accountEmail: email } = request;
    const isNew = await store.accounts.insert(GLOBAL_SCOPE, accountId, { accountId, name, email, createdAt: now });
    const defaultRoleArn = await ensureDefaultRole(store, random, accountId, now);
    const administratorArn = identityArn('user', accountId, '/', request.administratorName);
    // Whoever removed the administrator meant it: a later start does not bring it back.
    if (!isNew) return { administratorArn, defaultRoleArn };
    const user: UserRecord = {
      accountId,
      path: '/',
      userName: request.administratorName,
      userId: newEntityId('user', random),
      createdAt: now,
      tags: {},
      groupNames: [],
      accessKeyIds: [],
      inlinePolicies: {},
      attachedPolicyArns: [identityArn('policy', BUILT_IN_ACCOUNT, '/', 'AdministratorAccess')],
    };
    await store.users.put(accountId, nameKey(user.userName), user);
    const { key, secretAccessKey } = await createAccessKey(ports, user, now);
    return { administratorArn, defaultRoleArn, accessKey: { accessKeyId: key.accessKeyId, secretAccessKey } };
  });
}

const DEFAULT_ROLE = 'AWSBackupDefaultServiceRole';

/**
 * The default service role of an account, made if it is missing (IAM-36, IAM-37); its ARN. Beside the two policies of the
 * guide it has those for buckets, because it is to be enough for every supported type.
 */
export async function ensureDefaultRole(
  store: IdentityStore,
  random: RandomBytes,
  accountId: string,
  now: number,
): Promise<string> {
  const trust = { Effect: 'Allow', Principal: { Service: 'backup.amazonaws.com' }, Action: 'sts:AssumeRole' };
  const role: RoleRecord = {
    accountId,
    path: '/service-role/',
    roleName: DEFAULT_ROLE,
    roleId: newEntityId('role', random),
    createdAt: now,
    trustPolicy: JSON.stringify({ Version: '2012-10-17', Statement: [trust] }),
    description: 'Provides the backup service permission to create backups and perform restores on your behalf',
    maxSessionDurationSeconds: 3600,
    tags: {},
    inlinePolicies: {},
    attachedPolicyArns: [
      identityArn('policy', BUILT_IN_ACCOUNT, '/service-role/', 'AWSBackupServiceRolePolicyForBackup'),
      identityArn('policy', BUILT_IN_ACCOUNT, '/service-role/', 'AWSBackupServiceRolePolicyForRestores'),
      identityArn('policy', BUILT_IN_ACCOUNT, '/', 'AWSBackupServiceRolePolicyForS3Backup'),
      identityArn('policy', BUILT_IN_ACCOUNT, '/', 'AWSBackupServiceRolePolicyForS3Restore'),
    ],
  };
  await store.roles.insert(accountId, nameKey(DEFAULT_ROLE), role);
  return identityArn('role', accountId, role.path, DEFAULT_ROLE);
}
