import { mkdir, stat, statfs, unlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { bodyLength } from '../checksum.ts';
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
import { StoreError } from '../store-error.ts';
import { assertStoreKey } from '../store-key.ts';
import { isLocked } from '../store-retention.ts';
import { asStoreError } from './fs-errors.ts';
import { MARKER_FILE, TEMPORARY_DIRECTORY } from './fs-layout.ts';
import { FsLocation, writeMarker } from './fs-location.ts';
import { walkObjects } from './fs-walk.ts';
import { setImmutable } from './immutable-file.ts';
import { ignoreMissing, removeAbandonedFiles, temporaryName } from './temporary-files.ts';

export interface FsStoreOptions {
  readonly root: string;
  /** A second directory, on slower and cheaper disks, for the cold tier. */
  readonly coldRoot?: string;
  readonly now: () => number;
  /** Make a new store when the directory holds none. Without it a missing store is an error, never an empty one. */
  readonly create?: boolean;
  /** Bytes kept free for deletion and for other programs; default 1 % of the file system, at most 4 GiB. */
  readonly reserveBytes?: number;
}

const MAX_RESERVE_BYTES = 4 * 2 ** 30;

/**
 * Opens a directory as a store.
 * @throws StoreError `unavailable` when there is none and `create` is not set; `denied` without the rights
 */
export async function openFsStore(options: FsStoreOptions): Promise<Store> {
  const roots = [options.root, ...(options.coldRoot === undefined ? [] : [options.coldRoot])];
  try {
    for (const root of roots) await prepareRoot(root, options);
    const canLock = (await Promise.all(roots.map(probeImmutable))).every(Boolean);
    return new FsStore(options, canLock);
  } catch (error) {
    throw asStoreError(error, options.root, 'write');
  }
}

async function prepareRoot(root: string, { create, now }: FsStoreOptions): Promise<void> {
  const temporary = join(root, TEMPORARY_DIRECTORY);
  if ((await stat(join(root, MARKER_FILE)).catch(ignoreMissing)) === undefined) {
    if (create !== true) {
      throw new StoreError('unavailable', `${root} holds no Holdfast store: is its file system mounted?`);
    }
    await mkdir(temporary, { recursive: true, mode: 0o750 });
    await writeMarker(root);
  }
  await mkdir(temporary, { recursive: true, mode: 0o750 });
  await removeAbandonedFiles(temporary, now());
}

async function probeImmutable(root: string): Promise<boolean> {
  const path = join(root, TEMPORARY_DIRECTORY, temporaryName());
  await writeFile(path, 'probe', { flag: 'wx' });
  try {
    return (await setImmutable(path, true)) && (await setImmutable(path, false));
  } finally {
    await unlink(path).catch(ignoreMissing);
  }
}

/** Objects as plain files below a directory, and below a second one for the cold tier. */
class FsStore implements Store {
  readonly properties: StoreProperties;
  readonly #warm: FsLocation;
  readonly #cold: FsLocation | undefined;
  readonly #now: () => number;
  readonly #reserveBytes: number | undefined;

  constructor(options: FsStoreOptions, canLock: boolean) {
    this.#warm = new FsLocation(options.root);
    this.#cold = options.coldRoot === undefined ? undefined : new FsLocation(options.coldRoot);
    this.#now = options.now;
    this.#reserveBytes = options.reserveBytes;
    this.properties = {
      label: `file system ${options.root}`,
      maxObjectBytes: 2 ** 40,
      singlePutBytes: 2 ** 40,
      parallelRequests: 4,
      requestLatencyMs: 0.05,
      checksums: 'writer',
      putIfAbsent: 'atomic',
      retention: 'advisory',
      retentionMessage: canLock
        ? 'locked files are immutable (chattr +i), which the owner of this process could lift again'
        : 'locked files are only read-only: this user or file system does not allow chattr +i',
      legalHold: 'advisory',
      coldTier: options.coldRoot === undefined ? 'none' : 'instant',
    };
  }

  async put(key: string, body: readonly Uint8Array[], options: PutOptions): Promise<void> {
    await this.#call(key, 'write', options.signal, async () => {
      const tier = options.tier ?? 'warm';
      const [location, other] = tier === 'warm' ? [this.#warm, this.#cold] : [this.#coldOf(key), this.#warm];
      await this.#assertSpace(key, location, bodyLength(body), options.mayUseReserve === true);
      await assertAbsent(key, other);
      await location.put(key, body, options.checksum, options.retention, options.signal);
      try {
        await assertAbsent(key, other);
      } catch (error) {
        await location.remove(key, true);
        throw error;
      }
    });
  }

  async get(key: string, options: GetOptions = {}): Promise<Uint8Array> {
    return this.#call(key, 'read', options.signal, async () => {
      // The warm place is asked twice, for an object that moves back while the cold one is asked.
      for (const location of [this.#warm, this.#cold, this.#cold && this.#warm]) {
        const bytes = await location?.read(key, options);
        if (bytes !== undefined) return bytes;
      }
      throw await this.#notFound(key);
    });
  }

  async head(key: string, options: RequestOptions = {}): Promise<ObjectFacts> {
    return this.#call(key, 'read', options.signal, async () => {
      const { tier, facts } = await this.#find(key);
      return { ...facts, tier, availability: 'ready' };
    });
  }

  async delete(key: string, options: RequestOptions = {}): Promise<void> {
    await this.#call(key, 'write', options.signal, async () => {
      const found = await Promise.all(this.#locations().map(async (at) => ({ at, facts: await at.facts(key) })));
      const locks = found.map(({ facts }) => facts?.retention);
      if (found.some(({ facts }) => facts?.isHeld === true)) {
        throw new StoreError('locked', `${key} is under legal hold`, { key });
      }
      if (locks.some((lock) => isLocked(lock, this.#now()))) {
        const until = new Date(Math.max(...locks.map((lock) => lock?.untilAt ?? 0))).toISOString();
        throw new StoreError('locked', `${key} is locked until ${until}`, { key });
      }
      if (found.every(({ facts }) => facts === undefined)) await this.#warm.assertMountedFor(key);
      for (const { at, facts } of found) await at.remove(key, facts?.retention !== undefined);
    });
  }

  async *list(prefix: string, options: RequestOptions = {}): AsyncIterable<ListedObject> {
    options.signal?.throwIfAborted();
    for (const location of this.#locations()) await location.assertMountedFor(prefix);
    try {
      const roots = this.#locations().map(({ root }) => root);
      for await (const object of walkObjects(roots, prefix)) {
        options.signal?.throwIfAborted();
        yield object;
      }
    } catch (error) {
      throw asStoreError(error, prefix, 'read');
    }
  }

  async extendRetention(key: string, retention: StoreRetention, options: RequestOptions = {}): Promise<void> {
    await this.#call(key, 'write', options.signal, async () => {
      const { location } = await this.#find(key);
      await location.lock(key, retention);
    });
  }

  async setHold(key: string, isHeld: boolean, options: RequestOptions = {}): Promise<void> {
    await this.#call(key, 'write', options.signal, async () => {
      const { location } = await this.#find(key);
      await location.hold(key, isHeld);
    });
  }

  async setTier(key: string, tier: StoreTier, options: RequestOptions = {}): Promise<void> {
    await this.#call(key, 'write', options.signal, async () => {
      const { tier: held } = await this.#find(key);
      if (held === tier) return;
      const cold = this.#coldOf(key);
      const [from, to] = tier === 'cold' ? [this.#warm, cold] : [cold, this.#warm];
      await this.#assertSpace(key, to, (await from.facts(key))?.sizeBytes ?? 0, false);
      await to.moveFrom(from, key, options.signal);
    });
  }

  async warmUp(key: string, _forMs: number, options: RequestOptions = {}): Promise<void> {
    await this.head(key, options);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    // Files are opened per call; nothing is held.
  }

  async #call<T>(
    key: string,
    action: 'read' | 'write',
    signal: AbortSignal | undefined,
    work: () => Promise<T>,
  ): Promise<T> {
    signal?.throwIfAborted();
    assertStoreKey(key);
    try {
      return await work();
    } catch (error) {
      throw asStoreError(error, key, action);
    }
  }

  #locations(): FsLocation[] {
    return this.#cold === undefined ? [this.#warm] : [this.#warm, this.#cold];
  }

  #coldOf(key: string): FsLocation {
    if (this.#cold !== undefined) return this.#cold;
    throw new StoreError('unsupported', `this store has no cold tier for ${key}`, { key });
  }

  async #find(key: string) {
    for (const [location, tier] of [
      [this.#warm, 'warm'],
      [this.#cold, 'cold'],
      [this.#cold && this.#warm, 'warm'],
    ] as const) {
      const facts = await location?.facts(key);
      if (location !== undefined && facts !== undefined) return { location, tier, facts };
    }
    throw await this.#notFound(key);
  }

  async #notFound(key: string): Promise<StoreError> {
    for (const location of this.#locations()) await location.assertMountedFor(key);
    return new StoreError('not-found', `there is no ${key}`, { key });
  }

  async #assertSpace(key: string, { root }: FsLocation, sizeBytes: number, mayUseReserve: boolean): Promise<void> {
    const { bavail, blocks, bsize } = await statfs(root);
    const reserveBytes = this.#reserveBytes ?? Math.min((blocks * bsize) / 100, MAX_RESERVE_BYTES);
    const usable = bavail * bsize - (mayUseReserve ? 0 : reserveBytes);
    if (sizeBytes <= usable) return;
    throw new StoreError('no-space', `${root} has no room for ${sizeBytes} bytes of ${key}: free space or grow it`, {
      key,
    });
  }
}

async function assertAbsent(key: string, location: FsLocation | undefined): Promise<void> {
  if ((await location?.facts(key)) !== undefined) {
    throw new StoreError('already-exists', `${key} exists already in the other tier`, { key });
  }
}
