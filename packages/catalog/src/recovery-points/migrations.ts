import type { ConceptMigrations } from '../database/migration.ts';

/** Lists of one vault, newest first, for each filter. */
function vaultIndex(name: string, column: string): string {
  return `create index recovery_points_by_${name} on recovery_points (vault_id, ${column}, created_at, arn)`;
}

export const RECOVERY_POINT_MIGRATIONS: ConceptMigrations = {
  concept: 'recovery-points',
  migrations: [
    {
      number: 1,
      name: 'create-recovery-points',
      statements: [
        `create table recovery_points (
          vault_id text not null,
          arn text not null,
          account_id text not null,
          region text not null,
          vault_name text not null,
          vault_arn text not null,
          vault_type text not null,
          engine_id text not null,
          resource_arn text not null,
          resource_type text not null,
          resource_name text,
          status text not null,
          status_message text,
          created_at bigint not null,
          initiated_at bigint,
          completed_at bigint,
          size_bytes bigint not null,
          stored_bytes bigint not null,
          item_count bigint not null,
          issue_count bigint not null,
          is_encrypted integer not null,
          encryption_key_arn text,
          encryption_key_type text,
          iam_role_arn text not null,
          backup_plan_id text,
          backup_job_id text,
          delete_at bigint,
          move_to_cold_storage_at bigint,
          storage_class text not null,
          last_restored_at bigint,
          is_parent integer not null,
          parent_recovery_point_arn text,
          composite_member_identifier text,
          source_backup_vault_arn text,
          is_continuous integer not null,
          connector_state blob,
          created_by text,
          lifecycle text,
          backup_options text,
          restore_metadata text not null,
          resource_tags text not null,
          primary key (vault_id, arn))`,
        'create index recovery_points_by_vault on recovery_points (vault_id, created_at, arn)',
        vaultIndex('vault_resource', 'resource_arn'),
        vaultIndex('vault_type', 'resource_type'),
        vaultIndex('vault_plan', 'backup_plan_id'),
        vaultIndex('vault_parent', 'parent_recovery_point_arn'),
        'create index recovery_points_by_scope on recovery_points (account_id, region, created_at, arn)',
        `create index recovery_points_by_resource on recovery_points
          (account_id, region, resource_arn, created_at, arn, vault_id)`,
        'create index recovery_points_by_arn on recovery_points (account_id, arn, created_at)',
        'create index recovery_points_by_status on recovery_points (status, created_at, arn, vault_id)',
        'create index recovery_points_to_delete on recovery_points (delete_at, arn, vault_id)',
        'create index recovery_points_to_cool on recovery_points (storage_class, move_to_cold_storage_at, arn, vault_id)',
      ],
    },
  ],
};
