import type { RecordCollection, Transactions } from '../records/record-collection.ts';
import type {
  AccessKeyRecord,
  AccountRecord,
  GroupRecord,
  ManagedPolicyRecord,
  RoleRecord,
  UserRecord,
} from './identity-records.ts';

/**
 * Accounts and identities. Users, groups, roles and policies lie in the scope of their account under their names in
 * lower case (`nameKey`), since names that differ by case alone are the same; accounts and access keys lie in
 * `GLOBAL_SCOPE`, for a request is known by its access key before its account is.
 */
export interface IdentityStore extends Transactions {
  readonly accounts: RecordCollection<AccountRecord>;
  readonly users: RecordCollection<UserRecord>;
  readonly groups: RecordCollection<GroupRecord>;
  readonly roles: RecordCollection<RoleRecord>;
  readonly policies: RecordCollection<ManagedPolicyRecord>;
  readonly accessKeys: RecordCollection<AccessKeyRecord>;
}

/** The key under which a user, group, role or policy of that name is kept. */
export function nameKey(name: string): string {
  return name.toLowerCase();
}
