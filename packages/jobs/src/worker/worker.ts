import { type Clock, sleep } from '../clock/clock.ts';
import type { Job } from '../queue/job.ts';
import type { JobQueue } from '../queue/job-queue.ts';
import { sweep } from '../queue/sweep.ts';
import type { JobKind } from '../states/next.ts';
import type { JobExecutor } from './job-executor.ts';
import { RunningJob } from './running-job.ts';

export interface WorkerOptions {
  /** Unique among all workers, also after a restart. */
  readonly workerId: string;
  readonly queue: JobQueue;
  readonly clock: Clock;
  readonly executors: Readonly<Partial<Record<JobKind, JobExecutor>>>;
  /** Jobs at a time in this worker. */
  readonly concurrency: number;
  /** How often an idle worker looks for jobs that other processes wrote. Default 1 s. */
  readonly pollMs?: number;
  /** How often a running job is looked at; a request to stop takes effect within twice this. Default 2 s. */
  readonly watchMs?: number;
  /** Hears of failures of the queue itself, for example a catalog that cannot be reached. */
  readonly onError: (error: unknown, job?: Job) => void;
}

/** Claims jobs and runs them, until it is stopped. */
export class Worker {
  readonly #options: WorkerOptions;
  readonly #kinds: readonly JobKind[];
  readonly #running = new Map<RunningJob, Promise<void>>();
  readonly #pollMs: number;
  readonly #watchMs: number;
  #nap = new AbortController();
  #loop: Promise<void> | undefined;
  #isStopping = false;

  constructor(options: WorkerOptions) {
    this.#options = options;
    this.#kinds = Object.keys(options.executors) as JobKind[];
    this.#pollMs = options.pollMs ?? 1_000;
    this.#watchMs = options.watchMs ?? 2_000;
  }

  get runningCount(): number {
    return this.#running.size;
  }

  start(): void {
    this.#loop ??= this.#work();
  }

  /** Looks for jobs now, since one was just written. */
  wake(): void {
    this.#nap.abort();
  }

  /**
   * Claims no more, interrupts what runs, and hands it back. What has not let go after the grace is left to lapse.
   * @returns how many jobs had not let go
   */
  async stop(graceMs: number): Promise<number> {
    this.#isStopping = true;
    this.wake();
    for (const job of this.#running.keys()) job.interrupt('shutdown');
    const allDone = new AbortController();
    void Promise.all([this.#loop, ...this.#running.values()]).finally(() => allDone.abort());
    await sleep(this.#options.clock, graceMs, allDone.signal);
    return this.#running.size;
  }

  async #work(): Promise<void> {
    const { queue, clock, onError } = this.#options;
    const unsubscribe = queue.onStopRequested((jobId) => this.#interruptStopped(jobId));
    while (!this.#isStopping) {
      this.#nap = new AbortController();
      try {
        await sweep(queue, this.#kinds);
        await this.#claimAll();
      } catch (error) {
        onError(error);
      }
      await sleep(clock, this.#pollMs, this.#nap.signal);
    }
    unsubscribe();
  }

  async #claimAll(): Promise<void> {
    const { queue, workerId, concurrency } = this.#options;
    while (!this.#isStopping && this.#running.size < concurrency) {
      const job = await queue.claim(workerId, this.#kinds);
      if (job === undefined) return;
      this.#run(job);
    }
  }

  #run(job: Job): void {
    const { queue, clock, executors, onError } = this.#options;
    const executor = executors[job.kind];
    if (executor === undefined) throw new Error(`this worker has no executor for ${job.kind} jobs`);
    const running = new RunningJob(job, { queue, clock, executor, watchMs: this.#watchMs, onError });
    const done = running.run().finally(() => {
      this.#running.delete(running);
      this.wake();
    });
    this.#running.set(running, done);
    if (this.#isStopping) running.interrupt('shutdown');
  }

  #interruptStopped(jobId: string): void {
    for (const job of this.#running.keys()) if (job.jobId === jobId) job.interrupt('stopped');
  }
}
