export interface VaultRow {
  vault_id: string;
  account_id: string;
  region: string;
  name: string;
  arn: string;
  type: string;
  state: string;
  encryption_key_arn: string;
  encryption_key_type: string;
  creator_request_id: string | null;
  request_fingerprint: string | null;
  created_at: number;
  /** JSON. */
  lock: string | null;
  access_policy: string | null;
  /** JSON. */
  notifications: string | null;
  recovery_point_count: number;
}

export interface VaultTables {
  vaults: VaultRow;
}
