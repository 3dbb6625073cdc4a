import type { ConceptMigrations } from '../database/migration.ts';

/** Each filter of the lists has an index in the order of the lists: newest first. */
function listIndex(name: string, column: string): string {
  return `create index jobs_by_${name} on jobs (kind, account_id, region, ${column}, created_at, job_id)`;
}

export const JOB_MIGRATIONS: ConceptMigrations = {
  concept: 'jobs',
  migrations: [
    {
      number: 1,
      name: 'create-jobs',
      statements: [
        `create table jobs (
          job_id text primary key,
          kind text not null,
          account_id text not null,
          region text not null,
          resource_arn text not null,
          resource_type text not null,
          exclusive_key text,
          phase text not null,
          state text not null,
          status_message text,
          message_category text,
          created_at bigint not null,
          start_by bigint,
          complete_by bigint,
          due_at bigint not null,
          worker_id text,
          lease_expires_at bigint,
          fencing_token bigint not null,
          retry_count integer not null,
          loss_count integer not null,
          stop_requested_at bigint,
          initiated_at bigint,
          completed_at bigint,
          expected_completion_at bigint,
          percent_done double precision not null,
          bytes_transferred bigint not null,
          vault_name text,
          parent_job_id text,
          recovery_point_arn text,
          recovery_point_created_at bigint,
          restore_testing_plan_arn text,
          destination_vault_arn text,
          idempotency_token text,
          detail text not null,
          facts text not null)`,
        'create unique index jobs_by_token on jobs (kind, account_id, region, idempotency_token)',
        'create index jobs_due on jobs (phase, due_at)',
        'create index jobs_to_start on jobs (phase, start_by)',
        'create index jobs_to_complete on jobs (phase, complete_by)',
        'create index jobs_exclusive on jobs (exclusive_key, phase)',
        'create index jobs_by_recovery_point on jobs (recovery_point_arn, phase)',
        'create index jobs_by_creation on jobs (kind, region, created_at, job_id)',
        'create index jobs_by_account on jobs (kind, account_id, region, created_at, job_id)',
        'create index jobs_by_completion on jobs (kind, account_id, region, completed_at)',
        'create index jobs_by_parent on jobs (parent_job_id, created_at, job_id)',
        listIndex('state', 'state'),
        listIndex('resource', 'resource_arn'),
        listIndex('type', 'resource_type'),
        listIndex('vault', 'vault_name'),
        listIndex('destination', 'destination_vault_arn'),
        listIndex('test_plan', 'restore_testing_plan_arn'),
        listIndex('category', 'lower(message_category)'),
        `create table job_issues (
          job_id text not null,
          sequence integer not null,
          path blob not null,
          code text not null,
          message text not null,
          data_missing integer not null,
          primary key (job_id, sequence))`,
      ],
    },
    {
      number: 2,
      name: 'index-counts-and-open-jobs',
      statements: [
        // The summaries count states, types and categories of all jobs of some days from the index alone.
        'drop index jobs_by_account',
        `create index jobs_by_account on jobs
          (kind, account_id, region, created_at, job_id, state, resource_type, message_category)`,
        'create index jobs_open on jobs (phase, kind, account_id, region, created_at)',
      ],
    },
  ],
};
