import { checksumOf, checksumsEqual } from '../checksum.ts';
import type { PutOptions, Store } from '../store.ts';
import { isStoreError } from '../store-error.ts';
import { retentionCovers } from '../store-retention.ts';
import { ForwardingStore, type StoreCall } from './forwarding-store.ts';

export interface RetryOptions {
  /** Tries in all; default 8. */
  readonly attempts?: number;
  /** First pause; doubles each time. Default 100. */
  readonly baseDelayMs?: number;
  /** Default 20,000. */
  readonly maxDelayMs?: number;
  /** 0 to 1, injected: pauses are spread over the upper half of their length. */
  readonly random: () => number;
  readonly sleep: (ms: number, signal: AbortSignal | undefined) => Promise<void>;
  readonly onRetry?: (call: StoreCall, error: unknown, attempt: number) => void;
}

/**
 * Repeats calls that failed for reasons that pass. A PUT whose acknowledgement was lost meets its own object on the
 * second try: the object is compared, locked if its lock is missing, and the PUT counts as done.
 */
export class RetryingStore extends ForwardingStore {
  readonly #options: RetryOptions;

  constructor(inner: Store, options: RetryOptions) {
    super(inner);
    this.#options = options;
  }

  protected override async forward<T>(call: StoreCall, work: () => Promise<T>): Promise<T> {
    const attempts = this.#options.attempts ?? 8;
    for (let attempt = 1; ; attempt += 1) {
      try {
        return await work();
      } catch (error) {
        call.signal?.throwIfAborted();
        if (!isStoreError(error) || !error.isTransient || attempt >= attempts) throw error;
        this.#options.onRetry?.(call, error, attempt);
        await this.#options.sleep(Math.max(error.retryAfterMs ?? 0, this.#pauseMs(attempt)), call.signal);
      }
    }
  }

  override put(key: string, body: readonly Uint8Array[], options: PutOptions): Promise<void> {
    let attempt = 0;
    const bytesUp = body.reduce((sum, part) => sum + part.byteLength, 0);
    const { signal } = options;
    const call: StoreCall = { operation: 'put', key, bytesUp, ...(signal === undefined ? {} : { signal }) };
    return this.forward(call, async () => {
      attempt += 1;
      try {
        await this.inner.put(key, body, options);
      } catch (error) {
        const maybeOwn = attempt > 1 && isStoreError(error, 'already-exists');
        if (!maybeOwn || !(await this.#isStored(key, body, options))) throw error;
      }
    });
  }

  async #isStored(key: string, body: readonly Uint8Array[], options: PutOptions): Promise<boolean> {
    const request = options.signal === undefined ? {} : { signal: options.signal };
    const facts = await this.inner.head(key, request);
    const declared = this.properties.checksums === 'store' ? facts.checksum : undefined;
    const stored =
      declared?.algorithm === options.checksum.algorithm
        ? declared
        : checksumOf([await this.inner.get(key, request)], options.checksum.algorithm);
    const sizeBytes = body.reduce((sum, part) => sum + part.byteLength, 0);
    if (facts.sizeBytes !== sizeBytes || !checksumsEqual(stored, options.checksum)) return false;
    if (options.retention !== undefined && !retentionCovers(facts.retention, options.retention)) {
      await this.inner.extendRetention(key, options.retention, request);
    }
    return true;
  }

  #pauseMs(attempt: number): number {
    const longest = Math.min(
      (this.#options.baseDelayMs ?? 100) * 2 ** (attempt - 1),
      this.#options.maxDelayMs ?? 20_000,
    );
    return longest * (0.5 + this.#options.random() / 2);
  }
}
