/**
 * How many requests may be in flight: one more for each round of answers, half as many when the store asks to slow down.
 * Of requests that were in flight together only the first complaint counts.
 */
export class AimdLimit {
  readonly #maximum: number;
  #limit: number;
  #active = 0;
  #epoch = 0;
  readonly #waiters: (() => void)[] = [];

  constructor(maximum: number, initial: number = Math.min(16, maximum)) {
    this.#maximum = maximum;
    this.#limit = initial;
  }

  /** The present limit, a whole number from 1. */
  get limit(): number {
    return Math.max(1, Math.floor(this.#limit));
  }

  /** Runs one request when a seat is free; `isThrottled` tells from its error whether the store asked to slow down. */
  async run<T>(work: () => Promise<T>, isThrottled: (error: unknown) => boolean): Promise<T> {
    while (this.#active >= this.limit) await new Promise<void>((resolve) => this.#waiters.push(resolve));
    this.#active += 1;
    const epoch = this.#epoch;
    try {
      const result = await work();
      this.#limit = Math.min(this.#maximum, this.#limit + 1 / this.#limit);
      return result;
    } catch (error) {
      if (isThrottled(error) && epoch === this.#epoch) {
        this.#limit = Math.max(1, this.#limit / 2);
        this.#epoch += 1;
      }
      throw error;
    } finally {
      this.#active -= 1;
      this.#wake();
    }
  }

  #wake(): void {
    const free = this.limit - this.#active;
    for (const waiter of this.#waiters.splice(0, Math.max(0, free))) waiter();
  }
}
