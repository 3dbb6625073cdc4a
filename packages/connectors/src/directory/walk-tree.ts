import { setImmediate } from 'node:timers/promises';
import type { ContentSource, ExtendedAttribute, ItemEntry, ItemPath } from '@holdfast/engine';
import { deepFileContent } from './deep-file-content.ts';
import { directoryError, issue, readIssue, reasonOf } from './errors.ts';
import type { ExcludeTest } from './exclude-patterns.ts';
import { fileFingerprint } from './file-fingerprint.ts';
import { HardLinkGroups } from './hard-link-groups.ts';
import { itemFromStatus } from './item-from-status.ts';
import { bytesAsString } from './item-paths.ts';
import { PathPrefix } from './path-prefix.ts';
import { DirectoryStack } from './posix/directory-stack.ts';
import { errorCode, PosixError } from './posix/posix-error.ts';
import type { FileStatus, Handle, Name, PosixReader } from './posix/posix-files.ts';
import { SortedNames } from './sorted-names.ts';

/** Longest path that the system takes in one call, without the closing NUL. */
const LONGEST_PATH = 4095;
/** So many synchronous looks at files before other work of this thread gets its turn: about 2 ms. */
const LOOKS_PER_TURN = 256;

export interface WalkOptions {
  readonly files: PosixReader;
  /** The root as a real path, for the engine's own reading. */
  readonly rootPath: string;
  readonly excludes: ExcludeTest | undefined;
  readonly oneFileSystem: boolean;
  /** Directories of Holdfast itself, as `device:inode`. */
  readonly ownDirectories: ReadonlySet<string>;
  /** What this platform cannot keep; becomes an issue of the root. */
  readonly limitation: string | undefined;
}

/**
 * Everything below a root in path order, depth first, names in byte order: one entry for each thing, and an issue for
 * each that could not be looked at. Takes the root's handle over and closes it at the end.
 */
export class TreeWalk implements Disposable {
  readonly #options: WalkOptions;
  readonly #files: PosixReader;
  readonly #stack: DirectoryStack;
  readonly #prefix = new PathPrefix();
  readonly #hardLinks = new HardLinkGroups();
  readonly #rootStatus: FileStatus;
  readonly #rootPath: Buffer;
  readonly #pending: Iterator<Name>[] = [];
  #out: ItemEntry[] = [];
  #looks = 0;
  #items = 0;
  #bytes = 0;

  constructor(root: Handle, options: WalkOptions) {
    this.#options = options;
    this.#files = options.files;
    this.#rootPath = Buffer.from(options.rootPath);
    this.#stack = new DirectoryStack(options.files, root);
    this.#rootStatus = options.files.statusOf(root);
  }

  [Symbol.dispose](): void {
    this.#stack[Symbol.dispose]();
  }

  /** What was delivered so far, hard links counted once. */
  get totals(): { readonly items: number; readonly bytes: number } {
    return { items: this.#items, bytes: this.#bytes };
  }

  async *entries(signal: AbortSignal): AsyncGenerator<ItemEntry, void, undefined> {
    try {
      this.#addDirectory(this.#rootStatus, new Uint8Array(0));
      const { limitation } = this.#options;
      if (limitation !== undefined) this.#addIssue(new Uint8Array(0), 'attributes-not-supported', limitation, false);
      await this.#listCurrent(signal);
      while (this.#pending.length > 0) {
        signal.throwIfAborted();
        yield* this.#takeOut();
        await this.#step(signal);
      }
      yield* this.#takeOut();
    } finally {
      this[Symbol.dispose]();
    }
  }

  #takeOut(): ItemEntry[] {
    const out = this.#out;
    this.#out = [];
    for (const entry of out) {
      if (!('item' in entry)) continue;
      this.#items += 1;
      if (entry.item.content !== undefined) this.#bytes += entry.item.sizeBytes;
    }
    return out;
  }

  /** Looks at one turn's share of the current directory, or goes down into or up from it. */
  async #step(signal: AbortSignal): Promise<void> {
    const names = this.#pending.at(-1);
    for (; names !== undefined; this.#looks += 1) {
      if (this.#looks >= LOOKS_PER_TURN) {
        await this.#giveTurn(signal);
        return;
      }
      const next = names.next();
      if (next.done) {
        this.#pending.pop();
        if (this.#pending.length > 0) this.#goUp();
        return;
      }
      if (this.#look(next.value)) {
        await this.#listCurrent(signal);
        return;
      }
    }
  }

