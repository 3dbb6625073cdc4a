import { setTimeout as wait } from 'node:timers/promises';

export interface BandwidthLimitOptions {
  readonly bytesPerSecond: number;
  /** Current time in ms; only differences count. */
  now(): number;
  /** Default: a timer that ends early, by the signal's reason, when the signal aborts. */
  sleep?(ms: number, signal: AbortSignal): Promise<void>;
}

/**
 * A rate in bytes per second that everything which reads from one source shares, so that a backup does not hurt it. What
 * is larger than one second's worth passes when its turn comes and is paid for by those who come after.
 */
export class BandwidthLimit {
  readonly #options: BandwidthLimitOptions;
  #freeAt: number;

  /** @throws RangeError for a rate that is not positive */
  constructor(options: BandwidthLimitOptions) {
    if (!(options.bytesPerSecond > 0)) throw new RangeError('a bandwidth limit must be more than 0 bytes per second');
    this.#options = options;
    this.#freeAt = options.now();
  }

  /** Resolves when the bytes may be moved; callers are served in the order of their calls. */
  async take(bytes: number, signal: AbortSignal): Promise<void> {
    signal.throwIfAborted();
    const now = this.#options.now();
    const startAt = Math.max(now, this.#freeAt);
    this.#freeAt = startAt + (bytes * 1000) / this.#options.bytesPerSecond;
    if (startAt > now) await (this.#options.sleep ?? sleepUnlessAborted)(startAt - now, signal);
  }

  /** The same bytes, no faster than the limit: the reader is held back, and with it the source. */
  async *limited(bytes: AsyncIterable<Uint8Array>, signal: AbortSignal): AsyncGenerator<Uint8Array> {
    for await (const part of bytes) {
      await this.take(part.byteLength, signal);
      yield part;
    }
  }
}

async function sleepUnlessAborted(ms: number, signal: AbortSignal): Promise<void> {
  try {
    await wait(ms, undefined, { signal });
  } catch (error) {
    signal.throwIfAborted();
    throw error;
  }
}
