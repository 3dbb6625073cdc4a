/** Continuous backups and the bases that each has stored. */
export interface ContinuousTables {
  continuous_backups: ContinuousBackupRow;
  continuous_bases: ContinuousBaseRow;
}

export interface ContinuousBackupRow {
  continuous_id: string;
  account_id: string;
  region: string;
  vault_id: string;
  recovery_point_arn: string;
  resource_arn: string;
  /** The resource while the backup is in a live state, else null: only one may live. */
  live_key: string | null;
  state: string;
  due_at: number;
  worker_id: string | null;
  lease_expires_at: number | null;
  fence: number;
  /** JSON: everything else. */
  detail: string;
}

export interface ContinuousBaseRow {
  continuous_id: string;
  engine_id: string;
  consistent_at: number;
  completed_at: number;
  connector_state: Uint8Array | null;
  /** JSON: everything else. */
  detail: string;
}
