import { setImmediate } from 'node:timers/promises';
import type { ItemIssue, ItemPath, ItemRecord } from '@holdfast/engine';
import type { RecoveryPointContent } from '../sdk/v1/connector.ts';
import { applyAttributes } from './apply-attributes.ts';
import { DirectoryLookup } from './directory-lookup.ts';
import { issue, reasonOf, stopIfHopeless } from './errors.ts';
import { FileBatch } from './file-batch.ts';
import { bytesAsString, namesFromPath } from './item-paths.ts';
import { makeOrReplace } from './make-way.ts';
import { DirectoryStack } from './posix/directory-stack.ts';
import { openFileLimit } from './posix/open-file-limit.ts';
import { errorCode, PosixError } from './posix/posix-error.ts';
import type { FileStatus, Handle, Name, PosixFiles } from './posix/posix-files.ts';

/** Files that were made and wait for their content are open, in two batches; large batches read less and share more. */
const MOST_FILES_PER_BATCH = 1024;
const FILES_PER_BATCH = Math.max(32, Math.min(MOST_FILES_PER_BATCH, openFileLimit() >> 3));
const ITEMS_PER_TURN = 256;

export interface TreeRestoreOptions {
  readonly files: PosixFiles;
  readonly content: RecoveryPointContent;
  /** Absent: everything. */
  readonly items: readonly ItemPath[] | undefined;
  readonly isOverExisting: boolean;
  readonly isResumed: boolean;
  readonly signal: AbortSignal;
  readonly report: (issue: ItemIssue) => void;
  readonly progress: (update: { readonly bytes: number; readonly items: number }) => void;
}

/**
 * Builds the tree of a recovery point below an open directory. Every step is taken relative to a directory that is
 * held open and with a single name, so neither a hostile recovery point nor somebody who swaps directories for links
 * meanwhile can lead it out of its target.
 */
export class TreeRestore implements Disposable {
  readonly #options: TreeRestoreOptions;
  readonly #files: PosixFiles;
  readonly #stack: DirectoryStack;
  readonly #lookup: DirectoryLookup;
  /** The records of the directories on the stack: their attributes are set when the work inside is done. */
  readonly #directories: (ItemRecord | undefined)[] = [undefined];
  /** Where the content of a hard-link group went when its first member was not restored. */
  readonly #substitutes = new Map<string, string>();
  #batch: FileBatch;
  #writing: Promise<void> | undefined;
  #failure: { readonly error: unknown } | undefined;
  #items = 0;
  #bytes = 0;

  /** Takes the root's handle over. */
  constructor(root: Handle, options: TreeRestoreOptions) {
    this.#options = options;
    this.#files = options.files;
    this.#stack = new DirectoryStack(options.files, root);
    this.#lookup = new DirectoryLookup(options.files, root);
    this.#batch = this.#newBatch();
  }

  [Symbol.dispose](): void {
    this.#batch.close();
    this.#lookup[Symbol.dispose]();
    this.#stack[Symbol.dispose]();
  }

  /** Restores all and resolves when everything is on the disk. */
  async run(records: AsyncIterable<ItemRecord>): Promise<void> {
    const { signal } = this.#options;
    try {
      let sinceTurn = 0;
      for await (const record of records) {
        signal.throwIfAborted();
        await this.#place(record);
        sinceTurn += 1;
        if (sinceTurn < ITEMS_PER_TURN) continue;
        sinceTurn = 0;
        await setImmediate();
      }
      await this.#writeBatch();
      this.#leaveTo(0);
      const [rootRecord] = this.#directories;
      if (rootRecord !== undefined) this.#finishDirectory(rootRecord);
    } finally {
      // Whatever happens, nothing is closed while worker threads still write into it.
      await this.#writing;
    }
    this.#throwFailure();
    signal.throwIfAborted();
    await this.#files.flush(this.#stack.root);
  }

  async #place(record: ItemRecord): Promise<void> {
    try {
      const names = namesFromPath(record.path);
      const name = names.pop();
      if (name === undefined) {
        this.#directories[0] = record;
        this.#countItem(0);
        return;
      }
      if (record.type === 'directory' && this.#isOnStack([...names, name])) return;
      this.#goTo(names);
      await this.#placeNamed(name, record);
    } catch (error) {
      if (!(error instanceof PosixError || error instanceof RangeError)) throw error;
      stopIfHopeless('The restore', error);
      this.#options.report(issue(record.path, 'not-restored', reasonOf(error), true));
    }
  }

