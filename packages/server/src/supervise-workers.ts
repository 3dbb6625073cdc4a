/**
 * Keeps worker processes alive beside the server: payload never runs in the process that answers requests, and a
 * worker that dies (or is killed) takes nothing with it but its leases.
 */
import { type ChildProcess, spawn } from 'node:child_process';

/** The part of the logger that the supervisor needs. */
interface SupervisorLog {
  info(fields: object, message: string): void;
  warn(fields: object, message: string): void;
}

export interface SupervisorOptions {
  readonly processes: number;
  /** Program and arguments of one worker. */
  readonly command: readonly string[];
  readonly log: SupervisorLog;
  /** First pause before a dead worker is started again, in ms; doubles up to `maxRestartMs` while it keeps dying. */
  readonly restartMs?: number;
  readonly maxRestartMs?: number;
}

export interface Supervisor {
  /** Process ids of the workers that run now. */
  pids(): number[];
  /** Tells the workers that a job was written; they would find it by themselves a little later. */
  wake(): void;
  /** Asks every worker to hand back its work, kills those that are still there after `graceMs`. */
  stop(graceMs: number): Promise<void>;
}

/** Starts the workers. */
export function superviseWorkers(options: SupervisorOptions): Supervisor {
  const slots = Array.from({ length: options.processes }, () => new WorkerSlot(options));
  for (const slot of slots) slot.start();
  return {
    pids: () => slots.map((slot) => slot.pid).filter((pid) => pid !== undefined),
    wake: () => {
      for (const slot of slots) slot.wake();
    },
    stop: async (graceMs) => {
      await Promise.all(slots.map((slot) => slot.stop(graceMs)));
    },
  };
}

class WorkerSlot {
  readonly #options: SupervisorOptions;
  #child: ChildProcess | undefined;
  #timer: NodeJS.Timeout | undefined;
  #pauseMs: number;
  #stopping = false;

  constructor(options: SupervisorOptions) {
    this.#options = options;
    this.#pauseMs = options.restartMs ?? 1000;
  }

  get pid(): number | undefined {
    return this.#child?.pid;
  }

  start(): void {
    const [program = process.execPath, ...args] = this.#options.command;
    const startedAt = process.uptime();
    // The worker watches its end of the IPC channel: when the server is killed, the channel closes and the worker ends.
    const child = spawn(program, args, { stdio: ['ignore', 'inherit', 'inherit', 'ipc'] });
    this.#child = child;
    child.once('error', (error) => this.#ended(startedAt, error.message));
    child.once('exit', (code, signal) => this.#ended(startedAt, signal ?? `exit code ${code}`));
  }

  wake(): void {
    // A worker that ends at this very moment cannot be told; whoever takes its place looks by itself.
    if (this.#child?.connected) this.#child.send('wake', () => {});
  }

  #ended(startedAt: number, how: string): void {
    if (this.#child === undefined) return;
    const { pid } = this.#child;
    this.#child = undefined;
    if (this.#stopping) return;
    const ranLong = process.uptime() - startedAt > 60;
    this.#pauseMs = ranLong
      ? (this.#options.restartMs ?? 1000)
      : Math.min(this.#pauseMs * 2, this.#options.maxRestartMs ?? 30_000);
    this.#options.log.warn({ pid, how, restartInMs: this.#pauseMs }, 'a worker process ended unexpectedly');
    this.#timer = setTimeout(() => this.start(), this.#pauseMs);
  }

  stop(graceMs: number): Promise<void> {
    this.#stopping = true;
    clearTimeout(this.#timer);
    const child = this.#child;
    if (child === undefined || child.exitCode !== null) return Promise.resolve();
    return new Promise((resolve) => {
      const kill = setTimeout(() => {
        this.#options.log.warn({ pid: child.pid }, 'a worker did not hand back its work in time and was killed');
        child.kill('SIGKILL');
      }, graceMs);
      child.once('exit', () => {
        clearTimeout(kill);
        resolve();
      });
      child.kill('SIGTERM');
    });
  }
}
