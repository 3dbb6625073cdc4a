import type { ItemPath } from '@holdfast/engine';
import type { Name } from './posix/posix-files.ts';

/**
 * The path of the directory where a walk stands, in one growing buffer: a tree of ten thousand levels would otherwise
 * keep ten thousand long paths.
 */
export class PathPrefix {
  #bytes = Buffer.alloc(1024);
  readonly #ends: number[] = [0];

  get length(): number {
    return this.#ends.at(-1) ?? 0;
  }

  enter(name: Name): void {
    const end = this.#write(name);
    this.#ends.push(end);
  }

  leave(): void {
    this.#ends.pop();
  }

  /** The current directory's own path. */
  path(): ItemPath {
    return Buffer.from(this.#bytes.subarray(0, this.length));
  }

  /** The path of something in the current directory. */
  pathOf(name: Name): ItemPath {
    return Buffer.from(this.#bytes.subarray(0, this.#write(name)));
  }

  #write(name: Name): number {
    const start = this.length === 0 ? 0 : this.length + 1;
    const end = start + name.length;
    if (end > this.#bytes.length) {
      this.#bytes = Buffer.concat([this.#bytes, Buffer.alloc(Math.max(end, this.#bytes.length))]);
    }
    if (start > 0) this.#bytes[start - 1] = 0x2f;
    this.#bytes.write(name, start, 'latin1');
    return end;
  }
}
