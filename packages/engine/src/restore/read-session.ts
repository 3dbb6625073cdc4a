import type { PayloadWorkers } from '../worker/payload-workers.ts';
import type { DecodeFrame, JobDone, PrepareFile, RestoreJob, VerifyFile } from '../worker/restore-protocol.ts';
import { SharedRooms } from './shared-rooms.ts';

type Job = RestoreJob | PrepareFile | VerifyFile | DecodeFrame;
/** A job without what the session fills in. */
export type JobRequest = Job extends infer J ? (J extends Job ? Omit<J, 'session' | 'job'> : never) : never;

const JOBS_PER_WORKER = 2;
/** For single frames: every chunk of the usual sizes fits. */
const FRAME_ROOMS = { fromBytes: 128 * 1024, roomBytes: 4 * 1024 * 1024 };

/** Sends jobs of one recovery point to the payload threads, a bounded number at a time. */
export class ReadSession {
  readonly rooms = new SharedRooms(FRAME_ROOMS);
  readonly #workers: PayloadWorkers;
  readonly #session: number;
  readonly #jobs = new Map<number, { readonly worker: number; readonly done: PromiseWithResolvers<JobDone> }>();
  readonly #load: number[];
  readonly #waiters: (() => void)[] = [];
  #nextJob = 1;
  #failure: Error | undefined;

  constructor(workers: PayloadWorkers, chunkIdKey: Uint8Array, dataKeys: ReadonlyMap<number, Uint8Array>) {
    this.#workers = workers;
    this.#load = new Array<number>(workers.threads).fill(0);
    this.#session = workers.openReadSession({
      onReport: (_, report) => {
        if (report.type === 'job-done') this.#onDone(report);
        else if (report.type === 'session-failed') this.#fail(new Error(`a payload thread failed: ${report.message}`));
      },
      onLost: (error) => this.#fail(error),
    });
    for (let worker = 0; worker < workers.threads; worker += 1) {
      workers.send(worker, { type: 'open-read', session: this.#session, chunkIdKey, dataKeys });
    }
  }

  #fail(error: Error): void {
    this.#failure ??= error;
    for (const { done } of this.#jobs.values()) done.reject(error);
    this.#jobs.clear();
    for (const wake of this.#waiters.splice(0)) wake();
  }

  #onDone(report: JobDone): void {
    const job = this.#jobs.get(report.job);
    if (job === undefined) return;
    this.#jobs.delete(report.job);
    this.#load[job.worker] = (this.#load[job.worker] ?? 1) - 1;
    this.#waiters.shift()?.();
    job.done.resolve(report);
  }

  get threads(): number {
    return this.#load.length;
  }

  /** Runs a job on the given thread at once, behind what waits there. Buffers in `transfer` are given away. */
  runOn(worker: number, request: JobRequest, transfer: readonly ArrayBuffer[] = []): Promise<JobDone> {
    if (this.#failure !== undefined) return Promise.reject(this.#failure);
    this.#load[worker] = (this.#load[worker] ?? 0) + 1;
    const job = this.#nextJob;
    this.#nextJob += 1;
    const done = Promise.withResolvers<JobDone>();
    this.#jobs.set(job, { worker, done });
    this.#workers.send(worker, { ...request, session: this.#session, job }, transfer);
    return done.promise;
  }

  /** Runs a job on the least busy thread. Buffers in `transfer` are given away. */
  async run(request: JobRequest, transfer: readonly ArrayBuffer[] = []): Promise<JobDone> {
    for (;;) {
      if (this.#failure !== undefined) throw this.#failure;
      const least = Math.min(...this.#load);
      if (least < JOBS_PER_WORKER) return this.runOn(this.#load.indexOf(least), request, transfer);
      await new Promise<void>((resolve) => this.#waiters.push(resolve));
    }
  }

  close(): void {
    this.#workers.closeSession(this.#session);
  }
}
