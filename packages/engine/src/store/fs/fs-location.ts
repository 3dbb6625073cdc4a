import { constants, link, mkdir, open, rename, stat, unlink } from 'node:fs/promises';
import { join } from 'node:path';
import { checksumOf } from '../checksum.ts';
import type { GetOptions, StoreChecksum, StoreRetention } from '../store.ts';
import { StoreError } from '../store-error.ts';
import { laterRetention } from '../store-retention.ts';
import { openFor, readDirect } from './direct-file.ts';
import { DirectorySync } from './directory-sync.ts';
import { errnoOf } from './fs-errors.ts';
import { MARKER_FILE, type ObjectPath, objectPath, TEMPORARY_DIRECTORY } from './fs-layout.ts';
import { isImmutable, setImmutable } from './immutable-file.ts';
import { type LockRecord, readLockRecord, writeLockRecord } from './lock-record.ts';
import { ignoreMissing, temporaryName } from './temporary-files.ts';
import { writeNewFile } from './write-file.ts';

const LARGE_READ_BYTES = 64 * 1024 * 1024;

export interface FileFacts {
  readonly sizeBytes: number;
  readonly storedAt: number;
  readonly retention?: StoreRetention;
  readonly isHeld?: true;
}

/**
 * One directory tree with objects in it. A new object is written under a temporary name, compared with its checksum on
 * the way, synced, linked to its name (which never replaces anything) and made durable by a sync of the directory.
 */
export class FsLocation {
  readonly root: string;
  readonly #directories = new Set<string>();
  readonly #sync = new DirectorySync();

  constructor(root: string) {
    this.root = root;
  }

  async put(
    key: string,
    body: readonly Uint8Array[],
    checksum: StoreChecksum,
    retention: StoreRetention | undefined,
    signal: AbortSignal | undefined,
  ): Promise<void> {
    const path = objectPath(this.root, key);
    if ((await stat(path.file).catch(ignoreMissing)) !== undefined) throw exists(key);
    await this.#assertMounted();
    await this.#ensureDirectories(path);
    const temporary = this.#temporaryPath();
    try {
      await writeNewFile(temporary, key, body, checksum, signal);
      await link(temporary, path.file);
    } catch (error) {
      throw errnoOf(error) === 'EEXIST' ? exists(key) : error;
    } finally {
      await unlink(temporary).catch(ignoreMissing);
    }
    if (retention !== undefined) await this.#writeLock(path, { retention });
    await this.#sync.sync(path.directory);
  }

  /** The bytes, or undefined when there is no such object. */
  async read(key: string, options: GetOptions): Promise<Uint8Array | undefined> {
    const path = objectPath(this.root, key).file;
    const range = options.range ?? { offset: 0, length: (await stat(path).catch(ignoreMissing))?.size };
    const { offset, length } = range;
    if (length === undefined) return undefined;
    const opened = await openFor(path, constants.O_RDONLY, length).catch(ignoreMissing);
    if (opened === undefined) return undefined;
    const { handle, isDirect } = opened;
    try {
      // A length that was read from a damaged object must not decide how much memory is taken.
      const isLarge = length > LARGE_READ_BYTES;
      if (isLarge && offset + length > (await handle.stat()).size) {
        throw new StoreError('corrupt', `${key} ends before byte ${offset + length}`, { key });
      }
      const { room } = options;
      // Every byte is read over, so clearing them first would cost time for nothing.
      const fresh = () => new Uint8Array(Buffer.allocUnsafeSlow(length).buffer);
      const bytes = room !== undefined && room.length >= length ? room.subarray(0, length) : fresh();
      let done = 0;
      if (isDirect) {
        const take = (piece: Buffer) => {
          bytes.set(piece, done);
          done += piece.length;
        };
        await readDirect(handle, offset, length, take, options.signal);
      } else {
        for (let read = -1; read !== 0 && done < length; done += read) {
          options.signal?.throwIfAborted();
          read = (await handle.read(bytes, done, length - done, offset + done)).bytesRead;
        }
      }
      if (done < length) throw new StoreError('corrupt', `${key} ends before byte ${offset + length}`, { key });
      return bytes;
    } finally {
      await handle.close();
    }
  }

  async facts(key: string): Promise<FileFacts | undefined> {
    const path = objectPath(this.root, key);
    const file = await stat(path.file).catch(ignoreMissing);
    if (file === undefined) return undefined;
    const record = await readLockRecord(path.lockRecord);
    return { sizeBytes: file.size, storedAt: Math.floor(file.mtimeMs), ...record };
  }

