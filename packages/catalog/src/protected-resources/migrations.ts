import type { ConceptMigrations } from '../database/migration.ts';

const NEWEST = `
          resource_type text not null,
          resource_name text,
          last_backup_at bigint not null,
          last_backup_vault_arn text not null,
          last_recovery_point_arn text not null`;

export const PROTECTED_RESOURCE_MIGRATIONS: ConceptMigrations = {
  concept: 'protected-resources',
  migrations: [
    {
      number: 1,
      name: 'create-protected-resources',
      statements: [
        `create table protected_resources (
          account_id text not null,
          region text not null,
          resource_arn text not null,${NEWEST},
          latest_restore_minutes bigint,
          latest_restore_created_at bigint,
          latest_restore_point_created_at bigint,
          primary key (account_id, region, resource_arn))`,
        `create table vault_resources (
          vault_id text not null,
          resource_arn text not null,
          account_id text not null,
          region text not null,${NEWEST},
          primary key (vault_id, resource_arn))`,
      ],
    },
  ],
};
