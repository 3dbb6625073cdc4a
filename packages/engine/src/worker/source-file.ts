import { closeSync, constants, fstatSync, openSync, readlinkSync, readSync } from 'node:fs';

/** Never follows a symbolic link in the last component, and never waits for a writer of a FIFO. */
const FLAGS = constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK;
/** Times of the source come as doubles of ms; real changes differ by far more than their rounding. */
const SAME_MS = 0.002;

export interface FileFacts {
  readonly sizeBytes: number;
  readonly modifiedMs: number;
  readonly changedMs: number;
  readonly allocatedBytes: number;
  readonly isFile: boolean;
  readonly inode: number;
}

export function openSource(path: Uint8Array): number {
  return openSync(Buffer.from(path.buffer, path.byteOffset, path.byteLength), FLAGS);
}

export function closeSource(descriptor: number): void {
  closeSync(descriptor);
}

export function factsOf(descriptor: number): FileFacts {
  const stat = fstatSync(descriptor);
  return {
    sizeBytes: stat.size,
    modifiedMs: stat.mtimeMs,
    changedMs: stat.ctimeMs,
    allocatedBytes: stat.blocks * 512,
    isFile: stat.isFile(),
    inode: stat.ino,
  };
}

/**
 * A file may be replaced by another of its name while a backup runs, and then the new one is kept. But when a directory
 * above it was replaced by a link, the name leads elsewhere: that file is none of the source's.
 * @param inode what the source saw; NaN when it saw none
 * @throws Error when the open file does not lie at its path
 */
export function assertInPlace(descriptor: number, path: Uint8Array, facts: FileFacts, inode: number): void {
  if (Number.isNaN(inode) || facts.inode === inode) return;
  const place = process.platform === 'linux' ? readlinkSync(`/proc/self/fd/${descriptor}`, 'buffer') : undefined;
  if (place?.equals(path)) return;
  throw new Error('it is not the file that was seen: a directory above it was replaced while the backup ran');
}

/** Exact times, for a record that has to be corrected. */
export function exactTimes(descriptor: number): { readonly modifiedAtNs: bigint; readonly changedAtNs: bigint } {
  const stat = fstatSync(descriptor, { bigint: true });
  return { modifiedAtNs: stat.mtimeNs, changedAtNs: stat.ctimeNs };
}

/** True when the file is still what the source saw (NaN: the source saw no time). */
export function isAsSeen(facts: FileFacts, sizeBytes: number, modifiedMs: number): boolean {
  return facts.sizeBytes === sizeBytes && !(Math.abs(facts.modifiedMs - modifiedMs) > SAME_MS);
}

export function isSameFile(a: FileFacts, b: FileFacts): boolean {
  return a.sizeBytes === b.sizeBytes && a.modifiedMs === b.modifiedMs && a.changedMs === b.changedMs;
}

/** Reads until `length` bytes came or the file ended. @returns how many came */
export function readFully(
  descriptor: number,
  target: Uint8Array,
  offset: number,
  length: number,
  position: number,
): number {
  let count = 0;
  while (count < length) {
    const read = readSync(descriptor, target, offset + count, length - count, position + count);
    if (read === 0) break;
    count += read;
  }
  return count;
}
