import { hasBegun, isEnded, type JobKind, nextState } from '../states/next.ts';
import type { Job } from './job.ts';
import { after, expired, lost } from './job-change.ts';
import type { JobQueue } from './job-queue.ts';

/** Jobs per step, so that no transaction gets long however many are due. */
const BATCH = 200;

/**
 * Does what time has made due and no worker will do: takes jobs from vanished workers, ends those whose windows are
 * over, and marks those that wait for another job of their resource. Any number of workers may sweep.
 * @returns how many jobs changed
 */
export async function sweep(queue: JobQueue, kinds: readonly JobKind[]): Promise<number> {
  const { store, clock } = queue;
  const now = clock.now();
  let changed = 0;
  for (const job of await store.listLapsed(now, BATCH)) {
    changed += await changeIf(queue, job.jobId, (current) => isLapsed(current, now), lost);
  }
  for (const job of await store.listStartWindowOver(now, BATCH)) {
    changed += await changeIf(queue, job.jobId, (current) => isTooLateToBegin(current, now), expired);
  }
  for (const job of await store.listCompletionWindowOver(now, BATCH)) {
    changed += await changeIf(queue, job.jobId, (current) => isTooLateToComplete(current, now), expired);
  }
  for (const job of await store.listBlocked(kinds, now, BATCH)) {
    changed += await changeIf(queue, job.jobId, canWait, (current, at) => after(current, 'wait', at));
  }
  return changed;
}

async function changeIf(
  queue: JobQueue,
  jobId: string,
  applies: (job: Job) => boolean,
  change: (job: Job, now: number) => Job,
): Promise<number> {
  return await queue.store.transaction(async () => {
    const job = await queue.store.get(jobId);
    if (job === undefined || isEnded(job.kind, job.state) || !applies(job)) return 0;
    await queue.write(job, change(job, queue.clock.now()));
    return 1;
  });
}

function isLapsed(job: Job, now: number): boolean {
  return job.lease !== undefined && job.lease.expiresAt <= now;
}

export function isTooLateToBegin(job: Job, now: number): boolean {
  return job.lease === undefined && !hasBegun(job.kind, job.state) && job.startBy !== undefined && job.startBy <= now;
}

export function isTooLateToComplete(job: Job, now: number): boolean {
  return job.lease === undefined && job.completeBy !== undefined && job.completeBy <= now;
}

function canWait(job: Job): boolean {
  return job.lease === undefined && nextState(job.kind, job.state, 'wait') !== undefined;
}
