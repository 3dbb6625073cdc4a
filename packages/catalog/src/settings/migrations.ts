import type { ConceptMigrations } from '../database/migration.ts';

export const SETTINGS_MIGRATIONS: ConceptMigrations = {
  concept: 'settings',
  migrations: [
    {
      number: 1,
      name: 'create-settings',
      statements: [
        `create table region_settings (
          account_id text not null,
          region text not null,
          opt_in text not null,
          management text not null,
          primary key (account_id, region))`,
        `create table global_settings (
          account_id text primary key,
          settings text not null,
          updated_at bigint not null)`,
      ],
    },
  ],
};
