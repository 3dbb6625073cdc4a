import type { ExtendedAttribute } from '@holdfast/engine';
import {
  AT_FDCWD,
  AT_HANDLE,
  AT_ITSELF,
  checked,
  type LinuxCalls,
  OPEN_DIRECTORY,
  OPEN_PATH,
  OPEN_READ,
  WITHOUT_ACCESS_TIME,
} from './linux-calls.ts';
import { parseNames, parseStatus, STATX_BYTES, STATX_WANTED } from './linux-records.ts';
import { errorCode } from './posix-error.ts';
import type { FileStatus, Handle, Name, PosixReader } from './posix-files.ts';
import { NAME_BUFFER_BYTES, terminateName } from './terminate-name.ts';

const NAMES_BYTES = 64 * 1024;
/** The most that Linux lets the names of an item's attributes, or one value, take. */
const ATTRIBUTE_BYTES = 64 * 1024;
const EMPTY_NAME = Buffer.from([0]);

/** Reading calls by way of the C library. Buffers are reused, which is safe because every call is synchronous. */
export function linuxReader(calls: LinuxCalls): PosixReader {
  const nameBuffer = Buffer.alloc(NAME_BUFFER_BYTES);
  const statusBuffer = Buffer.alloc(STATX_BYTES);
  const namesBuffer = Buffer.alloc(NAMES_BYTES);
  const listBuffer = Buffer.alloc(ATTRIBUTE_BYTES);
  const valueBuffer = Buffer.alloc(ATTRIBUTE_BYTES);

  const terminated = (name: string): Buffer => terminateName(nameBuffer, name);

  const open = (directory: Handle, name: Name, flags: number): Handle => {
    // Only the owner (or root) may ask for untouched access times; others get what is left of it.
    const quiet = calls.openat(directory, terminated(name), flags | WITHOUT_ACCESS_TIME, 0);
    return quiet >= 0 ? quiet : checked('open', calls.openat(directory, nameBuffer, flags, 0));
  };

  const statx = (directory: Handle, name: Uint8Array, flags: number): FileStatus => {
    checked('stat', calls.statx(directory, name, flags, STATX_WANTED, statusBuffer));
    return parseStatus(statusBuffer);
  };

  const attributesAt = (
    path: Uint8Array,
    list: LinuxCalls['listxattr'],
    get: LinuxCalls['getxattr'],
  ): readonly ExtendedAttribute[] => {
    const length = list(path, listBuffer, ATTRIBUTE_BYTES);
    if (length === 0) return [];
    if (length < 0) return noneWhereUnsupported(() => checked('listxattr', length));
    return splitNames(listBuffer.subarray(0, length)).flatMap((name) => {
      const size = get(path, Buffer.concat([name, EMPTY_NAME]), valueBuffer, ATTRIBUTE_BYTES);
      if (size >= 0) return [{ name, value: Buffer.from(valueBuffer.subarray(0, size)) }];
      return noneWhereGone(() => checked(`getxattr ${name.toString('latin1')}`, size));
    });
  };

  return {
    abilities: { extendedAttributes: true, deviceNodes: true, relativeCalls: true, nanosecondTimes: true },
    openPath: (path) =>
      checked('open', calls.openat(AT_FDCWD, Buffer.concat([Buffer.from(path), EMPTY_NAME]), OPEN_PATH, 0)),
    openDirectory: (parent, name) => open(parent, name, OPEN_DIRECTORY),
    openForReading: (parent, name) => open(parent, name, OPEN_READ),
    close: (handle) => {
      checked('close', calls.close(handle));
    },
    readNames(directory) {
      const length = checked('readdir', calls.getdents64(directory, namesBuffer, NAMES_BYTES));
      return length === 0 ? undefined : parseNames(namesBuffer, length);
    },
    status: (directory, name) => statx(directory, terminated(name), AT_ITSELF),
    statusOf: (handle) => statx(handle, EMPTY_NAME, AT_HANDLE),
    readLink(directory, name) {
      const length = checked('readlink', calls.readlinkat(directory, terminated(name), valueBuffer, ATTRIBUTE_BYTES));
      return Buffer.from(valueBuffer.subarray(0, length));
    },
    attributes(directory, name) {
      // Nearly no file has attributes: the short way answers that, and the long one reads those that there are.
      if (calls.listxattrat?.(directory, terminated(name), listBuffer, ATTRIBUTE_BYTES) === 0) return [];
      return attributesAt(terminated(`/proc/self/fd/${directory}/${name}`), calls.llistxattr, calls.lgetxattr);
    },
    attributesOf: (handle) => attributesAt(terminated(`/proc/self/fd/${handle}`), calls.listxattr, calls.getxattr),
    fileClockNs: () => BigInt(Date.now()) * 1_000_000n,
  };
}

/** The names of a list in which each one ends with NUL, copied out of the shared buffer. */
function splitNames(list: Buffer): Buffer[] {
  const names: Buffer[] = [];
  for (let start = 0; start < list.length; ) {
    const end = list.indexOf(0, start);
    names.push(Buffer.from(list.subarray(start, end)));
    start = end + 1;
  }
  return names;
}

function noneWhereUnsupported(fail: () => unknown): [] {
  return noneFor(['ENOTSUP', 'ENOSYS'], fail);
}

/** An attribute may vanish between being listed and being read. */
function noneWhereGone(fail: () => unknown): [] {
  return noneFor(['ENODATA'], fail);
}

function noneFor(codes: readonly string[], fail: () => unknown): [] {
  try {
    fail();
  } catch (error) {
    if (!codes.includes(errorCode(error) ?? '')) throw error;
  }
  return [];
}
