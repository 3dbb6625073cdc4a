export interface RecoveryPointRow {
  vault_id: string;
  arn: string;
  account_id: string;
  region: string;
  vault_name: string;
  vault_arn: string;
  vault_type: string;
  engine_id: string;
  resource_arn: string;
  resource_type: string;
  resource_name: string | null;
  status: string;
  status_message: string | null;
  created_at: number;
  initiated_at: number | null;
  completed_at: number | null;
  size_bytes: number;
  stored_bytes: number;
  item_count: number;
  issue_count: number;
  is_encrypted: number;
  encryption_key_arn: string | null;
  encryption_key_type: string | null;
  iam_role_arn: string;
  backup_plan_id: string | null;
  backup_job_id: string | null;
  delete_at: number | null;
  move_to_cold_storage_at: number | null;
  storage_class: string;
  last_restored_at: number | null;
  is_parent: number;
  parent_recovery_point_arn: string | null;
  composite_member_identifier: string | null;
  source_backup_vault_arn: string | null;
  is_continuous: number;
  connector_state: Uint8Array | null;
  /** JSON: RecoveryPointCreator. */
  created_by: string | null;
  /** JSON: Lifecycle. */
  lifecycle: string | null;
  /** JSON. */
  backup_options: string | null;
  restore_metadata: string;
  resource_tags: string;
}

export interface RecoveryPointTables {
  recovery_points: RecoveryPointRow;
}
