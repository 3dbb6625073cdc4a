export interface ResourceRow {
  account_id: string;
  region: string;
  arn: string;
  resource_type: string;
  name: string;
  source_name: string;
  path: string | null;
  /** JSON. */
  source_tags: string;
  /** JSON. */
  local_tags: string;
  size_bytes: number | null;
  status: string;
  status_message: string | null;
  created_at: number | null;
  first_seen_at: number;
  last_seen_at: number;
  created_by_restore_job_id: string | null;
}

export interface ResourceTables {
  resources: ResourceRow;
}
