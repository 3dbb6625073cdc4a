import { join } from 'node:path';
import { crc32 } from 'node:zlib';

/**
 * Where objects lie below a root directory: `a/b/c` is the file `a/b/@5f/c`, whose shard `@5f` is the low byte of the
 * CRC-32 of the last segment, so that no directory grows without bound. `@` never occurs in a key, which keeps shards,
 * lock records (`c@lock`) and keys apart. A file holds exactly the object's bytes, so that ordinary tools can copy,
 * compare and check them.
 */
export const TEMPORARY_DIRECTORY = '.tmp';
export const MARKER_FILE = 'holdfast-store.json';
export const LOCK_SUFFIX = '@lock';

export interface ObjectPath {
  /** Directories from the root down to the file's own, each to be created when missing. */
  readonly directories: readonly string[];
  readonly directory: string;
  readonly file: string;
  readonly lockRecord: string;
}

export function shardOf(name: string): string {
  return `@${(crc32(name) & 0xff).toString(16).padStart(2, '0')}`;
}

export function isShard(directoryName: string): boolean {
  return directoryName.startsWith('@');
}

export function objectPath(root: string, key: string): ObjectPath {
  const segments = key.split('/');
  const name = segments.pop() ?? '';
  const directories: string[] = [];
  let directory = root;
  for (const segment of [...segments, shardOf(name)]) {
    directory = join(directory, segment);
    directories.push(directory);
  }
  const file = join(directory, name);
  return { directories, directory, file, lockRecord: `${file}${LOCK_SUFFIX}` };
}
