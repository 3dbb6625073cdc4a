import type { ConceptMigrations } from '../database/migration.ts';

export const CONTINUOUS_MIGRATIONS: ConceptMigrations = {
  concept: 'continuous',
  migrations: [
    {
      number: 1,
      name: 'create-continuous-backups',
      statements: [
        `create table continuous_backups (
          continuous_id text primary key,
          account_id text not null,
          region text not null,
          vault_id text not null,
          recovery_point_arn text not null,
          resource_arn text not null,
          live_key text,
          state text not null,
          due_at bigint not null,
          worker_id text,
          lease_expires_at bigint,
          fence bigint not null,
          detail text not null)`,
        'create unique index continuous_backups_live on continuous_backups (live_key) where live_key is not null',
        'create index continuous_backups_by_point on continuous_backups (vault_id, recovery_point_arn)',
        'create index continuous_backups_by_scope on continuous_backups (account_id, region, continuous_id)',
        'create index continuous_backups_due on continuous_backups (state, due_at)',
        `create table continuous_bases (
          continuous_id text not null,
          engine_id text not null,
          consistent_at bigint not null,
          completed_at bigint not null,
          connector_state blob,
          detail text not null,
          primary key (continuous_id, engine_id))`,
      ],
    },
  ],
};
