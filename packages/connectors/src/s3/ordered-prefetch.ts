/** One result that is wanted later, in its turn. */
export interface PrefetchTask<T> {
  /** Memory that it may hold from its start until its result was taken. */
  readonly bytes: number;
  start(): Promise<T> | T;
}

export interface PrefetchLimits {
  readonly tasks: number;
  /** A single task may hold more. */
  readonly bytes: number;
}

/**
 * Starts tasks ahead of the reader and yields their results in the order of the tasks. The first failure, of a task or of
 * their source, ends it when its turn comes. Tasks that still run when the reader leaves are the caller's to abort.
 */
export async function* orderedPrefetch<T>(
  tasks: AsyncIterable<PrefetchTask<T>>,
  limits: PrefetchLimits,
): AsyncGenerator<T> {
  const window = new Window<T>(limits);
  const filling = fill(tasks, window);
  try {
    for (;;) {
      const next = await window.first();
      if (next === undefined) break;
      yield await next.result;
      window.drop(next);
    }
  } finally {
    window.stop();
    await filling;
  }
}

async function fill<T>(tasks: AsyncIterable<PrefetchTask<T>>, window: Window<T>): Promise<void> {
  try {
    for await (const task of tasks) {
      if (!(await window.hasRoomFor(task.bytes))) return;
      window.push({ bytes: task.bytes, result: task.start() });
    }
    window.end();
  } catch (error) {
    window.push({ bytes: 0, result: Promise.reject(error) });
  }
}

interface Started<T> {
  readonly bytes: number;
  readonly result: Promise<T> | T;
}

class Window<T> {
  readonly #limits: PrefetchLimits;
  #started: Started<T>[] = [];
  #head = 0;
  #bytes = 0;
  #isEnded = false;
  #isStopped = false;
  #wakeReader: (() => void) | undefined;
  #wakeFiller: (() => void) | undefined;

  constructor(limits: PrefetchLimits) {
    this.#limits = limits;
  }

  /** @returns false when the reader has left */
  async hasRoomFor(bytes: number): Promise<boolean> {
    while (!this.#isStopped && this.#isFullFor(bytes)) {
      await new Promise<void>((resolve) => {
        this.#wakeFiller = resolve;
      });
    }
    return !this.#isStopped;
  }

  #isFullFor(bytes: number): boolean {
    const count = this.#started.length - this.#head;
    return count >= this.#limits.tasks || (this.#bytes > 0 && this.#bytes + bytes > this.#limits.bytes);
  }

  push(started: Started<T>): void {
    // It is awaited in its turn; a failure until then must not count as unhandled.
    if (started.result instanceof Promise) started.result.catch(() => undefined);
    this.#started.push(started);
    this.#bytes += started.bytes;
    this.#wakeReader?.();
  }

  /** The next result; undefined at the end. */
  async first(): Promise<Started<T> | undefined> {
    while (this.#head === this.#started.length && !this.#isEnded) {
      await new Promise<void>((resolve) => {
        this.#wakeReader = resolve;
      });
    }
    return this.#started[this.#head];
  }

  drop({ bytes }: Started<T>): void {
    this.#bytes -= bytes;
    this.#head += 1;
    if (this.#head > 1024) {
      this.#started = this.#started.slice(this.#head);
      this.#head = 0;
    }
    this.#wakeFiller?.();
  }

  end(): void {
    this.#isEnded = true;
    this.#wakeReader?.();
  }

  stop(): void {
    this.#isStopped = true;
    this.#wakeFiller?.();
  }
}
