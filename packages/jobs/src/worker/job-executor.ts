import type { Job } from '../queue/job.ts';
import type { JobOutcome } from '../queue/job-outcome.ts';
import type { JobHandle } from './job-handle.ts';

/** Does the work of one kind of job. What it throws becomes an outcome through `outcomeOfError`. */
export interface JobExecutor {
  execute(job: Job, handle: JobHandle): Promise<JobOutcome>;
  /** Turns an error into `failed` or `retry` with a message and category for the client. */
  outcomeOfError(error: unknown, job: Job): JobOutcome;
}
