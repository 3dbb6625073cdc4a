import { hasBegun, isEnded, type Job, type JobKind, type JobState } from '@holdfast/jobs';
import { present } from '../database/columns.ts';
import type { JobPhase, JobRow } from './tables.ts';

/** The queue's view of a row. */
export function toJob(row: JobRow): Job {
  const lease =
    row.worker_id === null || row.lease_expires_at === null
      ? null
      : { workerId: row.worker_id, expiresAt: row.lease_expires_at };
  return {
    jobId: row.job_id,
    kind: row.kind as JobKind,
    accountId: row.account_id,
    region: row.region,
    resourceType: row.resource_type,
    state: row.state as JobState,
    createdAt: row.created_at,
    dueAt: row.due_at,
    fencingToken: row.fencing_token,
    retryCount: row.retry_count,
    lossCount: row.loss_count,
    percentDone: row.percent_done,
    bytesTransferred: row.bytes_transferred,
    ...present({
      exclusiveKey: row.exclusive_key,
      statusMessage: row.status_message,
      messageCategory: row.message_category,
      startBy: row.start_by,
      completeBy: row.complete_by,
      lease,
      stopRequestedAt: row.stop_requested_at,
      initiatedAt: row.initiated_at,
      completedAt: row.completed_at,
      expectedCompletionAt: row.expected_completion_at,
    }),
  };
}

/** The columns that the queue may change. */
export function queueColumns(job: Job): Partial<JobRow> {
  return {
    phase: phaseOf(job),
    state: job.state,
    status_message: job.statusMessage ?? null,
    message_category: job.messageCategory ?? null,
    due_at: job.dueAt,
    worker_id: job.lease?.workerId ?? null,
    lease_expires_at: job.lease?.expiresAt ?? null,
    fencing_token: job.fencingToken,
    retry_count: job.retryCount,
    loss_count: job.lossCount,
    stop_requested_at: job.stopRequestedAt ?? null,
    initiated_at: job.initiatedAt ?? null,
    completed_at: job.completedAt ?? null,
    expected_completion_at: job.expectedCompletionAt ?? null,
    percent_done: job.percentDone,
    bytes_transferred: Math.round(job.bytesTransferred),
  };
}

function phaseOf(job: Job): JobPhase {
  if (isEnded(job.kind, job.state)) return 'ended';
  if (job.lease !== undefined) return 'held';
  return hasBegun(job.kind, job.state) ? 'adrift' : 'waiting';
}

/** A new job's row: nobody has it, and it is due at once. Filters of its kind are set by the caller. */
export function newJobRow(job: {
  readonly kind: JobKind;
  readonly jobId: string;
  readonly accountId: string;
  readonly region: string;
  readonly resourceArn: string;
  readonly resourceType: string;
  readonly createdAt: number;
  readonly parentJobId?: string;
  readonly idempotencyToken?: string;
}): JobRow {
  return {
    job_id: job.jobId,
    kind: job.kind,
    account_id: job.accountId,
    region: job.region,
    resource_arn: job.resourceArn,
    resource_type: job.resourceType,
    exclusive_key: null,
    phase: 'waiting',
    state: 'CREATED',
    status_message: null,
    message_category: null,
    created_at: job.createdAt,
    start_by: null,
    complete_by: null,
    due_at: job.createdAt,
    worker_id: null,
    lease_expires_at: null,
    fencing_token: 0,
    retry_count: 0,
    loss_count: 0,
    stop_requested_at: null,
    initiated_at: null,
    completed_at: null,
    expected_completion_at: null,
    percent_done: 0,
    bytes_transferred: 0,
    vault_name: null,
    parent_job_id: job.parentJobId ?? null,
    recovery_point_arn: null,
    recovery_point_created_at: null,
    restore_testing_plan_arn: null,
    destination_vault_arn: null,
    idempotency_token: job.idempotencyToken ?? null,
    detail: '{}',
    facts: '{}',
  };
}
