import type { ConceptMigrations } from '../database/migration.ts';
import { createRecordTable } from './record-table.ts';

export const IDENTITY_MIGRATIONS: ConceptMigrations = {
  concept: 'identity',
  migrations: [
    {
      number: 1,
      name: 'create-identities',
      statements: [
        'identity_accounts',
        'identity_users',
        'identity_groups',
        'identity_roles',
        'identity_policies',
        'identity_access_keys',
        'identity_sessions',
      ].map(createRecordTable),
    },
  ],
};
