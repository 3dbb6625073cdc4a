import type { BackgroundPort } from '@holdfast/control';
import type { Logger } from '../logger.ts';

/** Work that outlives its request, counted so that a stop can wait for it. */
export class BackgroundTasks implements BackgroundPort {
  readonly #running = new Set<Promise<void>>();
  readonly #log: Logger;

  constructor(log: Logger) {
    this.#log = log;
  }

  run(name: string, task: () => Promise<void>): void {
    const running = task()
      .catch((error: unknown) => this.#log.error({ err: error, task: name }, 'background work failed'))
      .finally(() => this.#running.delete(running));
    this.#running.add(running);
  }

  /** Waits until nothing runs any more, at most `graceMs`; false when the time was over first. */
  async settle(graceMs: number): Promise<boolean> {
    if (this.#running.size === 0) return true;
    let timer: NodeJS.Timeout | undefined;
    const timeOver = new Promise<false>((resolve) => {
      timer = setTimeout(() => resolve(false), graceMs);
    });
    const settled = await Promise.race([Promise.all(this.#running).then(() => true as const), timeOver]);
    clearTimeout(timer);
    return settled;
  }
}
