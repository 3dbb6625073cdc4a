import type { RecordRow } from './record-table.ts';

export interface IdentityTables {
  identity_accounts: RecordRow;
  identity_users: RecordRow;
  identity_groups: RecordRow;
  identity_roles: RecordRow;
  identity_policies: RecordRow;
  identity_access_keys: RecordRow;
  identity_sessions: RecordRow;
}
