/** The workers of a bank, each a session of its own that calls `bank.work` until it is told to stop. */
export class Sessions {
  readonly #call: (worker: number) => Promise<unknown>;
  #running: Promise<unknown>[] = [];
  #last = 0;

  constructor(call: (worker: number) => Promise<unknown>) {
    this.#call = call;
  }

  /** Each session gets a number that no other one had. */
  begin(count: number): void {
    for (let each = 0; each < count; each += 1) {
      this.#last += 1;
      const running = this.#call(this.#last);
      // Whoever waits for the end hears of the failure.
      running.catch(() => undefined);
      this.#running.push(running);
    }
  }

  /** @throws the first failure of a session */
  async ended(): Promise<void> {
    await Promise.all(this.#running.splice(0));
  }

  /** After a crash of the server: sessions have failed, and nobody minds. */
  async lost(): Promise<void> {
    await Promise.allSettled(this.#running.splice(0));
  }
}
