import type { JobKind, JobState } from '../states/next.ts';

/** The right of one worker to write a job's progress and outcome, until it lapses. */
export interface JobLease {
  readonly workerId: string;
  /** When it lapses unless it is renewed, in ms since the epoch. */
  readonly expiresAt: number;
}

/** A job as the queue sees it; what it is about lies beside it and is the business of its kind. */
export interface Job {
  readonly jobId: string;
  readonly kind: JobKind;
  readonly accountId: string;
  readonly region: string;
  readonly resourceType: string;
  /** Jobs with the same key run one at a time: the account, region and ARN of the resource. */
  readonly exclusiveKey?: string;
  readonly state: JobState;
  readonly statusMessage?: string;
  readonly messageCategory?: string;
  readonly createdAt: number;
  /** A job that has not begun by then expires. */
  readonly startBy?: number;
  /** A job that is not complete by then is ended. */
  readonly completeBy?: number;
  /** Not to be claimed earlier: creation, or the time of the next try. */
  readonly dueAt: number;
  readonly lease?: JobLease;
  /** Grows by one with every lease; a worker with an older number can write nothing. */
  readonly fencingToken: number;
  /** Tries that ended with an error which allows another one. */
  readonly retryCount: number;
  /** Times that its work was taken from a worker that had vanished. */
  readonly lossCount: number;
  readonly stopRequestedAt?: number;
  readonly initiatedAt?: number;
  readonly completedAt?: number;
  readonly expectedCompletionAt?: number;
  /** 0 to 100. */
  readonly percentDone: number;
  readonly bytesTransferred: number;
}
