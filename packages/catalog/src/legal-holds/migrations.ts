import type { ConceptMigrations } from '../database/migration.ts';

export const LEGAL_HOLD_MIGRATIONS: ConceptMigrations = {
  concept: 'legal-holds',
  migrations: [
    {
      number: 1,
      name: 'create-legal-holds',
      statements: [
        `create table legal_holds (
          hold_id text not null primary key, account_id text not null, region text not null, arn text not null,
          title text not null, description text not null, status text not null, criteria text not null,
          created_at bigint not null, idempotency_token text, request_fingerprint text not null, cancelled_at bigint,
          cancel_description text, retain_record_until bigint)`,
        'create index legal_holds_by_creation on legal_holds (account_id, region, created_at, hold_id)',
        'create index legal_holds_by_status on legal_holds (account_id, status)',
        `create unique index legal_holds_by_token on legal_holds (account_id, region, idempotency_token)
          where idempotency_token is not null`,
        `create index legal_holds_to_purge on legal_holds (retain_record_until) where retain_record_until is not null`,
        `create table held_recovery_points (
          hold_id text not null, arn text not null, vault_id text not null, primary key (hold_id, arn, vault_id))`,
        'create index held_recovery_points_by_point on held_recovery_points (vault_id, arn)',
      ],
    },
    {
      number: 2,
      name: 'hold-in-engines',
      statements: [
        // Holds from before this step are placed in the engines by the next round.
        'alter table held_recovery_points add column is_placed integer not null default 0',
        `update legal_holds set status = 'CREATING' where status = 'ACTIVE'`,
        'create index held_recovery_points_by_place on held_recovery_points (hold_id, is_placed, vault_id, arn)',
      ],
    },
  ],
};
