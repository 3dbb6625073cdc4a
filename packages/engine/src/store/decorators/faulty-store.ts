import { checksumOf } from '../checksum.ts';
import type { GetOptions, ListedObject, ObjectFacts, PutOptions, RequestOptions, Store } from '../store.ts';
import { isStoreError, StoreError, type StoreErrorCode } from '../store-error.ts';
import { ForwardingStore, type StoreCall, type StoreOperation } from './forwarding-store.ts';

export type Fault =
  /** The call fails and has no effect. */
  | { readonly kind: 'error'; readonly code: StoreErrorCode }
  /** The call has its effect, but the caller hears of a failure. */
  | { readonly kind: 'lost-acknowledgement' }
  /** The call has its effect twice, as after a retry somewhere on the way; the caller sees the first outcome. */
  | { readonly kind: 'duplicate' }
  /** Only the first part of a PUT's bytes is stored, and the caller hears `reported`. A store that breaks its contract. */
  | { readonly kind: 'torn-write'; readonly keptBytes: number; readonly reported: 'success' | 'failure' }
  /** The call is made only after a while on the injected clock. */
  | { readonly kind: 'delay'; readonly ms: number };

/** One line of the script. */
export interface FaultRule {
  readonly operation?: StoreOperation;
  readonly key?: RegExp;
  /** Which of the matching calls, counted from 1; default every one. */
  readonly nth?: number;
  readonly fault: Fault;
}

export interface FaultyStoreOptions {
  readonly rules?: readonly FaultRule[];
  readonly sleep?: (ms: number) => Promise<void>;
  /** Puts beyond this many bytes in all fail with `no-space`; those that may use the reserve do not. */
  readonly fullAfterBytes?: number;
  /**
   * Eventual consistency: for this many further calls of the store a new object is not seen by `get`, `head` and `list`,
   * and a deleted one still is by `list`. Beyond what `Store` allows; for tests that need to know what would happen.
   */
  readonly staleCalls?: number;
}

/** A store that fails by script; everything that the script does not name works. For tests. */
export class FaultyStore extends ForwardingStore {
  readonly #options: FaultyStoreOptions;
  readonly #matches = new Map<FaultRule, number>();
  readonly #fresh = new Map<string, number>();
  readonly #gone = new Map<string, { readonly object: ListedObject; readonly until: number }>();
  readonly #log: StoreCall[] = [];
  #storedBytes = 0;

  constructor(inner: Store, options: FaultyStoreOptions = {}) {
    super(inner);
    this.#options = options;
  }

  /** Every call so far, in order. */
  get calls(): readonly StoreCall[] {
    return this.#log;
  }

  protected override async forward<T>(call: StoreCall, work: () => Promise<T>): Promise<T> {
    this.#log.push(call);
    const fault = this.#faultFor(call);
    if (fault === undefined || fault.kind === 'torn-write') return work();
    if (fault.kind === 'error') throw scripted(fault.code, call);
    if (fault.kind === 'delay') await this.#options.sleep?.(fault.ms);
    const result = await work();
    if (fault.kind === 'lost-acknowledgement') throw scripted('unavailable', call);
    if (fault.kind === 'duplicate') {
      await work().catch((error: unknown) => {
        if (!isStoreError(error)) throw error;
      });
    }
    return result;
  }

  override async put(key: string, body: readonly Uint8Array[], options: PutOptions): Promise<void> {
    const bytes = Buffer.concat(body);
    this.#assertSpace(key, bytes.byteLength, options.mayUseReserve === true);
    const rule = this.#peek({ operation: 'put', key });
    if (rule?.fault.kind === 'torn-write') {
      const kept = [bytes.subarray(0, rule.fault.keptBytes)];
      await super.put(key, kept, { ...options, checksum: checksumOf(kept, options.checksum.algorithm) });
      if (rule.fault.reported === 'failure') throw scripted('unavailable', { operation: 'put', key });
      return;
    }
    await super.put(key, body, options);
    this.#storedBytes += bytes.byteLength;
    if (this.#options.staleCalls !== undefined) this.#fresh.set(key, this.#log.length + this.#options.staleCalls);
  }

  override async get(key: string, options: GetOptions = {}): Promise<Uint8Array> {
    this.#assertVisible(key);
    return super.get(key, options);
  }

  override async head(key: string, options: RequestOptions = {}): Promise<ObjectFacts> {
    this.#assertVisible(key);
    return super.head(key, options);
  }

  override async delete(key: string, options: RequestOptions = {}): Promise<void> {
    const staleCalls = this.#options.staleCalls;
    const facts = staleCalls === undefined ? undefined : await this.inner.head(key).catch(() => undefined);
    await super.delete(key, options);
    if (facts === undefined || staleCalls === undefined) return;
    const object = { key, sizeBytes: facts.sizeBytes, storedAt: facts.storedAt };
    this.#gone.set(key, { object, until: this.#log.length + staleCalls });
  }

  override async *list(prefix: string, options: RequestOptions = {}): AsyncIterable<ListedObject> {
    const stale = [...this.#gone.values()].filter(({ until }) => this.#log.length < until).map(({ object }) => object);
    const listed = stale.filter(({ key }) => key.startsWith(prefix));
    for await (const object of super.list(prefix, options)) if (this.#isVisible(object.key)) listed.push(object);
    yield* listed.sort((a, b) => (a.key < b.key ? -1 : 1));
  }

  #isVisible(key: string): boolean {
    return this.#log.length >= (this.#fresh.get(key) ?? 0);
  }

  #assertVisible(key: string): void {
    if (this.#isVisible(key)) return;
    this.#log.push({ operation: 'get', key });
    throw new StoreError('not-found', `${key} is not visible yet`, { key });
  }

  #assertSpace(key: string, sizeBytes: number, mayUseReserve: boolean): void {
    const limit = this.#options.fullAfterBytes;
    if (limit === undefined || mayUseReserve || this.#storedBytes + sizeBytes <= limit) return;
    throw new StoreError('no-space', `the disk is full (scripted), no room for ${key}`, { key });
  }

  #faultFor(call: StoreCall): Fault | undefined {
    let fault: Fault | undefined;
    for (const rule of this.#options.rules ?? []) {
      if (!concerns(rule, call)) continue;
      const count = (this.#matches.get(rule) ?? 0) + 1;
      this.#matches.set(rule, count);
      if (rule.nth === undefined || rule.nth === count) fault ??= rule.fault;
    }
    return fault;
  }

  /** The rule that the next such call will meet, without counting it. */
  #peek(call: StoreCall): FaultRule | undefined {
    return this.#options.rules?.find(
      (rule) => concerns(rule, call) && (rule.nth === undefined || rule.nth === (this.#matches.get(rule) ?? 0) + 1),
    );
  }
}

function concerns(rule: FaultRule, call: StoreCall): boolean {
  return (rule.operation ?? call.operation) === call.operation && (rule.key?.test(call.key) ?? true);
}

function scripted(code: StoreErrorCode, { operation, key }: StoreCall): StoreError {
  return new StoreError(code, `${operation} of ${key} failed by script: ${code}`, { key });
}
