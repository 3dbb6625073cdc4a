const TASKS_PER_WORKER = 3;

/** Places in the queues of the payload threads, so that each has work waiting and none has much. */
export class WorkerSeats {
  readonly #load: number[];
  readonly #waiters: (() => void)[] = [];

  constructor(workers: number) {
    this.#load = new Array<number>(workers).fill(0);
  }

  /**
   * Waits for a place in the queue of the least busy worker.
   * @param throwIfFailed called before and after each wait
   */
  async take(throwIfFailed: () => void): Promise<number> {
    for (;;) {
      throwIfFailed();
      const least = Math.min(...this.#load);
      if (least < TASKS_PER_WORKER) {
        const worker = this.#load.indexOf(least);
        this.#load[worker] = least + 1;
        return worker;
      }
      await new Promise<void>((resolve) => this.#waiters.push(resolve));
    }
  }

  leave(worker: number): void {
    this.#load[worker] = (this.#load[worker] ?? 1) - 1;
    this.#waiters.shift()?.();
  }

  /** Lets everybody look whether the session failed. */
  wakeAll(): void {
    for (const wake of this.#waiters.splice(0)) wake();
  }
}
