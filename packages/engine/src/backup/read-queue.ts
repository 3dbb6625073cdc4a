/** Reads that wait for a thread, and what they hold in memory; with more than this the source waits too. */
const WAITING_MAX = 1024;
const HELD_BYTES_MAX = 16 * 1024 * 1024;

/** Content that a payload thread will read. */
export interface QueuedRead {
  readonly sizeBytes: number;
  /** Memory that it takes while it waits: paths, or content that is here already. */
  readonly heldBytes: number;
  /** Hands it to the thread; must not throw. */
  begin(worker: number): void;
}

/**
 * Hands reads to the payload threads as their places come free. Every second thread takes the largest of what waits, the
 * others the next in order: large files, which are often media and bound by the disk, then run beside small ones, which
 * are bound by the processors, and none is left to one thread at the end. Content lies in packs in the order of its reads,
 * so the two kinds also come to lie in different packs.
 */
export class ReadQueue {
  readonly #takeSeat: () => Promise<number>;
  readonly #onError: (error: unknown) => void;
  #waiting: QueuedRead[] = [];
  #roomWaiters: (() => void)[] = [];
  #dispatching: Promise<void> | undefined;

  /**
   * @param takeSeat resolves to the thread that can take another read
   * @param onError gets what `takeSeat` throws; what waits is dropped then
   */
  constructor(takeSeat: () => Promise<number>, onError: (error: unknown) => void) {
    this.#takeSeat = takeSeat;
    this.#onError = onError;
  }

  /** @returns when another read may be added */
  async add(read: QueuedRead): Promise<void> {
    this.#waiting.push(read);
    this.#dispatching ??= this.#dispatch();
    while (this.#isFull()) await new Promise<void>((resolve) => this.#roomWaiters.push(resolve));
  }

  get isEmpty(): boolean {
    return this.#waiting.length === 0;
  }

  /** Resolves when nothing waits any more. */
  async empty(): Promise<void> {
    await this.#dispatching;
  }

  async #dispatch(): Promise<void> {
    try {
      while (this.#waiting.length > 0) {
        const worker = await this.#takeSeat();
        this.#take(worker)?.begin(worker);
        this.#wake();
      }
    } catch (error) {
      this.#waiting = [];
      this.#onError(error);
    } finally {
      this.#dispatching = undefined;
      this.#wake();
    }
  }

  #isFull(): boolean {
    if (this.#waiting.length >= WAITING_MAX) return true;
    return this.#waiting.reduce((sum, { heldBytes }) => sum + heldBytes, 0) > HELD_BYTES_MAX;
  }

  #take(worker: number): QueuedRead | undefined {
    if (worker % 2 === 0) return this.#waiting.shift();
    const most = this.#waiting.reduce((so, { sizeBytes }) => Math.max(so, sizeBytes), 0);
    const largest = this.#waiting.findIndex(({ sizeBytes }) => sizeBytes === most);
    return this.#waiting.splice(largest, 1)[0];
  }

  #wake(): void {
    for (const wake of this.#roomWaiters.splice(0)) wake();
  }
}
