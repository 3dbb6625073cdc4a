import type { ItemPath } from '@holdfast/engine';
import type { FileStatus } from './posix/posix-files.ts';

interface Group {
  readonly first: ItemPath;
  /** Names still to come; a group that is complete is forgotten, so that memory holds open groups only. */
  remaining: number;
}

/** Finds the names of one and the same file: the first one met carries the content, the others point to it. */
export class HardLinkGroups {
  readonly #groups = new Map<string, Group>();

  /** @returns the path of the group's first member, or undefined when this is the first (or the only) name */
  firstOf(status: FileStatus, path: () => ItemPath): ItemPath | undefined {
    if (status.linkCount < 2) return undefined;
    const key = `${status.device}:${status.inode}`;
    const group = this.#groups.get(key);
    if (group === undefined) {
      this.#groups.set(key, { first: path(), remaining: status.linkCount - 1 });
      return undefined;
    }
    group.remaining -= 1;
    if (group.remaining === 0) this.#groups.delete(key);
    return group.first;
  }
}
