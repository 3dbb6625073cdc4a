import type { RequestContext } from '@holdfast/wire';
import { findManagedPolicy } from '../identity/find-policy.ts';
import { parseIdentityArn } from '../identity/identity-arn.ts';
import type { GroupRecord, ManagedPolicyRecord, RoleRecord, UserRecord } from '../identity/identity-records.ts';
import { type IdentityStore, nameKey } from '../identity/identity-store.ts';
import { noSuchEntity, unmodifiable, validationError } from './iam-errors.ts';

/** @throws ServiceError NoSuchEntity */
export async function findRole(store: IdentityStore, accountId: string, name: string): Promise<RoleRecord> {
  const role = await store.roles.get(accountId, nameKey(name));
  if (role === undefined) throw noSuchEntity(`The role with name ${name} cannot be found.`);
  return role;
}

/** @throws ServiceError NoSuchEntity */
export async function findUser(store: IdentityStore, accountId: string, name: string): Promise<UserRecord> {
  const user = await store.users.get(accountId, nameKey(name));
  if (user === undefined) throw noSuchEntity(`The user with name ${name} cannot be found.`);
  return user;
}

/** @throws ServiceError NoSuchEntity */
export async function findGroup(store: IdentityStore, accountId: string, name: string): Promise<GroupRecord> {
  const group = await store.groups.get(accountId, nameKey(name));
  if (group === undefined) throw noSuchEntity(`The group with name ${name} cannot be found.`);
  return group;
}

/** A managed policy that the account can use: its own or a built-in one. @throws ServiceError NoSuchEntity */
export async function findPolicy(store: IdentityStore, accountId: string, arn: string): Promise<ManagedPolicyRecord> {
  const policy = await findManagedPolicy(store, arn);
  const owner = parseIdentityArn(arn)?.accountId;
  if (policy === undefined || (owner !== accountId && owner !== 'aws')) {
    throw noSuchEntity(`Policy ${arn} does not exist or is not attachable.`);
  }
  return policy;
}

/** A policy that the account may change. @throws ServiceError NoSuchEntity, AccessDenied for built-in ones (IAM-68) */
export async function findOwnPolicy(
  store: IdentityStore,
  accountId: string,
  arn: string,
): Promise<ManagedPolicyRecord> {
  const policy = await findPolicy(store, accountId, arn);
  if (policy.accountId !== accountId) {
    throw unmodifiable(`The policy ${arn} comes with the installation and cannot be changed.`);
  }
  return policy;
}

/** The user name of a request, or the caller's own. @throws ServiceError ValidationError when the caller is no user */
export function userNameOrOwn(name: string | undefined, context: RequestContext): string {
  if (name !== undefined) return name;
  const { principal } = context;
  const own = principal.type === 'IAMUser' ? parseIdentityArn(principal.arn)?.name : undefined;
  if (own === undefined) throw validationError('Must specify userName when calling with non-User credentials');
  return own;
}
