import { AsyncLocalStorage } from 'node:async_hooks';
import type { Job } from '../queue/job.ts';
import type { ActiveJobCount, Exclusion, JobStore } from '../queue/job-store.ts';
import { hasBegun, isEnded, type JobKind } from '../states/next.ts';

interface OpenTransaction {
  open: boolean;
  readonly effects: (() => void)[];
}

/** The obvious job store, for tests: a map, and one transaction at a time that is undone when it throws. */
export class MemoryJobStore implements JobStore {
  #jobs = new Map<string, Job>();
  #tail: Promise<unknown> = Promise.resolve();
  readonly #current = new AsyncLocalStorage<OpenTransaction>();

  add(job: Job): void {
    this.#jobs.set(job.jobId, job);
  }

  all(): readonly Job[] {
    return [...this.#jobs.values()];
  }

  async transaction<T>(work: () => Promise<T>): Promise<T> {
    if (this.#current.getStore()?.open) return await work();
    const previous = this.#tail;
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#tail = promise;
    await previous;
    const saved = new Map(this.#jobs);
    const current: OpenTransaction = { open: true, effects: [] };
    try {
      const result = await this.#current.run(current, work);
      current.open = false;
      for (const effect of current.effects) effect();
      return result;
    } catch (error) {
      this.#jobs = saved;
      throw error;
    } finally {
      current.open = false;
      resolve();
    }
  }

  afterCommit(effect: () => void): void {
    const current = this.#current.getStore();
    if (current?.open) current.effects.push(effect);
    else effect();
  }

  async get(jobId: string): Promise<Job | undefined> {
    return this.#jobs.get(jobId);
  }

  async save(job: Job): Promise<void> {
    this.#jobs.set(job.jobId, job);
  }

  async countActive(): Promise<readonly ActiveJobCount[]> {
    return this.all()
      .filter(isActive)
      .map(({ kind, resourceType, accountId }) => ({ kind, resourceType, accountId, count: 1 }));
  }

  async nextClaimable(
    kinds: readonly JobKind[],
    now: number,
    exclusions: readonly Exclusion[],
  ): Promise<Job | undefined> {
    return this.#waiting(now)
      .filter((job) => kinds.includes(job.kind) && !this.#isBlocked(job))
      .filter((job) => hasBegun(job.kind, job.state) || !exclusions.some((exclusion) => matches(job, exclusion)))
      .filter((job) => hasBegun(job.kind, job.state) || job.startBy === undefined || job.startBy > now)
      .filter((job) => job.completeBy === undefined || job.completeBy > now)
      .sort((a, b) => rank(a) - rank(b) || a.dueAt - b.dueAt || (a.jobId < b.jobId ? -1 : 1))[0];
  }

  async listBlocked(kinds: readonly JobKind[], now: number): Promise<readonly Job[]> {
    return this.#waiting(now).filter(
      (job) => kinds.includes(job.kind) && job.state === 'CREATED' && this.#isBlocked(job),
    );
  }

  async listStartWindowOver(now: number): Promise<readonly Job[]> {
    return this.#waiting(Number.POSITIVE_INFINITY).filter(
      (job) => !hasBegun(job.kind, job.state) && job.startBy !== undefined && job.startBy <= now,
    );
  }

  async listCompletionWindowOver(now: number): Promise<readonly Job[]> {
    return this.#waiting(Number.POSITIVE_INFINITY).filter(
      (job) => job.completeBy !== undefined && job.completeBy <= now,
    );
  }

  async listLapsed(now: number): Promise<readonly Job[]> {
    return this.all().filter((job) => job.lease !== undefined && job.lease.expiresAt <= now);
  }

  #waiting(now: number): Job[] {
    return this.all().filter((job) => job.lease === undefined && !isEnded(job.kind, job.state) && job.dueAt <= now);
  }

  #isBlocked(job: Job): boolean {
    if (job.exclusiveKey === undefined) return false;
    return this.all().some(
      (other) => other.jobId !== job.jobId && other.exclusiveKey === job.exclusiveKey && isActive(other),
    );
  }
}

function isActive(job: Job): boolean {
  return job.lease !== undefined || hasBegun(job.kind, job.state);
}

function matches(job: Job, exclusion: Exclusion): boolean {
  return (
    job.kind === exclusion.kind &&
    (exclusion.resourceType === undefined || exclusion.resourceType === job.resourceType) &&
    (exclusion.accountId === undefined || exclusion.accountId === job.accountId)
  );
}

function rank(job: Job): number {
  return hasBegun(job.kind, job.state) ? 0 : 1;
}
