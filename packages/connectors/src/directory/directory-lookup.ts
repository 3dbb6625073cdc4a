import type { Handle, Name, PosixReader } from './posix/posix-files.ts';

/** Finds directories by their names from a root, never through a link, and keeps the last one open for the next use. */
export class DirectoryLookup implements Disposable {
  readonly #files: PosixReader;
  readonly #root: Handle;
  #last: { readonly key: string; readonly handle: Handle } | undefined;

  constructor(files: PosixReader, root: Handle) {
    this.#files = files;
    this.#root = root;
  }

  /** @returns a handle that stays valid until the next call */
  open(names: readonly Name[]): Handle {
    const key = names.join('/');
    if (this.#last?.key === key) return this.#last.handle;
    this[Symbol.dispose]();
    let handle = this.#root;
    for (const name of names) {
      const parent = handle;
      try {
        handle = this.#files.openDirectory(parent, name);
      } finally {
        if (parent !== this.#root) this.#files.close(parent);
      }
    }
    if (handle !== this.#root) this.#last = { key, handle };
    return handle;
  }

  [Symbol.dispose](): void {
    if (this.#last !== undefined) this.#files.close(this.#last.handle);
    this.#last = undefined;
  }
}
