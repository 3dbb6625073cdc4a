import {
  AT_HANDLE,
  AT_REMOVEDIR,
  checked,
  type LinuxCalls,
  OPEN_CREATE,
  OPEN_NODE,
  OPEN_WRITE,
} from './linux-calls.ts';
import { deviceNumber } from './linux-records.ts';
import { errorCode, PosixError } from './posix-error.ts';
import type { Handle, Name, PosixWriter } from './posix-files.ts';
import { NAME_BUFFER_BYTES, terminateName } from './terminate-name.ts';

const NODE_TYPES = {
  fifo: 0o010000,
  socket: 0o140000,
  'character-device': 0o020000,
  'block-device': 0o060000,
} as const;
const UTIME_OMIT = 0x3ffffffen;
const NS_PER_SECOND = 1_000_000_000n;
const FS_IOC_GETFLAGS = 0x80086601;
const FS_IOC_SETFLAGS = 0x40086602;
const KEPT_FLAGS = 0x4 | 0x10 | 0x20 | 0x40;
const EMPTY_NAME = Buffer.from([0]);

/** Writing calls by way of the C library; what a restore sets, it sets through an open handle and never by path. */
export function linuxWriter(calls: LinuxCalls): PosixWriter {
  const nameBuffer = Buffer.alloc(NAME_BUFFER_BYTES);
  const otherNameBuffer = Buffer.alloc(NAME_BUFFER_BYTES);
  const timesBuffer = Buffer.alloc(32);
  const flagsBuffer = Buffer.alloc(8);

  const terminated = (name: string): Buffer => terminateName(nameBuffer, name);
  const open = (parent: Handle, name: Name, flags: number): Handle =>
    checked('open', calls.openat(parent, terminated(name), flags, 0o600));
  const procPath = (handle: Handle): Buffer => terminated(`/proc/self/fd/${handle}`);

  return {
    makeDirectory: (parent, name) => void checked('mkdir', calls.mkdirat(parent, terminated(name), 0o700)),
    createFile: (parent, name) => open(parent, name, OPEN_CREATE),
    openForWriting: (parent, name) => open(parent, name, OPEN_WRITE),
    openNode: (parent, name) => open(parent, name, OPEN_NODE),
    makeNode(parent, name, type, rdev) {
      const device = type === 'fifo' || type === 'socket' ? 0n : deviceNumber(rdev.major, rdev.minor);
      checked('mknod', calls.mknodat(parent, terminated(name), NODE_TYPES[type] | 0o600, device));
    },
    makeSymlink(parent, name, target) {
      if (target.includes(0)) throw new PosixError('symlink', 'EINVAL');
      checked('symlink', calls.symlinkat(Buffer.concat([target, EMPTY_NAME]), parent, terminated(name)));
    },
    makeHardLink(fromParent, fromName, parent, name) {
      const from = terminateName(otherNameBuffer, fromName);
      checked('link', calls.linkat(fromParent, from, parent, terminated(name), 0));
    },
    removeFile: (parent, name) => void checked('unlink', calls.unlinkat(parent, terminated(name), 0)),
    removeDirectory: (parent, name) => void checked('rmdir', calls.unlinkat(parent, terminated(name), AT_REMOVEDIR)),
    pathOf: (handle) => Buffer.from(`/proc/self/fd/${handle}`),
    setOwner: (handle, uid, gid) => void checked('chown', calls.fchownat(handle, EMPTY_NAME, uid, gid, AT_HANDLE)),
    setMode(handle, mode) {
      if (calls.fchmod(handle, mode) === 0) return;
      // A handle that was opened without access rights (a FIFO's, a device's) takes this way only.
      checked('chmod', calls.chmod(procPath(handle), mode));
    },
    setTimes(handle, accessedAtNs, modifiedAtNs) {
      writeTime(timesBuffer, 0, accessedAtNs);
      writeTime(timesBuffer, 16, modifiedAtNs);
      checked('utimes', calls.utimensat(handle, EMPTY_NAME, timesBuffer, AT_HANDLE));
    },
    setAttribute(handle, { name, value }) {
      const terminatedName = Buffer.concat([name, EMPTY_NAME]);
      checked('setxattr', calls.setxattr(procPath(handle), terminatedName, value, value.byteLength, 0));
    },
    removeAttribute(handle, name) {
      checkedUnlessGone(() =>
        checked('removexattr', calls.removexattr(procPath(handle), Buffer.concat([name, EMPTY_NAME]))),
      );
    },
    setFlags(handle, flags) {
      checked('chattr', calls.ioctl(handle, FS_IOC_GETFLAGS, flagsBuffer));
      const current = flagsBuffer.readUInt32LE(0);
      flagsBuffer.writeUInt32LE(((current & ~KEPT_FLAGS) | flags) >>> 0, 0);
      checked('chattr', calls.ioctl(handle, FS_IOC_SETFLAGS, flagsBuffer));
    },
    async flush(handle) {
      checked('syncfs', await calls.syncfs(handle));
    },
  };
}

function writeTime(buffer: Buffer, offset: number, timeNs: bigint | undefined): void {
  if (timeNs === undefined) {
    buffer.writeBigInt64LE(0n, offset);
    buffer.writeBigInt64LE(UTIME_OMIT, offset + 8);
    return;
  }
  const remainder = ((timeNs % NS_PER_SECOND) + NS_PER_SECOND) % NS_PER_SECOND;
  buffer.writeBigInt64LE((timeNs - remainder) / NS_PER_SECOND, offset);
  buffer.writeBigInt64LE(remainder, offset + 8);
}

function checkedUnlessGone(call: () => unknown): void {
  try {
    call();
  } catch (error) {
    if (errorCode(error) !== 'ENODATA') throw error;
  }
}
