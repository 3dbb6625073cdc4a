export interface SourceRow {
  account_id: string;
  region: string;
  name: string;
  kind: string;
  /** JSON; references to secrets, never secrets. */
  settings: string;
  /** JSON. */
  tags: string;
  origin: string;
  created_at: number;
  status: string;
  status_message: string | null;
  last_discovered_at: number | null;
}

export interface SourceTables {
  sources: SourceRow;
}
