import type { ConceptMigrations } from '../database/migration.ts';

export const VAULT_MIGRATIONS: ConceptMigrations = {
  concept: 'vaults',
  migrations: [
    {
      number: 1,
      name: 'create-vaults',
      statements: [
        `create table vaults (
          vault_id text primary key,
          account_id text not null,
          region text not null,
          name text not null,
          arn text not null,
          type text not null,
          state text not null,
          encryption_key_arn text not null,
          encryption_key_type text not null,
          creator_request_id text,
          request_fingerprint text,
          created_at bigint not null,
          lock text,
          access_policy text,
          notifications text,
          recovery_point_count integer not null)`,
        'create unique index vaults_by_name on vaults (account_id, region, name)',
        'create index vaults_by_type on vaults (account_id, region, type, name)',
      ],
    },
  ],
};
