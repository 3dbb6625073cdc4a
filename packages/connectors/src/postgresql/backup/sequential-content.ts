import type { ContentSource } from '@holdfast/engine';

/**
 * The content of a file that lies in a stream with others: it can be read once, and before the next file comes. Whoever
 * takes an item either opens its content at once or never (because the parent recovery point has it already).
 */
export class SequentialContent {
  readonly source: ContentSource & { kind: 'stream' };
  readonly #taken = Promise.withResolvers<void>();
  #state: 'waiting' | 'opened' | 'passed' = 'waiting';

  constructor(open: () => AsyncIterable<Uint8Array>) {
    this.source = {
      kind: 'stream',
      open: (signal) => {
        if (this.#state !== 'waiting')
          throw new Error('the content of a streamed file can be read only once, in its turn');
        this.#state = 'opened';
        return this.#read(open(), signal);
      },
    };
  }

  async *#read(parts: AsyncIterable<Uint8Array>, signal: AbortSignal): AsyncGenerator<Uint8Array> {
    try {
      for await (const part of parts) {
        signal.throwIfAborted();
        yield part;
      }
    } finally {
      this.#taken.resolve();
    }
  }

  /** Called once the item was taken: resolves when the stream may move on. @throws the signal's reason when aborted */
  async passed(signal: AbortSignal): Promise<void> {
    if (this.#state === 'waiting') this.#state = 'passed';
    else {
      const abort = (): void => this.#taken.reject(signal.reason);
      signal.addEventListener('abort', abort, { once: true });
      await this.#taken.promise.finally(() => signal.removeEventListener('abort', abort));
    }
    signal.throwIfAborted();
  }
}
