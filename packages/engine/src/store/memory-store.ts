import { assertChecksum, bodyLength } from './checksum.ts';
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
} from './store.ts';
import { StoreError } from './store-error.ts';
import { assertStoreKey } from './store-key.ts';
import { isLocked, laterRetention } from './store-retention.ts';

export interface MemoryStoreOptions {
  readonly now: () => number;
  /** How long a cold object takes to warm up; 0 (the default) makes the cold tier instant. */
  readonly warmUpMs?: number;
  /** Total bytes that fit; default unlimited. */
  readonly capacityBytes?: number;
  /** Part of the capacity that only `mayUseReserve` puts may use. */
  readonly reserveBytes?: number;
  readonly properties?: Partial<StoreProperties>;
}

interface StoredObject {
  readonly bytes: Uint8Array;
  readonly checksum: PutOptions['checksum'];
  readonly storedAt: number;
  tier: StoreTier;
  retention: StoreRetention | undefined;
  isHeld: boolean;
  /** When a cold object becomes readable and until when it stays so. */
  warm: { readonly fromAt: number; readonly untilAt: number } | undefined;
}

/** A store in memory, for tests and for simulations on a fake clock; honest about every obligation of `Store`. */
export class MemoryStore implements Store {
  readonly properties: StoreProperties;
  readonly #options: MemoryStoreOptions;
  readonly #objects = new Map<string, StoredObject>();
  #usedBytes = 0;

  constructor(options: MemoryStoreOptions) {
    this.#options = options;
    this.properties = {
      label: 'memory',
      maxObjectBytes: 2 ** 32,
      singlePutBytes: 2 ** 32,
      parallelRequests: 8,
      requestLatencyMs: 0,
      checksums: 'store',
      putIfAbsent: 'atomic',
      retention: 'enforced',
      legalHold: 'enforced',
      coldTier: (options.warmUpMs ?? 0) > 0 ? 'delayed' : 'instant',
      ...options.properties,
    };
  }

  /** How many bytes all objects hold now. */
  get usedBytes(): number {
    return this.#usedBytes;
  }

