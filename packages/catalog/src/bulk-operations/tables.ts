export interface BulkOperationRow {
  operation_id: string;
  account_id: string;
  region: string;
  action: string;
  state: string;
  created_at: number;
  ended_at: number | null;
  item_count: number;
  succeeded_count: number;
  failed_count: number;
  client_token: string | null;
  /** Who works on it, and until when nobody else may. */
  lease_owner: string | null;
  lease_until: number;
  /** JSON: BulkRequest. */
  request: string;
  /** JSON: BulkCaller. */
  caller: string;
}

export interface BulkItemRow {
  operation_id: string;
  sequence: number;
  target: string;
  state: string;
  error_code: string | null;
  message: string | null;
  result_id: string | null;
  ended_at: number | null;
}

export interface BulkOperationTables {
  bulk_operations: BulkOperationRow;
  bulk_items: BulkItemRow;
}