  /** Removes an object whose lock the caller has judged; the lock record goes last, so that no lock is lost early. */
  async remove(key: string, lockHasPassed: boolean): Promise<void> {
    const path = objectPath(this.root, key);
    if ((await stat(path.file).catch(ignoreMissing)) === undefined) return;
    // Somebody else may delete it at the same time, before every step here.
    if (lockHasPassed) await setImmutable(path.file, false).catch(ignoreMissing);
    try {
      await unlink(path.file);
    } catch (error) {
      if (errnoOf(error) === 'EPERM' && (await isImmutable(path.file).catch(ignoreMissing))) {
        throw new StoreError('locked', `${key} is immutable and its lock record is missing: restore or clear it`, {
          key,
        });
      }
      ignoreMissing(error);
    }
    await unlink(path.lockRecord).catch(ignoreMissing);
    await this.#sync.sync(path.directory);
  }

  async lock(key: string, retention: StoreRetention): Promise<void> {
    const path = objectPath(this.root, key);
    const held = await readLockRecord(path.lockRecord);
    await this.#writeLock(path, { ...held, retention: laterRetention(held?.retention, retention) });
    await this.#sync.sync(path.directory);
  }

  /** Places or lifts the legal hold; the lock, if there is one, stays. */
  async hold(key: string, isHeld: boolean): Promise<void> {
    const path = objectPath(this.root, key);
    const held = await readLockRecord(path.lockRecord);
    if ((held?.isHeld === true) === isHeld) return;
    if (isHeld) await this.#writeLock(path, { ...held, isHeld });
    else if (held?.retention !== undefined) await this.#writeLock(path, { retention: held.retention });
    else {
      // The record goes last: a crash in between leaves a hold, which lifting again removes.
      await setImmutable(path.file, false);
      await unlink(path.lockRecord).catch(ignoreMissing);
    }
    await this.#sync.sync(path.directory);
  }

  /** Copies an object of another location to this one with its lock, then removes it there. */
  async moveFrom(other: FsLocation, key: string, signal: AbortSignal | undefined): Promise<void> {
    const bytes = await other.read(key, signal === undefined ? {} : { signal });
    const facts = await other.facts(key);
    if (bytes === undefined || facts === undefined) return;
    try {
      await this.put(key, [bytes], checksumOf([bytes]), facts.retention, signal);
    } catch (error) {
      // An earlier move was interrupted between its two halves: the copy must be whole before the original goes.
      if (!(error instanceof StoreError && error.code === 'already-exists')) throw error;
      const copy = await this.read(key, {});
      if (copy === undefined || Buffer.compare(copy, bytes) !== 0) throw error;
      if (facts.retention !== undefined) await this.lock(key, facts.retention);
    }
    if (facts.isHeld === true) await this.hold(key, true);
    await other.remove(key, true);
  }

  /** Tells an absent object from an absent disk. @throws StoreError `unavailable` when the root is not there */
  async assertMountedFor(key: string): Promise<void> {
    await this.#assertMounted(key);
  }

  async #writeLock(path: ObjectPath, record: LockRecord): Promise<void> {
    await writeLockRecord(path.lockRecord, this.#temporaryPath(), record);
    // Where the attribute cannot be set, the store's properties say so; the file is read-only and this code refuses.
    await setImmutable(path.file, true);
  }

  #temporaryPath(): string {
    return join(this.root, TEMPORARY_DIRECTORY, temporaryName());
  }

  async #assertMounted(key?: string): Promise<void> {
    if ((await stat(join(this.root, MARKER_FILE)).catch(ignoreMissing)) !== undefined) return;
    throw new StoreError('unavailable', `${this.root} holds no Holdfast store: is its file system mounted?`, {
      ...(key === undefined ? {} : { key }),
    });
  }

  async #ensureDirectories(path: ObjectPath): Promise<void> {
    let parent = this.root;
    for (const directory of path.directories) {
      if (!this.#directories.has(directory)) {
        await mkdir(directory, { mode: 0o750 }).catch((error: unknown) => {
          if (errnoOf(error) !== 'EEXIST') throw error;
        });
        await this.#sync.sync(parent);
        this.#directories.add(directory);
      }
      parent = directory;
    }
  }
}

function exists(key: string): StoreError {
  return new StoreError('already-exists', `${key} exists already`, { key });
}

/** Writes the marker that tells a store's root from an empty mount point, durably and in one step. */
export async function writeMarker(root: string): Promise<void> {
  const temporary = join(root, TEMPORARY_DIRECTORY, temporaryName());
  const handle = await open(temporary, 'wx', 0o640);
  try {
    await handle.writeFile(`${JSON.stringify({ store: 'holdfast', layout: 1 })}\n`);
    await handle.sync();
  } finally {
    await handle.close();
  }
  await rename(temporary, join(root, MARKER_FILE));
  await new DirectorySync().sync(root);
}
