import type { ConceptMigrations } from '../database/migration.ts';
import { createRecordTable } from '../identity/record-table.ts';

export const ORGANIZATION_MIGRATIONS: ConceptMigrations = {
  concept: 'organizations',
  migrations: [
    {
      number: 1,
      name: 'create-organizations',
      statements: [
        'organizations',
        'organization_members',
        'organization_units',
        'organization_policies',
        'resource_shares',
      ].map(createRecordTable),
    },
  ],
};