  async put(key: string, body: readonly Uint8Array[], options: PutOptions): Promise<void> {
    options.signal?.throwIfAborted();
    assertStoreKey(key);
    const sizeBytes = bodyLength(body);
    assertChecksum(key, body, options.checksum);
    if (this.#objects.has(key)) throw new StoreError('already-exists', `${key} exists already`, { key });
    this.#assertSpace(key, sizeBytes, options.mayUseReserve === true);
    const tier = options.tier ?? 'warm';
    this.#assertTier(key, tier);
    this.#objects.set(key, {
      bytes: new Uint8Array(Buffer.concat(body)),
      checksum: options.checksum,
      storedAt: this.#options.now(),
      tier,
      retention: this.properties.retention === 'none' ? undefined : options.retention,
      isHeld: false,
      warm: undefined,
    });
    this.#usedBytes += sizeBytes;
  }

  async get(key: string, options: GetOptions = {}): Promise<Uint8Array> {
    options.signal?.throwIfAborted();
    const object = this.#object(key);
    if (this.#availability(object) !== 'ready') {
      throw new StoreError('cold', `${key} is in the cold tier and must be warmed up first`, { key });
    }
    const { offset, length } = options.range ?? { offset: 0, length: object.bytes.byteLength };
    if (offset + length > object.bytes.byteLength) {
      throw new StoreError('corrupt', `${key} has no bytes ${offset} to ${offset + length}`, { key });
    }
    return object.bytes.slice(offset, offset + length);
  }

  async head(key: string, options: RequestOptions = {}): Promise<ObjectFacts> {
    options.signal?.throwIfAborted();
    const object = this.#object(key);
    return {
      sizeBytes: object.bytes.byteLength,
      storedAt: object.storedAt,
      tier: object.tier,
      availability: this.#availability(object),
      checksum: object.checksum,
      ...(object.retention === undefined ? {} : { retention: object.retention }),
      ...(object.isHeld ? { isHeld: true as const } : {}),
    };
  }

  async delete(key: string, options: RequestOptions = {}): Promise<void> {
    options.signal?.throwIfAborted();
    const object = this.#objects.get(key);
    if (object === undefined) return;
    if (object.isHeld) throw new StoreError('locked', `${key} is under legal hold`, { key });
    if (isLocked(object.retention, this.#options.now())) {
      throw new StoreError('locked', `${key} is locked until ${object.retention?.untilAt}`, { key });
    }
    this.#objects.delete(key);
    this.#usedBytes -= object.bytes.byteLength;
  }

  async *list(prefix: string, options: RequestOptions = {}): AsyncIterable<ListedObject> {
    const keys = [...this.#objects.keys()].filter((key) => key.startsWith(prefix)).sort();
    for (const key of keys) {
      options.signal?.throwIfAborted();
      const object = this.#objects.get(key);
      if (object !== undefined) yield { key, sizeBytes: object.bytes.byteLength, storedAt: object.storedAt };
    }
  }

  async extendRetention(key: string, retention: StoreRetention, options: RequestOptions = {}): Promise<void> {
    options.signal?.throwIfAborted();
    const object = this.#object(key);
    if (this.properties.retention !== 'none') object.retention = laterRetention(object.retention, retention);
  }

  async setHold(key: string, isHeld: boolean, options: RequestOptions = {}): Promise<void> {
    options.signal?.throwIfAborted();
    const object = this.#object(key);
    if (this.properties.legalHold !== 'none') object.isHeld = isHeld;
  }

  async setTier(key: string, tier: StoreTier, options: RequestOptions = {}): Promise<void> {
    options.signal?.throwIfAborted();
    const object = this.#object(key);
    this.#assertTier(key, tier);
    if (object.tier === tier) return;
    if (this.#availability(object) !== 'ready') {
      throw new StoreError('cold', `${key} must be warmed up before it can move`, { key });
    }
    object.tier = tier;
    object.warm = undefined;
  }

  async warmUp(key: string, forMs: number, options: RequestOptions = {}): Promise<void> {
    options.signal?.throwIfAborted();
    const object = this.#object(key);
    if (this.#availability(object) !== 'cold') return;
    const fromAt = this.#options.now() + (this.#options.warmUpMs ?? 0);
    object.warm = { fromAt, untilAt: fromAt + forMs };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    // Nothing is held open; the objects live as long as the store does.
  }

  /** Damages an object in place, as a bad disk would: XOR of one byte. For tests of verification and repair. */
  damage(key: string, offset: number): void {
    const { bytes } = this.#object(key);
    bytes[offset] = (bytes[offset] ?? 0) ^ 0x01;
  }

  /** Makes an object vanish whatever its lock says, as a lost disk would. */
  lose(key: string): void {
    this.#usedBytes -= this.#object(key).bytes.byteLength;
    this.#objects.delete(key);
  }

  #object(key: string): StoredObject {
    const object = this.#objects.get(key);
    if (object === undefined) throw new StoreError('not-found', `there is no ${key}`, { key });
    return object;
  }

  #availability(object: StoredObject): ObjectFacts['availability'] {
    if (object.tier === 'warm' || this.properties.coldTier === 'instant') return 'ready';
    const now = this.#options.now();
    if (object.warm === undefined || now >= object.warm.untilAt) return 'cold';
    return now < object.warm.fromAt ? 'warming' : 'ready';
  }

  #assertTier(key: string, tier: StoreTier): void {
    if (tier === 'warm' || this.properties.coldTier !== 'none') return;
    throw new StoreError('unsupported', `this store has no cold tier for ${key}`, { key });
  }

  #assertSpace(key: string, sizeBytes: number, mayUseReserve: boolean): void {
    const capacity = this.#options.capacityBytes ?? Number.POSITIVE_INFINITY;
    const usable = mayUseReserve ? capacity : capacity - (this.#options.reserveBytes ?? 0);
    if (this.#usedBytes + sizeBytes > usable) throw new StoreError('no-space', `no space for ${key}`, { key });
  }
}
