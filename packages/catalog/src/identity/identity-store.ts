import type { IdentityStore, SessionStore } from '@holdfast/neighbours';
import type { Catalog } from '../database/catalog.ts';
import { RecordTable } from './record-table.ts';
import type { IdentityTables } from './tables.ts';

/** Accounts, users, groups, roles, policies, access keys and sessions. */
export function createIdentityStore(catalog: Catalog): IdentityStore & { readonly sessions: SessionStore } {
  const table = <T>(name: keyof IdentityTables): RecordTable<T> => new RecordTable<T>(catalog, name);
  return {
    transaction: (work) => catalog.transaction(work),
    accounts: table('identity_accounts'),
    users: table('identity_users'),
    groups: table('identity_groups'),
    roles: table('identity_roles'),
    policies: table('identity_policies'),
    accessKeys: table('identity_access_keys'),
    sessions: table('identity_sessions'),
  };
}
