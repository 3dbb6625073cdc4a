import type { ConceptMigrations } from '../database/migration.ts';

export const BULK_OPERATION_MIGRATIONS: ConceptMigrations = {
  concept: 'bulk-operations',
  migrations: [
    {
      number: 1,
      name: 'create-bulk-operations',
      statements: [
        `create table bulk_operations (
          operation_id text primary key,
          account_id text not null,
          region text not null,
          action text not null,
          state text not null,
          created_at bigint not null,
          ended_at bigint,
          item_count integer not null,
          succeeded_count integer not null,
          failed_count integer not null,
          client_token text,
          lease_owner text,
          lease_until bigint not null,
          request text not null,
          caller text not null)`,
        'create index bulk_operations_by_scope on bulk_operations (account_id, region, created_at, operation_id)',
        'create unique index bulk_operations_by_token on bulk_operations (account_id, region, client_token)',
        'create index bulk_operations_to_do on bulk_operations (state, lease_until, created_at)',
        `create table bulk_items (
          operation_id text not null,
          sequence integer not null,
          target text not null,
          state text not null,
          error_code text,
          message text,
          result_id text,
          ended_at bigint,
          primary key (operation_id, sequence))`,
        'create index bulk_items_by_state on bulk_items (operation_id, state, sequence)',
      ],
    },
  ],
};
