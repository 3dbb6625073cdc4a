import { errorCode, PosixError } from './posix-error.ts';
import type { FileStatus, Handle, Name, PosixReader } from './posix-files.ts';

interface Frame {
  readonly name: Name;
  readonly inode: bigint;
  readonly device: bigint;
  handle: Handle | undefined;
}

/** Enough to go up and down without reopening, few enough for any tree and any limit on open files. */
const OPEN_AT_MOST = 32;

/** How a name answers that no longer leads where it did. */
const ELSEWHERE = new Set(['ENOENT', 'ENOTDIR', 'ELOOP', 'EACCES', 'ESTALE']);

/**
 * The directories from a root down to where a walk stands, held open. A tree may be deeper than a process may hold
 * files open, so only the lowest ones are; going up reopens a directory through `..` of its child and proves that it
 * is the one that was left.
 */
export class DirectoryStack implements Disposable {
  readonly #files: PosixReader;
  readonly #frames: Frame[] = [];

  /** Takes the root's handle over. */
  constructor(files: PosixReader, root: Handle) {
    this.#files = files;
    const { inode, device } = files.statusOf(root);
    this.#frames.push({ name: '', inode, device, handle: root });
  }

  /** How many directories lie below the root on the way to the current one. */
  get depth(): number {
    return this.#frames.length - 1;
  }

  /** The names from the root to the current directory. */
  get names(): readonly Name[] {
    return this.#frames.slice(1).map((frame) => frame.name);
  }

  nameAt(depth: number): Name {
    return this.#frames[depth]?.name ?? '';
  }

  /** The root's handle; valid as long as the stack is. */
  get root(): Handle {
    const handle = this.#frames[0]?.handle;
    if (handle === undefined) throw new PosixError('open', 'EBADF');
    return handle;
  }

  /** The current directory; valid until the next `enter` or `leave`. */
  get current(): Handle {
    const handle = this.#top().handle;
    if (handle === undefined) throw new PosixError('open', 'ESTALE');
    return handle;
  }

  /**
   * Opens a child and makes it the current directory; on failure nothing changes.
   * @returns the status of what was opened, which may differ from what a look by name saw before
   */
  enter(name: Name): FileStatus {
    const handle = this.#files.openDirectory(this.current, name);
    const status = this.#files.statusOf(handle);
    this.#frames.push({ name, inode: status.inode, device: status.device, handle });
    this.#closeUpper();
    return status;
  }

  /**
   * Makes the parent the current directory.
   * @throws PosixError `ESTALE` when the parent is no longer where it was; the stack is then at the parent without a
   *   handle, and only `leave` is of use
   */
  leave(): void {
    const child = this.#frames.pop();
    if (child === undefined || this.#frames.length === 0) throw new PosixError('leave', 'EINVAL');
    try {
      this.#top().handle ??= this.#reopenTop(child.handle);
    } finally {
      if (child.handle !== undefined) this.#files.close(child.handle);
    }
  }

  [Symbol.dispose](): void {
    for (const frame of this.#frames) {
      if (frame.handle !== undefined) this.#files.close(frame.handle);
      frame.handle = undefined;
    }
  }

  #top(): Frame {
    const top = this.#frames.at(-1);
    if (top === undefined) throw new PosixError('open', 'EBADF');
    return top;
  }

  /** The root stays open: from it the way down can always be found again. */
  #closeUpper(): void {
    const frame = this.#frames[this.#frames.length - 1 - OPEN_AT_MOST];
    if (frame?.handle === undefined || frame === this.#frames[0]) return;
    this.#files.close(frame.handle);
    frame.handle = undefined;
  }

  #reopenTop(child: Handle | undefined): Handle {
    const top = this.#top();
    if (child !== undefined) {
      const parent = this.#openIfSame(child, '..', top);
      if (parent !== undefined) return parent;
    }
    return this.#reopenFromRoot();
  }

  #reopenFromRoot(): Handle {
    const { root } = this;
    let handle = root;
    for (const frame of this.#frames.slice(1)) {
      const next = this.#openIfSame(handle, frame.name, frame);
      if (handle !== root) this.#files.close(handle);
      if (next === undefined) throw new PosixError('open', 'ESTALE');
      handle = next;
    }
    return handle;
  }

  #openIfSame(parent: Handle, name: Name, frame: Frame): Handle | undefined {
    let handle: Handle;
    try {
      handle = this.#files.openDirectory(parent, name);
    } catch (error) {
      if (ELSEWHERE.has(errorCode(error) ?? '')) return undefined;
      throw error;
    }
    const { inode, device } = this.#files.statusOf(handle);
    if (inode === frame.inode && device === frame.device) return handle;
    this.#files.close(handle);
    return undefined;
  }
}
