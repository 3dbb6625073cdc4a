import { ByteBudget } from './byte-budget.ts';

/** Runs tasks side by side, bounded in number and memory; the first failure stops the taking of more. */
export class TaskPool {
  readonly #most: number;
  readonly #budget: ByteBudget;
  readonly #running = new Set<Promise<void>>();
  #failure: { readonly error: unknown } | undefined;

  constructor(most: number, bytes: number) {
    this.#most = most;
    this.#budget = new ByteBudget(bytes);
  }

  /** Starts a task when there is room. @throws the failure of an earlier task */
  async add(bytes: number, task: () => Promise<void>): Promise<void> {
    while (this.#running.size >= this.#most) await Promise.race(this.#running);
    const held = await this.#budget.take(bytes);
    this.#throwIfFailed();
    const running = task()
      .catch((error: unknown) => {
        this.#failure ??= { error };
      })
      .finally(() => {
        this.#budget.give(held);
        this.#running.delete(running);
      });
    this.#running.add(running);
  }

  /** Waits for all. @throws the first failure */
  async finish(): Promise<void> {
    await this.settle();
    this.#throwIfFailed();
  }

  /** Waits for all, whatever became of them. */
  async settle(): Promise<void> {
    await Promise.all(this.#running);
  }

  #throwIfFailed(): void {
    if (this.#failure !== undefined) throw this.#failure.error;
  }
}