  async #placeNamed(name: Name, record: ItemRecord): Promise<void> {
    if (record.hardLinkTo !== undefined) {
      await this.#placeLink(name, record, record.hardLinkTo);
      return;
    }
    switch (record.type) {
      case 'directory':
        this.#placeDirectory(name, record);
        return;
      case 'file':
        await this.#placeFile(name, record, record.path);
        return;
      case 'object':
        throw new RangeError('an object of an object store has no place in a file system');
      case 'symlink':
        this.#placeSymlink(name, record);
        return;
      case 'fifo':
      case 'socket':
      case 'character-device':
      case 'block-device':
        this.#placeNode(name, record, record.type);
    }
  }

  #isOnStack(names: readonly Name[]): boolean {
    return names.length <= this.#stack.depth && names.every((name, index) => this.#stack.nameAt(index + 1) === name);
  }

  /** Makes the named directory the current one; it was placed before, or could not be. */
  #goTo(names: readonly Name[]): void {
    let common = 0;
    while (common < names.length && common < this.#stack.depth && this.#stack.nameAt(common + 1) === names[common]) {
      common += 1;
    }
    this.#leaveTo(common);
    if (common < names.length) throw new RangeError('its directory could not be restored');
  }

  #leaveTo(depth: number): void {
    while (this.#stack.depth > depth) {
      const record = this.#directories.pop();
      if (record !== undefined) this.#finishDirectory(record);
      try {
        this.#stack.leave();
      } catch (error) {
        // The stack now stands where nothing can be made: each item that belongs here reports it.
        if (errorCode(error) !== 'ESTALE') throw error;
      }
    }
  }

  #finishDirectory(record: ItemRecord): void {
    try {
      applyAttributes(this.#files, this.#stack.current, record, this.#attributeOptions());
    } catch (error) {
      if (!(error instanceof PosixError)) throw error;
      this.#options.report(issue(record.path, 'attribute-not-restored', reasonOf(error), false));
    }
  }

  #placeDirectory(name: Name, record: ItemRecord): void {
    const directory = this.#stack.current;
    this.#make(
      name,
      () => this.#files.makeDirectory(directory, name),
      (status) => status.type === 'directory',
    );
    this.#enterWritable(name);
    this.#directories.push(record);
    this.#countItem(0);
  }

  /** Enters a directory that may have been left unreadable by its own mode: its owner may open it up meanwhile. */
  #enterWritable(name: Name): void {
    let status: FileStatus;
    try {
      status = this.#stack.enter(name);
    } catch (error) {
      if (errorCode(error) !== 'EACCES') throw error;
      this.#openUp(this.#files.openNode(this.#stack.current, name), 0o700);
      status = this.#stack.enter(name);
    }
    if ((status.mode & 0o300) !== 0o300 && status.uid === process.getuid?.()) {
      this.#files.setMode(this.#stack.current, status.mode | 0o700);
    }
  }

  #openUp(handle: Handle, mode: number): void {
    try {
      this.#files.setMode(handle, mode);
    } finally {
      this.#files.close(handle);
    }
  }

  async #placeFile(name: Name, record: ItemRecord, source: ItemPath): Promise<void> {
    const handle = this.#openTarget(name, record);
    if (handle === undefined) {
      this.#countItem(record.sizeBytes);
      return;
    }
    this.#batch.add(record, handle, source);
    if (this.#batch.size >= FILES_PER_BATCH) await this.#writeBatch();
  }

  /** @returns undefined for a file that an earlier call of the same job has finished */
  #openTarget(name: Name, record: ItemRecord): Handle | undefined {
    const directory = this.#stack.current;
    let existing: FileStatus | undefined;
    const made = this.#make(
      name,
      () => this.#files.createFile(directory, name),
      (status) => {
        // Writing into a file with further names would change those names, wherever they are.
        const isKept = status.type === 'file' && (status.linkCount === 1 || this.#isFinished(status, record));
        existing = isKept ? status : undefined;
        return isKept;
      },
    );
    if (made !== undefined) return made;
    if (existing !== undefined && this.#isFinished(existing, record)) return undefined;
    try {
      return this.#files.openForWriting(directory, name);
    } catch (error) {
      if (!['EACCES', 'ETXTBSY'].includes(errorCode(error) ?? '')) throw error;
      this.#files.removeFile(directory, name);
      return this.#files.createFile(directory, name);
    }
  }

  /** Times are set last, after the content was verified, so that they prove a finished file. */
  #isFinished(status: FileStatus, record: ItemRecord): boolean {
    const { posix } = record.metadata;
    return (
      this.#options.isResumed &&
      status.sizeBytes === record.sizeBytes &&
      status.modifiedAtNs === posix?.modifiedAtNs &&
      status.mode === posix.mode
    );
  }

  #placeSymlink(name: Name, record: ItemRecord): void {
    const directory = this.#stack.current;
    const target = record.linkTarget ?? new Uint8Array(0);
    this.#make(
      name,
      () => this.#files.makeSymlink(directory, name, target),
      (status) => status.type === 'symlink' && Buffer.compare(this.#files.readLink(directory, name), target) === 0,
    );
    this.#finishNode(name, record);
  }

  #placeNode(name: Name, record: ItemRecord, type: 'fifo' | 'socket' | 'character-device' | 'block-device'): void {
    const rdev = record.rdev ?? { major: 0, minor: 0 };
    this.#make(
      name,
      () => this.#files.makeNode(this.#stack.current, name, type, rdev),
      (status) => status.type === type && status.rdev.major === rdev.major && status.rdev.minor === rdev.minor,
    );
    this.#finishNode(name, record);
  }

  #finishNode(name: Name, record: ItemRecord): void {
    const handle = this.#files.openNode(this.#stack.current, name);
    try {
      applyAttributes(this.#files, handle, record, this.#attributeOptions());
    } finally {
      this.#files.close(handle);
    }
    this.#countItem(0);
  }

  async #placeLink(name: Name, record: ItemRecord, first: ItemPath): Promise<void> {
    const key = bytesAsString(first);
    const location = this.#substitutes.get(key) ?? (this.#isSelected(first) ? key : undefined);
    if (location !== undefined && this.#link(name, record, location)) return;
    const source = await this.#options.content.item(first);
    if (source === undefined)
      throw new RangeError('the file that it is a further name of is not in the recovery point');
    this.#substitutes.set(key, bytesAsString(record.path));
    const { hardLinkTo: _, ...own } = { ...source, path: record.path };
    if (source.type === 'file') await this.#placeFile(name, own, first);
    else await this.#placeNamed(name, own);
  }

  /** @returns false when the first name cannot be linked to, so that this name must get the content itself */
  #link(name: Name, record: ItemRecord, location: string): boolean {
    const names = namesFromPath(Buffer.from(location, 'latin1'));
    const firstName = names.pop() ?? '';
    try {
      const from = this.#lookup.open(names);
      const first = this.#files.status(from, firstName);
      this.#make(
        name,
        () => this.#files.makeHardLink(from, firstName, this.#stack.current, name),
        (status) => status.inode === first.inode && status.device === first.device,
      );
      this.#countItem(0);
      return true;
    } catch (error) {
      if (!(error instanceof PosixError)) throw error;
      const reason = `restored as a file of its own: ${reasonOf(error)}`;
      this.#options.report(issue(record.path, 'hard-link-not-restored', reason, false));
      return false;
    }
  }

  #isSelected(path: ItemPath): boolean {
    const { items } = this.#options;
    if (items === undefined) return true;
    const text = bytesAsString(path);
    return items.map(bytesAsString).some((item) => item === '' || text === item || text.startsWith(`${item}/`));
  }

  /** Makes something new; only a restore over an existing tree may take or replace what is there. */
  #make<Made>(name: Name, make: () => Made, keep: (status: FileStatus) => boolean): Made | undefined {
    if (!this.#options.isOverExisting) return make();
    return makeOrReplace(this.#files, this.#stack.current, name, make, keep);
  }

  #attributeOptions() {
    return { clean: this.#options.isOverExisting, times: true, report: this.#options.report };
  }

  #newBatch(): FileBatch {
    const { files, content, isOverExisting, signal, report } = this.#options;
    const finished = (bytes: number): void => this.#countItem(bytes);
    return new FileBatch({
      files,
      content,
      overExisting: isOverExisting,
      clean: isOverExisting,
      signal,
      report,
      finished,
    });
  }

  /** Hands the batch over when the one before is done, so that files are made while contents are written. */
  async #writeBatch(): Promise<void> {
    const batch = this.#batch;
    this.#batch = this.#newBatch();
    try {
      await this.#writing;
      this.#throwFailure();
    } catch (error) {
      batch.close();
      throw error;
    }
    this.#writing = batch.write().catch((error: unknown) => {
      this.#failure = { error };
    });
  }

  #throwFailure(): void {
    if (this.#failure !== undefined) throw this.#failure.error;
  }

  #countItem(bytes: number): void {
    this.#items += 1;
    this.#bytes += bytes;
    this.#options.progress({ bytes: this.#bytes, items: this.#items });
  }
}
