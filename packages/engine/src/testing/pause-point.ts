import { ForwardingStore, type StoreCall } from '../store/decorators/forwarding-store.ts';
import type { ListedObject, RequestOptions, Store } from '../store/store.ts';

/** Stops an operation before one of its calls to store or authority, until it is let go; counts the calls. */
export class PausePoint {
  readonly #at: number | undefined;
  readonly #reached = Promise.withResolvers<void>();
  readonly #released = Promise.withResolvers<void>();
  #calls = 0;

  constructor(at?: number) {
    this.#at = at;
  }

  get calls(): number {
    return this.#calls;
  }

  /** Resolves when the operation stands still. */
  get reached(): Promise<void> {
    return this.#reached.promise;
  }

  release(): void {
    this.#released.resolve();
  }

  async call<T>(work: () => Promise<T>): Promise<T> {
    const number = this.#calls;
    this.#calls += 1;
    if (number === this.#at) {
      this.#reached.resolve();
      await this.#released.promise;
    }
    return work();
  }
}

/** A store whose every call may be where the operation stops. */
export class PausingStore extends ForwardingStore {
  readonly #pause: PausePoint;

  constructor(inner: Store, pause: PausePoint) {
    super(inner);
    this.#pause = pause;
  }

  protected override forward<T>(_call: StoreCall, work: () => Promise<T>): Promise<T> {
    return this.#pause.call(work);
  }

  override async *list(prefix: string, options: RequestOptions = {}): AsyncIterable<ListedObject> {
    await this.#pause.call(async () => undefined);
    yield* super.list(prefix, options);
  }
}

/** The same for a port whose methods return promises, with its parts. */
export function pausing<Port extends object>(port: Port, pause: PausePoint): Port {
  return new Proxy(port, {
    get(target, property) {
      const value: unknown = Reflect.get(target, property, target);
      if (typeof value === 'object' && value !== null) return pausing(value, pause);
      if (typeof value !== 'function' || typeof property !== 'string') return value;
      return (...args: unknown[]) => pause.call(async () => Reflect.apply(value, target, args) as unknown);
    },
  });
}
