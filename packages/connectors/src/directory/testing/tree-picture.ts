import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { type BigIntStats, lstatSync, readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { isDeepStrictEqual } from 'node:util';
import type { PosixFiles } from '../posix/posix-files.ts';

/** Fails with the items that differ, and nothing of the thousands that do not. */
export function assertSamePicture(
  actual: Record<string, unknown>,
  expected: Record<string, unknown>,
  message?: string,
) {
  const keys = new Set([...Object.keys(actual), ...Object.keys(expected)]);
  const differing = [...keys].filter((key) => !isDeepStrictEqual(actual[key], expected[key])).slice(0, 5);
  const pick = (picture: Record<string, unknown>) => differing.map((key) => ({ key, picture: picture[key] }));
  assert.deepEqual(pick(actual), pick(expected), message);
}

export interface PictureOptions {
  readonly files: PosixFiles;
  /** Access times change by being looked at and are compared where a test sets them. */
  readonly accessTimes?: boolean;
  /** The root's own attributes; off when it is another directory by design. */
  readonly root?: boolean;
}

/**
 * Everything that can be seen of a tree, as lines that compare with deepEqual: read through node:fs and independent of
 * the walk under test, except for extended attributes.
 */
export function treePicture(root: string, options: PictureOptions): Record<string, unknown> {
  const picture: Record<string, unknown> = {};
  const groups = new Map<string, string>();
  const visit = (path: Buffer, key: string): void => {
    const stats = lstatSync(path, { bigint: true });
    if (key !== '.' || options.root !== false) picture[key] = describe(path, key, stats, groups, options);
    if (!stats.isDirectory()) return;
    for (const name of readdirSync(path, { encoding: 'buffer' }).sort(Buffer.compare)) {
      visit(Buffer.concat([path, Buffer.from('/'), name]), key === '.' ? escaped(name) : `${key}/${escaped(name)}`);
    }
  };
  visit(Buffer.from(root), '.');
  return picture;
}

function escaped(name: Buffer): string {
  return name.toString('latin1');
}

function describe(path: Buffer, key: string, stats: BigIntStats, groups: Map<string, string>, options: PictureOptions) {
  const inode = `${stats.dev}:${stats.ino}`;
  const first = groups.get(inode);
  if (first === undefined) groups.set(inode, key);
  return {
    mode: stats.mode.toString(8),
    owner: `${stats.uid}:${stats.gid}`,
    modified: stats.mtimeNs,
    ...(options.accessTimes ? { accessed: stats.atimeNs } : {}),
    ...(stats.isDirectory() ? {} : { links: stats.nlink, sameAs: first }),
    ...(stats.isFile() ? { size: stats.size, hash: contentHash(path), isSparse: isSparse(stats) } : {}),
    ...(stats.isSymbolicLink() ? { target: readlinkSync(path, { encoding: 'latin1' }) } : {}),
    ...(stats.isCharacterDevice() || stats.isBlockDevice() ? { device: stats.rdev } : {}),
    attributes: attributesOf(path, options.files),
  };
}

/** Small files of zeros may come back with or without their blocks. */
function isSparse({ size, blocks }: BigIntStats): boolean {
  return size > 1_000_000n && blocks * 512n < size / 2n;
}

function contentHash(path: Buffer): string {
  try {
    return createHash('sha256').update(readFileSync(path)).digest('hex');
  } catch (error) {
    return String(error).slice(0, 20);
  }
}

function attributesOf(path: Buffer, files: PosixFiles): string[] {
  const slash = path.lastIndexOf(0x2f);
  const directory = files.openPath(path.subarray(0, slash));
  try {
    return files
      .attributes(directory, path.subarray(slash + 1).toString('latin1'))
      .map(({ name, value }) => `${Buffer.from(name).toString('latin1')}=${Buffer.from(value).toString('hex')}`)
      .sort();
  } finally {
    files.close(directory);
  }
}
