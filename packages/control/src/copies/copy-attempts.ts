/** Attempts at a copy: each has a fence in the engine, by which the next one takes over what an earlier one had stored. */
import type { Job, JobOutcome } from '@holdfast/jobs';
import type { CopyJobRecord, CopyJobStore } from './copy-job-store.ts';
import type { CopyPorts } from './copy-ports.ts';

/** Remembers the fence of this attempt with the job, as soon as the engine names it. */
export class CopyAttempts {
  readonly earlier: readonly number[];
  readonly #copyJobs: Pick<CopyJobStore, 'setFacts'>;
  readonly #jobId: string;
  readonly #known: Set<number>;
  #writing: Promise<void> = Promise.resolve();
  #failure: unknown;

  constructor(copyJobs: Pick<CopyJobStore, 'setFacts'>, record: Pick<CopyJobRecord, 'jobId' | 'engineFences'>) {
    this.#copyJobs = copyJobs;
    this.#jobId = record.jobId;
    this.earlier = record.engineFences ?? [];
    this.#known = new Set(this.earlier);
  }

  /** Cheap; may be called with every progress. */
  note(fence: number): void {
    if (this.#known.has(fence)) return;
    this.#known.add(fence);
    const engineFences = [...this.#known];
    this.#writing = this.#writing
      .then(() => this.#copyJobs.setFacts(this.#jobId, { engineFences }))
      .catch((error: unknown) => {
        this.#failure ??= error;
      });
  }

  /** @throws what kept a fence from being written */
  async noted(): Promise<void> {
    await this.#writing;
    if (this.#failure !== undefined) throw this.#failure;
  }
}

/**
 * The engine gives what a vanished worker stored to the next attempt only when the vanished one can no longer write. So the
 * job waits for that once after each loss, without a worker; undefined when there is nothing to wait for.
 */
export async function waitForLostAttempt(
  ports: Pick<CopyPorts, 'copyJobs' | 'engineCopy'>,
  job: Pick<Job, 'jobId' | 'lossCount'>,
  record: Pick<CopyJobRecord, 'engineFences' | 'lossesWaitedFor'>,
): Promise<JobOutcome | undefined> {
  if (record.engineFences === undefined || job.lossCount <= (record.lossesWaitedFor ?? 0)) return undefined;
  await ports.copyJobs.setFacts(job.jobId, { lossesWaitedFor: job.lossCount });
  const message = 'The worker that ran the copy ended unexpectedly. The copy goes on from what it had stored.';
  return { result: 'wait', message, delayMs: ports.engineCopy.takeOverMs };
}
