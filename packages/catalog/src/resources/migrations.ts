import type { ConceptMigrations } from '../database/migration.ts';

export const RESOURCE_MIGRATIONS: ConceptMigrations = {
  concept: 'resources',
  migrations: [
    {
      number: 1,
      name: 'create-resources',
      statements: [
        `create table resources (
          account_id text not null,
          region text not null,
          arn text not null,
          resource_type text not null,
          name text not null,
          source_name text not null,
          path text,
          source_tags text not null,
          local_tags text not null,
          size_bytes bigint,
          status text not null,
          status_message text,
          created_at bigint,
          first_seen_at bigint not null,
          last_seen_at bigint not null,
          created_by_restore_job_id text,
          primary key (account_id, region, arn))`,
        'create index resources_by_type on resources (account_id, region, resource_type, arn)',
        'create index resources_by_source on resources (account_id, region, source_name, arn)',
        'create index resources_by_path on resources (account_id, region, path)',
      ],
    },
  ],
};
