import type { GetOptions, Store } from '../store.ts';
import { ForwardingStore } from './forwarding-store.ts';

export interface CacheOptions {
  /** All cached bytes together. */
  readonly maxBytes: number;
  /** Answers larger than this are passed through; default a sixteenth of `maxBytes`. */
  readonly maxEntryBytes?: number;
  /** Which objects are worth it; default all. */
  readonly isWorthCaching?: (key: string) => boolean;
}

interface Entry {
  readonly key: string;
  readonly bytes: Uint8Array;
}

/**
 * Remembers what was read, the longest unused going first. Objects never change, so only deletion needs care. Readers of
 * the same range at the same time share one request.
 */
export class CachingStore extends ForwardingStore {
  readonly #options: CacheOptions;
  readonly #entries = new Map<string, Entry>();
  readonly #pending = new Map<string, Promise<Uint8Array>>();
  #usedBytes = 0;

  constructor(inner: Store, options: CacheOptions) {
    super(inner);
    this.#options = options;
  }

  get usedBytes(): number {
    return this.#usedBytes;
  }

  override async get(key: string, options: GetOptions = {}): Promise<Uint8Array> {
    options.signal?.throwIfAborted();
    if (this.#options.isWorthCaching?.(key) === false) return super.get(key, options);
    const name = `${key}:${options.range?.offset ?? ''}:${options.range?.length ?? ''}`;
    const cached = this.#entries.get(name);
    if (cached !== undefined) {
      this.#entries.delete(name);
      this.#entries.set(name, cached);
      return cached.bytes.slice();
    }
    // A caller that may give up must not take others with it: only calls without a signal share a request.
    if (options.signal !== undefined) return this.#remember(name, key, await super.get(key, options));
    const pending = this.#pending.get(name) ?? this.#fetch(name, key, options);
    return (await pending).slice();
  }

  override async delete(key: string, options: GetOptions = {}): Promise<void> {
    this.#forget(key);
    try {
      await super.delete(key, options);
    } finally {
      // Once more for what a reader put in while the deletion was under way.
      this.#forget(key);
    }
  }

  #fetch(name: string, key: string, options: GetOptions): Promise<Uint8Array> {
    const fetched = super.get(key, options).then((bytes) => this.#remember(name, key, bytes));
    this.#pending.set(name, fetched);
    const settle = (): void => {
      this.#pending.delete(name);
    };
    fetched.then(settle, settle);
    return fetched;
  }

  #remember(name: string, key: string, bytes: Uint8Array): Uint8Array {
    const limit = this.#options.maxEntryBytes ?? this.#options.maxBytes / 16;
    if (bytes.byteLength > limit || bytes.byteLength > this.#options.maxBytes) return bytes;
    this.#drop(name);
    this.#entries.set(name, { key, bytes: bytes.slice() });
    this.#usedBytes += bytes.byteLength;
    for (const oldest of this.#entries.keys()) {
      if (this.#usedBytes <= this.#options.maxBytes) break;
      this.#drop(oldest);
    }
    return bytes;
  }

  #forget(key: string): void {
    for (const [name, entry] of this.#entries) if (entry.key === key) this.#drop(name);
  }

  #drop(name: string): void {
    const entry = this.#entries.get(name);
    if (entry === undefined) return;
    this.#entries.delete(name);
    this.#usedBytes -= entry.bytes.byteLength;
  }
}
