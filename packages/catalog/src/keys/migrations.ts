import type { ConceptMigrations } from '../database/migration.ts';
import { createRecordTable } from '../identity/record-table.ts';

export const KEY_MIGRATIONS: ConceptMigrations = {
  concept: 'keys',
  migrations: [
    {
      number: 1,
      name: 'create-keys',
      statements: ['kms_keys', 'kms_aliases', 'kms_grants', 'kms_scopes'].map(createRecordTable),
    },
  ],
};
