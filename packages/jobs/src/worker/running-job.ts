import { type Clock, sleep } from '../clock/clock.ts';
import type { Job } from '../queue/job.ts';
import { JobStoppedError, LeaseLostError } from '../queue/job-errors.ts';
import type { JobOutcome } from '../queue/job-outcome.ts';
import type { JobProgress } from '../queue/job-progress.ts';
import type { JobQueue } from '../queue/job-queue.ts';
import { hasBegun } from '../states/next.ts';
import type { JobExecutor } from './job-executor.ts';
import { type JobHandle, JobInterruption } from './job-handle.ts';

export interface RunningJobOptions {
  readonly queue: JobQueue;
  readonly clock: Clock;
  readonly executor: JobExecutor;
  /** How often the worker looks at the job: whether it shall stop, and to write progress. */
  readonly watchMs: number;
  readonly onError: (error: unknown, job: Job) => void;
}

/** One claimed job in the hands of its executor: heartbeat, interruptions, progress, outcome. */
export class RunningJob implements JobHandle {
  readonly isResumed: boolean;
  readonly #options: RunningJobOptions;
  readonly #abort = new AbortController();
  readonly #finished = new AbortController();
  #job: Job;
  /** All that was told so far; written again with the outcome, so that the last word is never lost. */
  #progress: JobProgress = {};
  #hasNews = false;
  #leaseEndsAt: number;
  #isEnded = false;

  constructor(job: Job, options: RunningJobOptions) {
    this.#job = job;
    this.#options = options;
    this.#leaseEndsAt = job.lease?.expiresAt ?? 0;
    this.isResumed = job.initiatedAt !== undefined;
  }

  get jobId(): string {
    return this.#job.jobId;
  }

  get fencingToken(): number {
    return this.#job.fencingToken;
  }

  get signal(): AbortSignal {
    return this.#abort.signal;
  }

  async begin(): Promise<void> {
    this.#job = await this.#options.queue.begin(this.jobId, this.fencingToken);
  }

  progress(progress: JobProgress): void {
    this.#progress = { ...this.#progress, ...progress };
    this.#hasNews = true;
  }

  async end(outcome: JobOutcome, within?: () => Promise<void>): Promise<JobOutcome> {
    await this.#options.queue.end(this.jobId, this.fencingToken, outcome, { progress: this.#progress, within });
    this.#isEnded = true;
    return outcome;
  }

  interrupt(why: JobInterruption['why']): void {
    if (!this.#abort.signal.aborted) this.#abort.abort(new JobInterruption(why));
  }

  /** Runs the executor to its end and records the outcome; never throws. */
  async run(): Promise<void> {
    const watching = this.#watch();
    const outcome = await this.#execute();
    try {
      if (!this.#isEnded) await this.#record(outcome);
    } catch (error) {
      if (!(error instanceof LeaseLostError)) this.#options.onError(error, this.#job);
    } finally {
      this.#finished.abort();
      await watching;
    }
  }

  async #execute(): Promise<JobOutcome> {
    const { executor } = this.#options;
    try {
      return await executor.execute(this.#job, this);
    } catch (error) {
      if (error instanceof JobStoppedError) return { result: 'stopped' };
      return executor.outcomeOfError(error, this.#job);
    }
  }

  /** An interruption decides, unless the work was done in spite of it. */
  async #record(outcome: JobOutcome): Promise<void> {
    const { queue } = this.#options;
    const interruption = this.#abort.signal.reason as JobInterruption | undefined;
    const isDone = outcome.result === 'completed' || outcome.result === 'partial';
    if (interruption === undefined || (isDone && interruption.why !== 'stopped')) {
      await this.#endOrStop(outcome);
      return;
    }
    switch (interruption.why) {
      case 'lease-lost':
        return;
      case 'stopped':
        await queue.end(this.jobId, this.fencingToken, { result: 'stopped' });
        return;
      case 'window-over':
        await queue.expire(this.jobId, this.fencingToken);
        return;
      case 'shutdown':
        await queue.handBack(this.jobId, this.fencingToken);
        return;
    }
  }

  async #endOrStop(outcome: JobOutcome): Promise<void> {
    try {
      await this.end(outcome);
    } catch (error) {
      if (!(error instanceof JobStoppedError)) throw error;
      await this.#options.queue.end(this.jobId, this.fencingToken, { result: 'stopped' });
    }
  }

  async #watch(): Promise<void> {
    const { clock, watchMs } = this.#options;
    while (!this.#finished.signal.aborted) {
      await sleep(clock, watchMs, this.#finished.signal);
      if (this.#finished.signal.aborted) return;
      await this.#look();
    }
  }

  /** Reads the job, or, when there is progress to write or the lease is a third through, renews it. */
  async #look(): Promise<void> {
    const { queue, clock, onError } = this.#options;
    const hasNews = this.#hasNews;
    this.#hasNews = false;
    try {
      const isDueForRenewal = clock.now() > this.#leaseEndsAt - (queue.leaseMs * 2) / 3;
      const job =
        hasNews || isDueForRenewal
          ? await queue.renew(this.jobId, this.fencingToken, this.#progress)
          : await queue.check(this.jobId, this.fencingToken);
      this.#leaseEndsAt = job.lease?.expiresAt ?? 0;
      if (job.stopRequestedAt !== undefined) this.interrupt('stopped');
      if (isOverdue(job, clock.now())) this.interrupt('window-over');
    } catch (error) {
      this.#hasNews ||= hasNews;
      if (error instanceof LeaseLostError) {
        if (!this.#isEnded) this.interrupt('lease-lost');
        return;
      }
      onError(error, this.#job);
      // Without the catalog nobody can prove the lease; another worker may have the job by now.
      if (clock.now() >= this.#leaseEndsAt) this.interrupt('lease-lost');
    }
  }
}

function isOverdue(job: Job, now: number): boolean {
  if (job.completeBy !== undefined && job.completeBy <= now) return true;
  return !hasBegun(job.kind, job.state) && job.startBy !== undefined && job.startBy <= now;
}
