import type { GroupRecord, PolicyHolder, RoleRecord, UserRecord } from '../identity/identity-records.ts';
import { type IdentityStore, nameKey } from '../identity/identity-store.ts';
import { findGroup, findRole, findUser } from './find-identity.ts';
import { unmodifiable } from './iam-errors.ts';

/**
 * Users, groups and roles seen as what policies hang on, so that the operations on policies are written once. `Quota`
 * is the longest sum of inline policies in characters.
 */
export interface HolderKind<Holder extends PolicyHolder> {
  readonly quota: number;
  find(store: IdentityStore, accountId: string, name: string): Promise<Holder>;
  save(store: IdentityStore, holder: Holder): Promise<void>;
  /** @throws ServiceError UnmodifiableEntity for what only a service may change */
  checkModifiable(holder: Holder): void;
}

export const USERS: HolderKind<UserRecord> = {
  quota: 2048,
  find: findUser,
  save: (store, user) => store.users.put(user.accountId, nameKey(user.userName), user),
  checkModifiable: () => undefined,
};

export const GROUPS: HolderKind<GroupRecord> = {
  quota: 5120,
  find: findGroup,
  save: (store, group) => store.groups.put(group.accountId, nameKey(group.groupName), group),
  checkModifiable: () => undefined,
};

export const ROLES: HolderKind<RoleRecord> = {
  quota: 10_240,
  find: findRole,
  save: (store, role) => store.roles.put(role.accountId, nameKey(role.roleName), role),
  checkModifiable: checkNotServiceLinked,
};

/** IAM-82: of a service-linked role only the description can be edited. */
export function checkNotServiceLinked(role: RoleRecord): void {
  if (role.serviceLinkedTo === undefined) return;
  throw unmodifiable(
    `Cannot perform the operation on the protected role '${role.roleName}' - this role is only modifiable by AWS`,
  );
}
