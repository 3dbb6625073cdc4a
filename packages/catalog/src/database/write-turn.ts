/**
 * Hands out the one right to write, first come first served.
 *
 * SQLite lets one connection write at a time. Waiting for that inside the process, in order, is fair and leaves the
 * event loop free; waiting inside SQLite would block it.
 */
export class WriteTurn {
  #tail: Promise<void> = Promise.resolve();

  /** Waits for the turn. The caller must call the function it gets exactly once, whatever happens. */
  async take(): Promise<() => void> {
    const previous = this.#tail;
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#tail = promise;
    await previous;
    return resolve;
  }
}
