import type { GetOptions, Store } from '../store.ts';
import { ForwardingStore, type StoreCall } from './forwarding-store.ts';

export interface RateLimits {
  readonly requestsPerSecond?: number;
  readonly uploadBytesPerSecond?: number;
  readonly downloadBytesPerSecond?: number;
}

export interface RateLimitOptions extends RateLimits {
  readonly now: () => number;
  readonly sleep: (ms: number, signal: AbortSignal | undefined) => Promise<void>;
}

/**
 * Holds calls back so that rates stay below limits over any second or longer. A call larger than one second's worth is
 * let through when its turn comes and pays afterwards.
 */
export class RateLimitedStore extends ForwardingStore {
  readonly #requests: Budget | undefined;
  readonly #upload: Budget | undefined;
  readonly #download: Budget | undefined;
  readonly #options: RateLimitOptions;

  constructor(inner: Store, options: RateLimitOptions) {
    super(inner);
    this.#options = options;
    this.#requests = budget(options.requestsPerSecond, options.now);
    this.#upload = budget(options.uploadBytesPerSecond, options.now);
    this.#download = budget(options.downloadBytesPerSecond, options.now);
  }

  protected override async forward<T>(call: StoreCall, work: () => Promise<T>): Promise<T> {
    const pauses = [this.#requests?.take(1), call.bytesUp === undefined ? 0 : this.#upload?.take(call.bytesUp)];
    await this.#pause(Math.max(...pauses.map((pause) => pause ?? 0)), call.signal);
    return work();
  }

  override async get(key: string, options: GetOptions = {}): Promise<Uint8Array> {
    const known = options.range?.length ?? 0;
    await this.#pause(this.#download?.take(known) ?? 0, options.signal);
    const bytes = await super.get(key, options);
    this.#download?.take(bytes.byteLength - known);
    return bytes;
  }

  async #pause(ms: number, signal: AbortSignal | undefined): Promise<void> {
    if (ms > 0) await this.#options.sleep(ms, signal);
  }
}

/** A queue in time: each taker is told how long to wait until what was taken before it has been earned. */
class Budget {
  readonly #perMs: number;
  readonly #now: () => number;
  #freeAt: number;

  constructor(perSecond: number, now: () => number) {
    this.#perMs = perSecond / 1000;
    this.#now = now;
    this.#freeAt = now();
  }

  take(amount: number): number {
    const now = this.#now();
    const startAt = Math.max(now, this.#freeAt);
    this.#freeAt = startAt + amount / this.#perMs;
    return startAt - now;
  }
}

function budget(perSecond: number | undefined, now: () => number): Budget | undefined {
  return perSecond === undefined ? undefined : new Budget(perSecond, now);
}
