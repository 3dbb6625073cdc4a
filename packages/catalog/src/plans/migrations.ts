import type { ConceptMigrations } from '../database/migration.ts';

export const PLAN_MIGRATIONS: ConceptMigrations = {
  concept: 'plans',
  migrations: [
    {
      number: 1,
      name: 'create-plans',
      statements: [
        `create table backup_plans (
          plan_id text not null primary key, account_id text not null, region text not null, arn text not null,
          name text not null, creator_request_id text, created_at bigint not null, deleted_at bigint,
          last_executed_at bigint, version_id text not null, version_created_at bigint not null, document text not null)`,
        'create index backup_plans_by_creation on backup_plans (account_id, region, created_at, plan_id)',
        'create unique index backup_plans_by_name on backup_plans (account_id, region, name) where deleted_at is null',
        `create index backup_plans_by_request on backup_plans (account_id, region, creator_request_id)
          where deleted_at is null and creator_request_id is not null`,
        `create table backup_plan_versions (
          plan_id text not null, sequence bigint not null, version_id text not null, created_at bigint not null,
          document text not null, primary key (plan_id, sequence))`,
        'create unique index backup_plan_versions_by_id on backup_plan_versions (plan_id, version_id)',
        `create table backup_rule_cursors (
          plan_id text not null, rule_id text not null, account_id text not null, region text not null,
          decided_until bigint not null, anchor_at bigint not null, next_fire_at bigint, primary key (plan_id, rule_id))`,
        `create index backup_rule_cursors_by_next_fire on backup_rule_cursors (next_fire_at, plan_id)
          where next_fire_at is not null`,
        `create table missed_occurrences (
          plan_id text not null, recorded_at bigint not null, rule_id text not null, first_at bigint not null,
          last_at bigint not null, occurrence_count bigint not null, primary key (plan_id, recorded_at, rule_id))`,
        `create table backup_selections (
          selection_id text not null primary key, plan_id text not null, account_id text not null, region text not null,
          creator_request_id text, created_at bigint not null, document text not null)`,
        'create index backup_selections_by_plan on backup_selections (plan_id, created_at, selection_id)',
      ],
    },
    {
      number: 2,
      name: 'plans-of-organizations',
      statements: [
        'alter table backup_plans add column managed_by text',
        'drop index backup_plans_by_name',
        `create unique index backup_plans_by_name on backup_plans (account_id, region, name)
          where deleted_at is null and managed_by is null`,
        `create unique index backup_plans_managed_by_name on backup_plans (account_id, region, name)
          where deleted_at is null and managed_by is not null`,
        `create index backup_plans_managed on backup_plans (plan_id) where deleted_at is null and managed_by is not null`,
      ],
    },
  ],
};
