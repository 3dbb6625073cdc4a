import { isEnded, nextState } from '../states/next.ts';
import type { JobEvent } from '../states/transitions.ts';
import type { Job } from './job.ts';
import { JobStateError, JobStoppedError, LeaseLostError } from './job-errors.ts';
import type { JobOutcome } from './job-outcome.ts';
import { JOB_RULES, retryDelayMs } from './job-rules.ts';

/** Pure steps of a job: each takes the job as it is and gives the job as it shall be written. */

/** @throws LeaseLostError unless the lease with this fencing token still runs */
export function requireLease(job: Job | undefined, jobId: string, fencingToken: number, now: number): Job {
  if (job?.lease === undefined || job.fencingToken !== fencingToken || job.lease.expiresAt <= now) {
    throw new LeaseLostError(jobId);
  }
  return job;
}

/** The job after an event; an ended job has no lease and is 100 percent done if it completed. */
export function after(job: Job, event: JobEvent, now: number, message?: string, category?: string): Job {
  const state = nextState(job.kind, job.state, event);
  if (state === undefined) throw new JobStateError(job.jobId, job.state, event);
  const changed: Job = { ...withMessage(job, message, category), state };
  if (!isEnded(job.kind, state)) return changed;
  const { lease: _, expectedCompletionAt: __, ...rest } = changed;
  return { ...rest, completedAt: now, percentDone: isDone(event) ? 100 : job.percentDone };
}

function isDone(event: JobEvent): boolean {
  return event === 'complete' || event === 'completePartly';
}

function withMessage(job: Job, message: string | undefined, category: string | undefined): Job {
  const { statusMessage: _, messageCategory: __, ...rest } = job;
  return {
    ...rest,
    ...(message === undefined ? {} : { statusMessage: message }),
    ...(category === undefined ? {} : { messageCategory: category }),
  };
}

export function withoutLease(job: Job, dueAt: number): Job {
  const { lease: _, ...rest } = job;
  return { ...rest, dueAt };
}

export function leased(job: Job, workerId: string, now: number, leaseMs: number): Job {
  return { ...job, lease: { workerId, expiresAt: now + leaseMs }, fencingToken: job.fencingToken + 1 };
}

export function begun(job: Job, now: number): Job {
  if (job.stopRequestedAt !== undefined) throw new JobStoppedError(job.jobId);
  if (job.initiatedAt !== undefined) return job;
  // Retries are counted anew: those before the beginning are limited by the start window alone.
  return { ...after(job, 'begin', now), initiatedAt: now, retryCount: 0 };
}

/** @throws JobStoppedError when work is reported as done on a job that was asked to stop */
export function ended(job: Job, outcome: JobOutcome, now: number): Job {
  const rules = JOB_RULES[job.kind];
  const wasAskedToStop = job.stopRequestedAt !== undefined;
  switch (outcome.result) {
    case 'completed':
      if (wasAskedToStop) throw new JobStoppedError(job.jobId);
      return after(begunIfNot(job, now), 'complete', now, outcome.message, outcome.category ?? 'SUCCESS');
    case 'partial':
      if (wasAskedToStop) throw new JobStoppedError(job.jobId);
      return after(begunIfNot(job, now), 'completePartly', now, outcome.message, outcome.category);
    case 'stopped':
      return stopped(job, now, outcome.message);
    case 'failed':
      if (wasAskedToStop) return stopped(job, now);
      return after(job, 'fail', now, outcome.message, outcome.category);
    case 'retry':
      if (wasAskedToStop) return stopped(job, now);
      return retried(job, outcome.message, outcome.category, now, rules.mostRetries);
    case 'wait':
      if (wasAskedToStop) return stopped(job, now);
      return withoutLease(withMessage(job, outcome.message, undefined), now + outcome.delayMs);
  }
}

/** Work too short to announce its beginning. */
function begunIfNot(job: Job, now: number): Job {
  return job.initiatedAt === undefined ? begun(job, now) : job;
}

export function stopped(job: Job, now: number, message?: string): Job {
  const inAborting = nextState(job.kind, job.state, 'stopped') === undefined ? after(job, 'stop', now) : job;
  const reason = message ?? (job.stopRequestedAt === undefined ? undefined : job.statusMessage);
  return after(inAborting, 'stopped', now, reason ?? JOB_RULES[job.kind].stoppedMessage);
}

function retried(job: Job, message: string, category: string, now: number, mostRetries: number): Job {
  const isLimited = job.initiatedAt !== undefined || job.startBy === undefined;
  if (isLimited && job.retryCount >= mostRetries) return after(job, 'fail', now, message, category);
  const dueAt = now + retryDelayMs(job.retryCount);
  return { ...withoutLease(withMessage(job, message, category), dueAt), retryCount: job.retryCount + 1 };
}

/** The end of a window: the reason is the last one known, else another job of the resource, else the window itself. */
export function expired(job: Job, now: number): Job {
  if (job.stopRequestedAt !== undefined) return stopped(job, now);
  const rules = JOB_RULES[job.kind];
  if (job.statusMessage !== undefined) return after(job, 'expire', now, job.statusMessage, job.messageCategory);
  if (job.state === 'PENDING') return after(job, 'expire', now, rules.blockedMessage, 'CONCURRENT_JOB');
  return after(job, 'expire', now, rules.expiredMessage, 'JOB_EXPIRED');
}

/** Its worker vanished: stopped if that was wanted, else taken up by another worker, unless that happened too often. */
export function lost(job: Job, now: number): Job {
  if (job.stopRequestedAt !== undefined) return stopped(job, now);
  const rules = JOB_RULES[job.kind];
  const lossCount = job.lossCount + 1;
  if (lossCount > rules.mostLosses) {
    return { ...after(job, 'fail', now, rules.lostMessage, 'FATAL_ERROR'), lossCount };
  }
  return { ...withoutLease(job, now), lossCount };
}
