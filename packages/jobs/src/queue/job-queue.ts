import type { Clock } from '../clock/clock.ts';
import { isEnded, type JobKind, nextState } from '../states/next.ts';
import type { Job } from './job.ts';
import { begun, ended, expired, leased, requireLease, stopped, withoutLease } from './job-change.ts';
import { exclusionsOf, type JobLimit } from './job-limit.ts';
import type { JobOutcome } from './job-outcome.ts';
import type { JobProgress } from './job-progress.ts';
import type { Exclusion, JobStateChange, JobStore } from './job-store.ts';

export interface JobQueueOptions {
  readonly store: JobStore;
  readonly clock: Pick<Clock, 'now'>;
  /** How long a worker may be silent before its jobs go to others. Default 30 s. */
  readonly leaseMs?: number;
  readonly limits?: readonly JobLimit[];
  /** Called after the transaction of each change of state has committed. */
  readonly onStateChange?: (change: JobStateChange) => void;
}

/** What became of a request to stop. */
export type StopResult = 'stopping' | 'finished' | 'not-found';

/** Every decision about jobs, each in one transaction of the store. */
export class JobQueue {
  readonly store: JobStore;
  readonly clock: Pick<Clock, 'now'>;
  readonly leaseMs: number;
  readonly #limits: readonly JobLimit[];
  readonly #onStateChange: (change: JobStateChange) => void;
  readonly #stopListeners = new Set<(jobId: string) => void>();

  constructor(options: JobQueueOptions) {
    this.store = options.store;
    this.clock = options.clock;
    this.leaseMs = options.leaseMs ?? 30_000;
    this.#limits = options.limits ?? [];
    this.#onStateChange = options.onStateChange ?? (() => {});
  }

  /** Gives the worker the next job of these kinds, with a lease; undefined when there is none to do now. */
  async claim(workerId: string, kinds: readonly JobKind[]): Promise<Job | undefined> {
    // Looking costs no write: idle workers ask often.
    if ((await this.#nextClaimable(kinds)) === undefined) return undefined;
    return await this.store.transaction(async () => {
      const job = await this.#nextClaimable(kinds);
      if (job === undefined) return undefined;
      return await this.write(job, leased(job, workerId, this.clock.now(), this.leaseMs));
    });
  }

  async #nextClaimable(kinds: readonly JobKind[]): Promise<Job | undefined> {
    const exclusions: readonly Exclusion[] =
      this.#limits.length === 0 ? [] : exclusionsOf(this.#limits, await this.store.countActive());
    return await this.store.nextClaimable(kinds, this.clock.now(), exclusions);
  }

  /** The job as it is. @throws LeaseLostError */
  async check(jobId: string, fencingToken: number): Promise<Job> {
    return requireLease(await this.store.get(jobId), jobId, fencingToken, this.clock.now());
  }

  /** Heartbeat: prolongs the lease and writes progress. @throws LeaseLostError */
  renew(jobId: string, fencingToken: number, progress: JobProgress = {}): Promise<Job> {
    return this.#held(jobId, fencingToken, (job, now) => {
      const lease = { workerId: job.lease?.workerId ?? '', expiresAt: now + this.leaseMs };
      return { ...job, ...progress, lease };
    });
  }

  /** The work has begun. @throws LeaseLostError | JobStoppedError */
  begin(jobId: string, fencingToken: number): Promise<Job> {
    return this.#held(jobId, fencingToken, begun);
  }

  /**
   * Records how the work ended, and does `within` in the same transaction.
   * @throws LeaseLostError | JobStoppedError and nothing is recorded
   */
  end(
    jobId: string,
    fencingToken: number,
    outcome: JobOutcome,
    options: { readonly progress?: JobProgress; readonly within?: (() => Promise<void>) | undefined } = {},
  ): Promise<Job> {
    return this.store.transaction(async () => {
      const now = this.clock.now();
      const job = requireLease(await this.store.get(jobId), jobId, fencingToken, now);
      const after = ended({ ...job, ...options.progress }, outcome, now);
      // First what belongs to it, while the lease that it proves itself by still stands.
      await options.within?.();
      return await this.write(job, after);
    });
  }

  /** A window of the job is over. @throws LeaseLostError */
  expire(jobId: string, fencingToken: number): Promise<Job> {
    return this.#held(jobId, fencingToken, expired);
  }

  /** Gives the job back undone, for another worker to continue at once. @throws LeaseLostError */
  handBack(jobId: string, fencingToken: number): Promise<Job> {
    return this.#held(jobId, fencingToken, (job, now) =>
      job.stopRequestedAt === undefined ? withoutLease(job, now) : stopped(job, now),
    );
  }

  /** Ends a waiting job at once; a job that a worker has is told to stop, which takes effect within seconds. */
  async requestStop(jobId: string, reason: string): Promise<StopResult> {
    return await this.store.transaction(async () => {
      const job = await this.store.get(jobId);
      if (job === undefined) return 'not-found';
      if (isEnded(job.kind, job.state)) return 'finished';
      if (job.stopRequestedAt !== undefined) return 'stopping';
      const now = this.clock.now();
      const asked: Job = { ...job, stopRequestedAt: now, statusMessage: reason };
      if (job.lease === undefined) {
        await this.write(job, stopped(asked, now, reason));
      } else {
        await this.write(job, { ...asked, state: nextState(job.kind, job.state, 'stop') ?? job.state });
        this.store.afterCommit(() => {
          for (const listener of this.#stopListeners) listener(jobId);
        });
      }
      return 'stopping';
    });
  }

  /** Hears at once of stop requests made in this process; those of others are seen at the next look at the job. */
  onStopRequested(listener: (jobId: string) => void): () => void {
    this.#stopListeners.add(listener);
    return () => this.#stopListeners.delete(listener);
  }

  /** Writes a job and reports its change of state after the commit. Only within a transaction of the store. */
  async write(before: Job, job: Job): Promise<Job> {
    await this.store.save(job);
    if (before.state !== job.state) {
      const change = { job, from: before.state, to: job.state, at: this.clock.now() };
      this.store.afterCommit(() => this.#onStateChange(change));
    }
    return job;
  }

  #held(jobId: string, fencingToken: number, change: (job: Job, now: number) => Job): Promise<Job> {
    return this.store.transaction(async () => {
      const now = this.clock.now();
      const job = requireLease(await this.store.get(jobId), jobId, fencingToken, now);
      return await this.write(job, change(job, now));
    });
  }
}
