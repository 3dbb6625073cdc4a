/** Decodes the kernel's records: `struct statx` and `struct linux_dirent64`, alike on all 64-bit little-endian machines. */
import type { FileStatus, Name } from './posix-files.ts';

export const STATX_BYTES = 256;
const STATX_BTIME = 0x800;
const STATX_MNT_ID = 0x1000;
/** Basic status, time of birth and mount id. */
export const STATX_WANTED = 0x7ff | STATX_BTIME | STATX_MNT_ID;
/** Compressed, immutable, append-only, no dump: the same bits as in the flags of `chattr`. */
const KEPT_FLAGS = 0x4 | 0x10 | 0x20 | 0x40;

/** By the upper four bits of the mode: S_IFIFO, S_IFCHR, S_IFDIR, S_IFBLK, S_IFREG, S_IFLNK, S_IFSOCK. */
const TYPES: Readonly<Record<number, FileStatus['type']>> = {
  1: 'fifo',
  2: 'character-device',
  4: 'directory',
  6: 'block-device',
  8: 'file',
  10: 'symlink',
  12: 'socket',
};

export function parseStatus(buffer: Buffer): FileStatus {
  const mask = buffer.readUInt32LE(0x00);
  const mode = buffer.readUInt16LE(0x1c);
  const device = deviceNumber(buffer.readUInt32LE(0x88), buffer.readUInt32LE(0x8c));
  return {
    type: TYPES[mode >> 12] ?? 'file',
    mode: mode & 0o7777,
    uid: buffer.readUInt32LE(0x14),
    gid: buffer.readUInt32LE(0x18),
    sizeBytes: readNumber(buffer, 0x28),
    allocatedBytes: readNumber(buffer, 0x30) * 512,
    inode: buffer.readBigUInt64LE(0x20),
    device,
    mountId: (mask & STATX_MNT_ID) === 0 ? undefined : buffer.readBigUInt64LE(0x90),
    linkCount: buffer.readUInt32LE(0x10),
    rdev: { major: buffer.readUInt32LE(0x80), minor: buffer.readUInt32LE(0x84) },
    accessedAtNs: readTime(buffer, 0x40),
    createdAtNs: (mask & STATX_BTIME) === 0 ? undefined : readTime(buffer, 0x50),
    changedAtNs: readTime(buffer, 0x60),
    modifiedAtNs: readTime(buffer, 0x70),
    flags: buffer.readUInt32LE(0x08) & KEPT_FLAGS,
  };
}

/** Sizes below 2^53, as numbers; larger files do not exist. */
function readNumber(buffer: Buffer, offset: number): number {
  return buffer.readUInt32LE(offset + 4) * 0x1_0000_0000 + buffer.readUInt32LE(offset);
}

function readTime(buffer: Buffer, offset: number): bigint {
  return buffer.readBigInt64LE(offset) * 1_000_000_000n + BigInt(buffer.readUInt32LE(offset + 8));
}

/** The C library's `makedev`: the number that `stat` calls st_dev and `mknod` takes. */
export function deviceNumber(major: number, minor: number): bigint {
  if (major < 0x1000 && minor < 0x100) return BigInt((major << 8) | minor);
  const [wideMajor, wideMinor] = [BigInt(major), BigInt(minor)];
  return (
    ((wideMajor & 0xfffff000n) << 32n) |
    ((wideMajor & 0xfffn) << 8n) |
    ((wideMinor & 0xffffff00n) << 12n) |
    (wideMinor & 0xffn)
  );
}

/** The names of one read of a directory, without `.` and `..`. */
export function parseNames(buffer: Buffer, length: number): Name[] {
  const names: Name[] = [];
  for (let offset = 0; offset < length; ) {
    const end = offset + buffer.readUInt16LE(offset + 16);
    const name = buffer.toString('latin1', offset + 19, buffer.indexOf(0, offset + 19));
    if (name !== '.' && name !== '..') names.push(name);
    offset = end;
  }
  return names;
}
