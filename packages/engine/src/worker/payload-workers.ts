import { availableParallelism } from 'node:os';
import { Worker } from 'node:worker_threads';
import { EngineError } from '../engine-error.ts';
import type { WriteReport, WriteRequest } from './protocol.ts';
import type { RestoreReport, RestoreRequest } from './restore-protocol.ts';

export type WorkerRequest = WriteRequest | RestoreRequest;
export type WorkerReport = WriteReport | RestoreReport;

/** What a thread says before everything else: its modules are loaded. */
export interface WorkerLoaded {
  readonly type: 'loaded';
}

/** Receives what a worker reports about one session. */
export interface SessionListener {
  onReport(worker: number, report: WorkerReport): void;
  /** The thread died, or the pool was closed; the session is over. */
  onLost(error: Error): void;
}

const MAX_THREADS = 8;
/**
 * The young generation bounds not only small objects but also the buffers of compression and encryption that wait for
 * the garbage collector; the usual size would let each thread hold 64 MiB of them.
 */
const YOUNG_MIB = 12;
const OLD_MIB = 128;

/**
 * The payload threads of a process. Several repositories may share them; work is told apart by session. How many
 * sessions run at a time is bounded, since each has buffers in every thread.
 */
export class PayloadWorkers {
  readonly threads: number;
  readonly #workers: Worker[] = [];
  readonly #loaded: Promise<unknown>[] = [];
  readonly #listeners = new Map<number, SessionListener>();
  readonly #queue: (() => void)[] = [];
  readonly #seated = new Set<number>();
  #freeSeats: number;
  #nextSession = 1;
  #failure: Error | undefined;

  /** @param sessions how many sessions may run at a time */
  constructor(threads: number | undefined, sessions: number) {
    this.threads = threads ?? Math.min(MAX_THREADS, availableParallelism());
    this.#freeSeats = sessions;
    for (let index = 0; index < this.threads; index += 1) this.#workers.push(this.#start(index));
  }

  #start(index: number): Worker {
    const worker = new Worker(new URL('./payload-worker.ts', import.meta.url), {
      name: `holdfast-payload-${index}`,
      execArgv: ['--disable-warning=ExperimentalWarning'],
      resourceLimits: { maxYoungGenerationSizeMb: YOUNG_MIB, maxOldGenerationSizeMb: OLD_MIB },
    });
    // The first message says that the thread has loaded its modules; an error or its end settles the wait as well.
    this.#loaded.push(
      new Promise<void>((resolve) => {
        worker.once('message', () => resolve());
        worker.once('exit', () => resolve());
      }),
    );
    worker.on('message', (report: WorkerReport | WorkerLoaded) => {
      if (report.type !== 'loaded') this.#listeners.get(report.session)?.onReport(index, report);
    });
    worker.on('error', (error) => this.#lose(error instanceof Error ? error : new Error(String(error))));
    // Idle threads must not keep a process alive; a running session holds a promise on store or authority anyway.
    worker.unref();
    return worker;
  }

  #lose(error: Error): void {
    this.#failure ??= error;
    for (const listener of [...this.#listeners.values()]) listener.onLost(error);
    for (const wake of this.#queue.splice(0)) wake();
  }

  /** Waits for a seat and registers a session that writes. */
  async openSession(listener: SessionListener): Promise<number> {
    while (this.#freeSeats === 0 && this.#failure === undefined) {
      await new Promise<void>((resolve) => this.#queue.push(resolve));
    }
    const session = this.openReadSession(listener);
    this.#freeSeats -= 1;
    this.#seated.add(session);
    return session;
  }

  /** Registers a session that keeps no buffers between its jobs, and so needs no seat. */
  openReadSession(listener: SessionListener): number {
    if (this.#failure !== undefined) throw this.#failure;
    const session = this.#nextSession;
    this.#nextSession += 1;
    this.#listeners.set(session, listener);
    for (const worker of this.#workers) worker.ref();
    return session;
  }

  closeSession(session: number): void {
    if (!this.#listeners.delete(session)) return;
    for (let worker = 0; worker < this.threads; worker += 1) this.send(worker, { type: 'close-session', session });
    if (this.#listeners.size === 0) for (const worker of this.#workers) worker.unref();
    if (!this.#seated.delete(session)) return;
    this.#freeSeats += 1;
    this.#queue.shift()?.();
  }

  send(worker: number, message: WorkerRequest, transfer: readonly ArrayBuffer[] = []): void {
    this.#workers[worker]?.postMessage(message, [...transfer]);
  }

  /** Ends the threads. One that is still loading native code is let finish that: to end it there aborts the process. */
  async close(): Promise<void> {
    this.#lose(new EngineError('closed', 'the engine was closed'));
    for (const worker of this.#workers) worker.ref();
    await Promise.all(this.#loaded);
    await Promise.all(this.#workers.map((worker) => worker.terminate()));
  }
}
