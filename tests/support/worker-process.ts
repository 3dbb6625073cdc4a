/** A real worker in a process of its own, on the moved clock of a test, which may kill it at any moment. */
import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import type { RunningWorker } from '@holdfast/server';
import type { LoadedConfiguration } from '@holdfast/server/configuration';
import type { MovedClock } from './moved-clock.ts';

/** What the process is told: first everything, later only how far the clock was moved. */
export interface WorkerMessage {
  readonly configuration?: LoadedConfiguration;
  readonly offsetMs: number;
}

export class WorkerProcess {
  #child: ChildProcess | undefined;
  #startOne: (() => Promise<void>) | undefined;
  #output = '';

  /** Fits `startMovedServer`. */
  readonly start = async (configuration: LoadedConfiguration, clock: MovedClock): Promise<RunningWorker> => {
    this.#startOne = () => this.#fork(configuration, clock);
    clock.onMoved(() => this.#tell({ offsetMs: clock.offsetMs }));
    await this.#startOne();
    return { stop: () => this.#end('SIGTERM') };
  };

  /** As the kernel kills a process that is out of memory; returns when it is gone. */
  kill(): Promise<void> {
    return this.#end('SIGKILL');
  }

  /** Another worker in place of the killed one. */
  async startAgain(): Promise<void> {
    if (this.#startOne === undefined || this.#child !== undefined)
      throw new Error('there is no dead worker to replace');
    await this.#startOne();
  }

  /** What the workers printed so far. */
  output(): string {
    return this.#output;
  }

  async #fork(configuration: LoadedConfiguration, clock: MovedClock): Promise<void> {
    const { NODE_TEST_CONTEXT: _, ...env } = process.env;
    const child = fork(join(import.meta.dirname, 'worker-process-main.ts'), {
      env,
      stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    });
    this.#child = child;
    const collect = (chunk: Buffer): void => {
      this.#output += chunk.toString();
    };
    child.stdout?.on('data', collect);
    child.stderr?.on('data', collect);
    this.#tell({ configuration, offsetMs: clock.offsetMs });
    const [word] = await Promise.race([once(child, 'message'), once(child, 'exit')]);
    if (word !== 'started') throw new Error(`the worker did not start: ${this.#output}`);
  }

  #tell(message: WorkerMessage): void {
    // A worker that is just ending needs no clock any more.
    if (this.#child?.connected) this.#child.send({ ...message }, () => {});
  }

  async #end(signal: NodeJS.Signals): Promise<void> {
    const child = this.#child;
    this.#child = undefined;
    if (child === undefined || child.exitCode !== null || child.signalCode !== null) return;
    const ended = once(child, 'exit');
    child.kill(signal);
    await ended;
  }
}
