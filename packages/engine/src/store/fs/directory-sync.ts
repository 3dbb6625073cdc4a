import { open } from 'node:fs/promises';

/**
 * Makes names durable: `fsync` of directories, shared by everybody who asks while one is under way. A caller whose name
 * was linked before the call may rely on the returned promise; it never joins a sync that had begun earlier.
 */
export class DirectorySync {
  readonly #waiting = new Map<string, Promise<void>>();
  readonly #running = new Map<string, Promise<void>>();
  readonly #sync: (directory: string) => Promise<void>;

  constructor(sync: (directory: string) => Promise<void> = syncDirectory) {
    this.#sync = sync;
  }

  sync(directory: string): Promise<void> {
    const waiting = this.#waiting.get(directory);
    if (waiting !== undefined) return waiting;
    const promise = this.#runAfterCurrent(directory);
    this.#waiting.set(directory, promise);
    return promise;
  }

  async #runAfterCurrent(directory: string): Promise<void> {
    // One turn, so that callers of the same moment share; then until the sync under way has ended.
    await Promise.resolve();
    // Whoever waited for that one hears of its failure; this batch makes its own attempt.
    await this.#running.get(directory)?.catch(() => undefined);
    this.#waiting.delete(directory);
    const running = this.#sync(directory);
    this.#running.set(directory, running);
    try {
      await running;
    } finally {
      if (this.#running.get(directory) === running) this.#running.delete(directory);
    }
  }
}

async function syncDirectory(directory: string): Promise<void> {
  const handle = await open(directory, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}
