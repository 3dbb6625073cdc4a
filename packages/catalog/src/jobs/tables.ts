/** Where a job stands for the queue: nobody has it, a worker has it, it has begun and nobody has it, it is over. */
export type JobPhase = 'waiting' | 'held' | 'adrift' | 'ended';

export interface JobRow {
  job_id: string;
  kind: string;
  account_id: string;
  region: string;
  resource_arn: string;
  resource_type: string;
  exclusive_key: string | null;
  phase: JobPhase;
  state: string;
  status_message: string | null;
  message_category: string | null;
  created_at: number;
  start_by: number | null;
  complete_by: number | null;
  due_at: number;
  worker_id: string | null;
  lease_expires_at: number | null;
  fencing_token: number;
  retry_count: number;
  loss_count: number;
  stop_requested_at: number | null;
  initiated_at: number | null;
  completed_at: number | null;
  expected_completion_at: number | null;
  percent_done: number;
  bytes_transferred: number;
  vault_name: string | null;
  parent_job_id: string | null;
  recovery_point_arn: string | null;
  recovery_point_created_at: number | null;
  restore_testing_plan_arn: string | null;
  destination_vault_arn: string | null;
  idempotency_token: string | null;
  /** JSON: what was known when the job was made. */
  detail: string;
  /** JSON: what its executor has learned. */
  facts: string;
}

export interface JobIssueRow {
  job_id: string;
  sequence: number;
  path: Uint8Array;
  code: string;
  message: string;
  data_missing: number;
}

export interface JobTables {
  jobs: JobRow;
  job_issues: JobIssueRow;
}
