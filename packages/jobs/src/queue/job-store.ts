import type { JobKind, JobState } from '../states/next.ts';
import type { Job } from './job.ts';

/** Jobs that a worker has, or that have begun and wait for one: what limits are counted against. */
export interface ActiveJobCount {
  readonly kind: JobKind;
  readonly resourceType: string;
  readonly accountId: string;
  readonly count: number;
}

/** Jobs that may not be claimed now, because a limit is reached. Members left out match everything. */
export interface Exclusion {
  readonly kind: JobKind;
  readonly resourceType?: string;
  readonly accountId?: string;
}

/** One step of a job's life, for notifications, metrics and the audit trail. */
export interface JobStateChange {
  readonly job: Job;
  readonly from: JobState;
  readonly to: JobState;
  readonly at: number;
}

/**
 * Where jobs are kept. The queue decides; the store reads and writes. Everything within `transaction` is serializable:
 * of two workers that claim at once, one sees what the other wrote.
 */
export interface JobStore {
  transaction<T>(work: () => Promise<T>): Promise<T>;
  /** Calls `effect` when the transaction around the caller has committed. */
  afterCommit(effect: () => void): void;
  get(jobId: string): Promise<Job | undefined>;
  /** Writes the queue's members of an existing job. */
  save(job: Job): Promise<void>;
  countActive(): Promise<readonly ActiveJobCount[]>;
  /**
   * The job that has waited longest of those that are due, have no lease, are within their windows, are not excluded,
   * and whose exclusive key no other active job has. Jobs that have begun come first, whatever is excluded: they count
   * as active already.
   */
  nextClaimable(kinds: readonly JobKind[], now: number, exclusions: readonly Exclusion[]): Promise<Job | undefined>;
  /** Due jobs in state CREATED whose exclusive key another active job has. */
  listBlocked(kinds: readonly JobKind[], now: number, limit: number): Promise<readonly Job[]>;
  /** Jobs without a lease that have not begun although their start window is over. */
  listStartWindowOver(now: number, limit: number): Promise<readonly Job[]>;
  /** Jobs without a lease that have not ended although their completion window is over. */
  listCompletionWindowOver(now: number, limit: number): Promise<readonly Job[]>;
  /** Jobs whose lease has lapsed. */
  listLapsed(now: number, limit: number): Promise<readonly Job[]>;
}
