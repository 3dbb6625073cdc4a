import type {
  GetOptions,
  ListedObject,
  ObjectFacts,
  PutOptions,
  RequestOptions,
  Store,
  StoreProperties,
  StoreRetention,
  StoreTier,
} from '../store.ts';

/** Passes every call on, all through `forward`: decorators override that, or single calls. */
export class ForwardingStore implements Store {
  protected readonly inner: Store;

  constructor(inner: Store) {
    this.inner = inner;
  }

  get properties(): StoreProperties {
    return this.inner.properties;
  }

  /** Runs one call. `call` may be made again: it has no effect before it is called. */
  protected forward<T>(_call: StoreCall, work: () => Promise<T>): Promise<T> {
    return work();
  }

  put(key: string, body: readonly Uint8Array[], options: PutOptions): Promise<void> {
    const bytesUp = body.reduce((sum, part) => sum + part.byteLength, 0);
    return this.forward({ operation: 'put', key, bytesUp, ...signalOf(options) }, () =>
      this.inner.put(key, body, options),
    );
  }

  get(key: string, options: GetOptions = {}): Promise<Uint8Array> {
    return this.forward({ operation: 'get', key, ...signalOf(options) }, () => this.inner.get(key, options));
  }

  head(key: string, options: RequestOptions = {}): Promise<ObjectFacts> {
    return this.forward({ operation: 'head', key, ...signalOf(options) }, () => this.inner.head(key, options));
  }

  delete(key: string, options: RequestOptions = {}): Promise<void> {
    return this.forward({ operation: 'delete', key, ...signalOf(options) }, () => this.inner.delete(key, options));
  }

  /** Not through `forward`: a listing is a stream, and no decorator repeats or delays one. */
  list(prefix: string, options: RequestOptions = {}): AsyncIterable<ListedObject> {
    return this.inner.list(prefix, options);
  }

  extendRetention(key: string, retention: StoreRetention, options: RequestOptions = {}): Promise<void> {
    return this.forward({ operation: 'extendRetention', key, ...signalOf(options) }, () =>
      this.inner.extendRetention(key, retention, options),
    );
  }

  setHold(key: string, isHeld: boolean, options: RequestOptions = {}): Promise<void> {
    return this.forward({ operation: 'setHold', key, ...signalOf(options) }, () =>
      this.inner.setHold(key, isHeld, options),
    );
  }

  setTier(key: string, tier: StoreTier, options: RequestOptions = {}): Promise<void> {
    return this.forward({ operation: 'setTier', key, ...signalOf(options) }, () =>
      this.inner.setTier(key, tier, options),
    );
  }

  warmUp(key: string, forMs: number, options: RequestOptions = {}): Promise<void> {
    return this.forward({ operation: 'warmUp', key, ...signalOf(options) }, () =>
      this.inner.warmUp(key, forMs, options),
    );
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.inner[Symbol.asyncDispose]();
  }
}

export type StoreOperation = Exclude<keyof Store, 'properties' | 'list' | typeof Symbol.asyncDispose>;

/** What a decorator knows of a call before it is made. */
export interface StoreCall {
  readonly operation: StoreOperation;
  readonly key: string;
  /** Bytes that the call sends, for `put`. */
  readonly bytesUp?: number;
  readonly signal?: AbortSignal;
}

function signalOf({ signal }: RequestOptions): { signal?: AbortSignal } {
  return signal === undefined ? {} : { signal };
}
