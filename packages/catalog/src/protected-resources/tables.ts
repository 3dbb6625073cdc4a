export interface ProtectedResourceRow {
  account_id: string;
  region: string;
  resource_arn: string;
  resource_type: string;
  resource_name: string | null;
  last_backup_at: number;
  last_backup_vault_arn: string;
  last_recovery_point_arn: string;
  latest_restore_minutes: number | null;
  latest_restore_created_at: number | null;
  latest_restore_point_created_at: number | null;
}

/** The resources with recovery points in one vault, and the newest of those. */
export interface VaultResourceRow {
  vault_id: string;
  resource_arn: string;
  account_id: string;
  region: string;
  resource_type: string;
  resource_name: string | null;
  last_backup_at: number;
  last_backup_vault_arn: string;
  last_recovery_point_arn: string;
}

export interface ProtectedResourceTables {
  protected_resources: ProtectedResourceRow;
  vault_resources: VaultResourceRow;
}
