/**
 * The one interface between the engine and the place where bytes lie.
 *
 * An object is immutable: it is put once under a name that was never used before, read whole or in ranges, and deleted.
 * Nothing is ever overwritten, renamed or appended to, so no store needs more than "put if absent", and a reader never
 * sees half an object. Locks, leases and counters are not the store's business.
 *
 * Every method fails with a `StoreError` (see store-error.ts) or with the reason of its aborted signal, never with
 * another type, and has either had its whole effect or may be called again without harm. After an unclear failure
 * (`unavailable`, `throttled`, abort) the effect may or may not have happened: the caller repeats or asks `head`.
 */

/**
 * A name in a store: 1 to 240 characters, segments of `a-z`, `0-9`, `.`, `_` and `-` joined by `/`; no segment is empty
 * or begins with `.`. `assertStoreKey` in store-key.ts checks it.
 */
export type StoreKey = string;

/** Warm is readable at once; cold may need `warmUp` first, and is never chosen for anything but data packs. */
export type StoreTier = 'warm' | 'cold';

/**
 * The checksum of a whole object. CRC-32 (the IEEE polynomial of `node:zlib`'s `crc32`, 4 bytes big-endian) is what
 * every pack carries, since it costs next to nothing; SHA-256 is 32 bytes.
 */
export interface StoreChecksum {
  readonly algorithm: 'crc32' | 'sha256';
  readonly value: Uint8Array;
}

/**
 * A lock on one object. `governance` may be lifted by an administrator of the store, `compliance` by nobody; the engine
 * itself never lifts either and never shortens a date.
 */
export interface StoreRetention {
  readonly mode: 'governance' | 'compliance';
  /** Milliseconds since the epoch; stores may round up, never down. */
  readonly untilAt: number;
}

export interface RequestOptions {
  readonly signal?: AbortSignal;
}

export interface PutOptions extends RequestOptions {
  /** Of `body`'s concatenation; the store refuses the object when what arrived does not match. */
  readonly checksum: StoreChecksum;
  /** Default `warm`. */
  readonly tier?: StoreTier;
  /** Ignored where `properties.retention` is `none`: ask `head` or the properties before promising anything. */
  readonly retention?: StoreRetention;
  /** True for the few small objects that deletion itself must write: they may use the space kept free for it. */
  readonly mayUseReserve?: boolean;
}

export interface GetOptions extends RequestOptions {
  /** Absent: the whole object. A range that reaches beyond the end is `corrupt`, as every reader knows the lengths. */
  readonly range?: { readonly offset: number; readonly length: number };
  /** Memory that the caller lends: a store that can puts the bytes at its beginning if they fit, and returns that part. */
  readonly room?: Uint8Array;
}

export interface ObjectFacts {
  readonly sizeBytes: number;
  readonly storedAt: number;
  readonly tier: StoreTier;
  /** `ready`: `get` works now. `cold`: call `warmUp`. `warming`: asked for, not there yet. */
  readonly availability: 'ready' | 'cold' | 'warming';
  /** As remembered by the store from the PUT; absent where the store keeps none (see `properties.checksums`). */
  readonly checksum?: StoreChecksum;
  /** The lock as the store holds it now, absent when it holds none. */
  readonly retention?: StoreRetention;
  /** True while a legal hold stands in the store; absent otherwise. */
  readonly isHeld?: true;
}

export interface ListedObject {
  readonly key: StoreKey;
  readonly sizeBytes: number;
  readonly storedAt: number;
}