  async #giveTurn(signal: AbortSignal): Promise<void> {
    this.#looks = 0;
    await setImmediate();
    signal.throwIfAborted();
  }

  /** @returns true when the name is a directory that the walk has entered */
  #look(name: Name): boolean {
    const { excludes } = this.#options;
    if (excludes?.(name, () => bytesAsString(this.#prefix.pathOf(name)))) return false;
    try {
      const status = this.#files.status(this.#stack.current, name);
      if (status.type === 'directory') return this.#lookAtDirectory(name, status);
      this.#addLeaf(name, status);
    } catch (error) {
      if (!(error instanceof PosixError)) throw error;
      this.#stopIfLost();
      this.#out.push({ issue: readIssue(this.#prefix.pathOf(name), error) });
    }
    return false;
  }

  /** One item that fails is an issue; a source whose root does not answer is gone with all that it holds. */
  #stopIfLost(): void {
    try {
      this.#files.statusOf(this.#stack.root);
    } catch (error) {
      throw directoryError('The backup lost', this.#options.rootPath, error);
    }
  }

  #lookAtDirectory(name: Name, seen: FileStatus): boolean {
    let status: FileStatus;
    try {
      status = this.#stack.enter(name);
    } catch (error) {
      if (!(error instanceof PosixError)) throw error;
      const path = this.#prefix.pathOf(name);
      const attributes = this.#attributes(path, () => this.#files.attributes(this.#stack.current, name));
      this.#out.push({ item: itemFromStatus(path, seen, { attributes }) }, { issue: readIssue(path, error) });
      return false;
    }
    this.#prefix.enter(name);
    if (this.#staysOutOf(status)) {
      this.#goUp();
      return false;
    }
    return true;
  }

  /** Records the directory that was just entered, unless it is Holdfast's own, and says whether to go no further. */
  #staysOutOf(status: FileStatus): boolean {
    const path = this.#prefix.path();
    if (this.#options.ownDirectories.has(`${status.device}:${status.inode}`)) {
      this.#addIssue(path, 'holdfast-own-data', 'left out, because it holds data of Holdfast itself', false);
      return true;
    }
    this.#addDirectory(status, path);
    if (!this.#options.oneFileSystem || this.#isOnRootFileSystem(status)) return false;
    const advice = 'make it a source of its own, or set oneFileSystem to false';
    this.#addIssue(
      path,
      'other-file-system',
      `left out, because another file system is mounted here; ${advice}`,
      false,
    );
    return true;
  }

  #isOnRootFileSystem(status: FileStatus): boolean {
    return status.device === this.#rootStatus.device && status.mountId === this.#rootStatus.mountId;
  }

  #addDirectory(status: FileStatus, path: ItemPath): void {
    const attributes = this.#attributes(path, () => this.#files.attributesOf(this.#stack.current));
    this.#out.push({ item: itemFromStatus(path, status, { attributes }) });
  }

  #addLeaf(name: Name, status: FileStatus): void {
    const path = this.#prefix.pathOf(name);
    const directory = this.#stack.current;
    const linkTarget = status.type === 'symlink' ? this.#files.readLink(directory, name) : undefined;
    const attributes = this.#attributes(path, () => this.#files.attributes(directory, name));
    const hardLinkTo = this.#hardLinks.firstOf(status, () => path);
    this.#out.push({
      item: itemFromStatus(path, status, {
        attributes,
        ...(linkTarget === undefined ? {} : { linkTarget }),
        ...(hardLinkTo === undefined ? {} : { hardLinkTo }),
        ...(status.type === 'file' && hardLinkTo === undefined ? this.#content(name, path, status) : {}),
      }),
    });
  }

  #content(name: Name, path: ItemPath, status: FileStatus): { content: ContentSource; fingerprint?: Uint8Array } {
    const fingerprint = fileFingerprint(status, this.#rootStatus.device, this.#files.fileClockNs());
    return { content: this.#contentSource(name, path, status), ...(fingerprint === undefined ? {} : { fingerprint }) };
  }

  #contentSource(name: Name, path: ItemPath, status: FileStatus): ContentSource {
    const whole = Buffer.concat([this.#rootPath, Buffer.from('/'), path]);
    if (whole.length <= LONGEST_PATH) return { kind: 'local-file', path: whole };
    if (status.allocatedBytes < status.sizeBytes) {
      this.#addIssue(path, 'attribute-not-kept', 'its holes are kept as zeros, because its path is very long', false);
    }
    return deepFileContent(this.#files, this.#options.rootPath, [...this.#stack.names, name], status);
  }

  #attributes(path: ItemPath, read: () => readonly ExtendedAttribute[]): readonly ExtendedAttribute[] {
    try {
      return read();
    } catch (error) {
      this.#addIssue(path, 'attribute-not-kept', `extended attributes: ${reasonOf(error)}`, false);
      return [];
    }
  }

  async #listCurrent(signal: AbortSignal): Promise<void> {
    const names = new SortedNames();
    try {
      for (let some = this.#readSome(); some !== undefined; some = this.#readSome()) {
        names.add(some);
        this.#looks += some.length >> 3;
        if (this.#looks >= LOOKS_PER_TURN) await this.#giveTurn(signal);
      }
    } catch (error) {
      if (!(error instanceof PosixError)) throw error;
      this.#stopIfLost();
      this.#out.push({ issue: readIssue(this.#prefix.path(), error) });
    }
    this.#pending.push(names.take());
  }

  #readSome(): Name[] | undefined {
    return this.#files.readNames(this.#stack.current);
  }

  #goUp(): void {
    this.#prefix.leave();
    try {
      this.#stack.leave();
    } catch (error) {
      if (errorCode(error) !== 'ESTALE') throw error;
      // The parent was moved while the walk was below it: what it still holds cannot be reached any more.
      this.#addIssue(this.#prefix.path(), 'vanished', 'moved while the backup worked; the rest of it is missing', true);
      this.#pending.pop();
      this.#pending.push([].values());
    }
  }

  #addIssue(path: ItemPath, code: string, reason: string, dataMissing: boolean): void {
    this.#out.push({ issue: issue(path, code, reason, dataMissing) });
  }
}