/** What a store can do, declared, so that nobody asks for its type. */
export interface StoreProperties {
  /** For messages and reports only, for example `file system /srv/vaults` or `s3 bucket backup/prefix`. */
  readonly label: string;
  readonly maxObjectBytes: number;
  /** Above this size one PUT becomes several requests. */
  readonly singlePutBytes: number;
  /** How many requests the caller should keep in flight. */
  readonly parallelRequests: number;
  /** What a range request costs beyond its bytes, as a first guess for planners: they merge gaps cheaper than this. */
  readonly requestLatencyMs: number;
  /**
   * `store`: the store compares the checksum on PUT and gives it back in `head` from its own memory. `writer`: this
   * side compared it and `head` repeats what was declared.
   */
  readonly checksums: 'store' | 'writer';
  /**
   * `atomic`: of many puts of one key at the same time exactly one wins. `checked`: the key is looked up first, so that
   * only puts at the very same time could both succeed. The engine never races on a key either way.
   */
  readonly putIfAbsent: 'atomic' | 'checked';
  /**
   * `enforced`: nobody without rights above the store's can delete a locked object. `advisory`: this code refuses, but
   * other programs with the same rights could delete. `none`: retention is ignored.
   */
  readonly retention: 'enforced' | 'advisory' | 'none';
  /** Why `retention` is less than `enforced`, for the operator. */
  readonly retentionMessage?: string;
  /** Whether the store keeps legal holds on objects, in the sense of `retention`. `none`: `setHold` does nothing. */
  readonly legalHold: 'enforced' | 'advisory' | 'none';
  /** `none`: `tier` must be warm. `instant`: cold objects read at once. `delayed`: they need `warmUp`, for hours. */
  readonly coldTier: 'none' | 'instant' | 'delayed';
}

export interface Store extends AsyncDisposable {
  readonly properties: StoreProperties;

  /**
   * Stores a new object. Resolves only when the bytes, the name and the lock would survive a loss of power; whoever
   * calls `get` after that, from anywhere, gets them. Calls may overlap freely; durability of overlapping calls is
   * shared, so keep several in flight. The buffers are not kept or changed after the promise settles.
   *
   * @throws StoreError `already-exists` when the key is taken, whatever its content; the old object is untouched
   * @throws StoreError `corrupt` when body and checksum disagree; nothing is stored
   * @throws StoreError `no-space`, `throttled`, `unavailable`, `denied`; nothing half-written is ever visible
   */
  put(key: StoreKey, body: readonly Uint8Array[], options: PutOptions): Promise<void>;

  /**
   * Reads an object or a range of it; the buffer belongs to the caller.
   *
   * @throws StoreError `not-found`; `cold` when it must be warmed first; `corrupt` when the object is shorter than the
   * range asks, or is known to be damaged
   */
  get(key: StoreKey, options?: GetOptions): Promise<Uint8Array>;

  /** Facts without content. @throws StoreError `not-found` */
  head(key: StoreKey, options?: RequestOptions): Promise<ObjectFacts>;

  /**
   * Deletes an object for good, every version of it. What is not there counts as deleted. Needs no free space.
   * @throws StoreError `locked` while a lock or a legal hold stands; the object is untouched
   */
  delete(key: StoreKey, options?: RequestOptions): Promise<void>;

  /**
   * Everything whose key begins with `prefix`, in byte order of keys. For disaster recovery, reconciliation and tests:
   * never on the way of a backup, restore or collection. May miss objects that are put or deleted meanwhile.
   */
  list(prefix: string, options?: RequestOptions): AsyncIterable<ListedObject>;

  /**
   * Locks an object, or moves its lock to a later date. An earlier date or a weaker mode than what stands changes
   * nothing. Does nothing where `properties.retention` is `none`.
   * @throws StoreError `not-found`
   */
  extendRetention(key: StoreKey, retention: StoreRetention, options?: RequestOptions): Promise<void>;

  /**
   * Places the store's own legal hold on an object, or lifts it: one flag, which names nobody and has no date. Repeating
   * changes nothing. Does nothing where `properties.legalHold` is none.
   * @throws StoreError `not-found`
   */
  setHold(key: StoreKey, isHeld: boolean, options?: RequestOptions): Promise<void>;

  /**
   * Moves an object between tiers; content, key and lock stay. Reading works all the time, except that an object in a
   * `delayed` cold tier needs `warmUp` afterwards, and must be warmed before it can move back.
   * @throws StoreError `not-found`; `cold`; `unsupported` where there is no cold tier; `locked` where the store would
   * have to delete the old copy and its lock forbids that (versioned buckets)
   */
  setTier(key: StoreKey, tier: StoreTier, options?: RequestOptions): Promise<void>;

  /**
   * Asks for a cold object to be readable for at least `forMs`; watch `head` until it is `ready`. Repeating is harmless;
   * does nothing to what is ready.
   * @throws StoreError `not-found`
   */
  warmUp(key: StoreKey, forMs: number, options?: RequestOptions): Promise<void>;
}
