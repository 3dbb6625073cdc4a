/** The C library's functions that node:fs lacks, with the few constants that Linux shares between 64-bit machines. */
import { constants } from 'node:fs';
import koffi from 'koffi';
import { PosixError } from './posix-error.ts';

const AT_SYMLINK_NOFOLLOW = 0x100;
const AT_NO_AUTOMOUNT = 0x800;
const AT_EMPTY_PATH = 0x1000;

export const AT_FDCWD = -100;
export const AT_REMOVEDIR = 0x200;
/** For the thing itself: no link followed, no automount started. */
export const AT_ITSELF = AT_SYMLINK_NOFOLLOW | AT_NO_AUTOMOUNT;
/** For an open handle given with an empty name. */
export const AT_HANDLE = AT_EMPTY_PATH | AT_SYMLINK_NOFOLLOW;

const O_CLOEXEC = 0x80000;
const O_PATH = 0x200000;
const O_NOATIME = 0x40000;

export const OPEN_DIRECTORY = constants.O_RDONLY | constants.O_DIRECTORY | constants.O_NOFOLLOW | O_CLOEXEC;
export const OPEN_PATH = constants.O_RDONLY | constants.O_DIRECTORY | O_CLOEXEC;
export const OPEN_READ = constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK | O_CLOEXEC;
export const OPEN_WRITE = constants.O_RDWR | constants.O_NOFOLLOW | constants.O_NONBLOCK | O_CLOEXEC;
export const OPEN_CREATE = constants.O_RDWR | constants.O_CREAT | constants.O_EXCL | constants.O_NOFOLLOW | O_CLOEXEC;
export const OPEN_NODE = O_PATH | constants.O_NOFOLLOW | O_CLOEXEC;
/** Added when permitted, so that a backup does not change access times. */
export const WITHOUT_ACCESS_TIME = O_NOATIME;

type Call<Arguments extends readonly unknown[]> = (...args: [...Arguments]) => number;

/** The bound functions; each returns -1 on failure and leaves its reason in errno. */
export interface LinuxCalls {
  readonly openat: Call<[number, Uint8Array, number, number]>;
  readonly close: Call<[number]>;
  readonly getdents64: Call<[number, Uint8Array, number]>;
  readonly statx: Call<[number, Uint8Array, number, number, Uint8Array]>;
  readonly readlinkat: Call<[number, Uint8Array, Uint8Array, number]>;
  readonly llistxattr: Call<[Uint8Array, Uint8Array, number]>;
  readonly lgetxattr: Call<[Uint8Array, Uint8Array, Uint8Array, number]>;
  readonly listxattr: Call<[Uint8Array, Uint8Array, number]>;
  readonly getxattr: Call<[Uint8Array, Uint8Array, Uint8Array, number]>;
  readonly setxattr: Call<[Uint8Array, Uint8Array, Uint8Array, number, number]>;
  readonly removexattr: Call<[Uint8Array, Uint8Array]>;
  readonly mkdirat: Call<[number, Uint8Array, number]>;
  readonly mknodat: Call<[number, Uint8Array, number, bigint]>;
  readonly symlinkat: Call<[Uint8Array, number, Uint8Array]>;
  readonly linkat: Call<[number, Uint8Array, number, Uint8Array, number]>;
  readonly unlinkat: Call<[number, Uint8Array, number]>;
  readonly fchownat: Call<[number, Uint8Array, number, number, number]>;
  readonly fchmod: Call<[number, number]>;
  readonly chmod: Call<[Uint8Array, number]>;
  readonly utimensat: Call<[number, Uint8Array, Uint8Array, number]>;
  readonly ioctl: Call<[number, number, Uint8Array]>;
  /** Runs on a thread of its own, since a disk may take long. */
  readonly syncfs: (handle: number) => Promise<number>;
  /** Lists attributes relative to a directory, twice as fast as by way of /proc; only Linux 6.13 and newer has it. */
  readonly listxattrat: Call<[number, Uint8Array, Uint8Array, number]> | undefined;
}

/**
 * Binds the functions of the C library that this process runs with, GNU's or musl.
 * @throws Error when one is missing (glibc before 2.33)
 */
export function bindLinuxCalls(): LinuxCalls {
  const library = koffi.load(null);
  const bind = (name: string, result: string, parameters: string[]) => library.func(name, result, parameters);
  return {
    openat: bind('openat', 'int', ['int', 'void *', 'int', 'uint']),
    close: bind('close', 'int', ['int']),
    getdents64: bind('getdents64', 'long', ['int', 'void *', 'size_t']),
    statx: bind('statx', 'int', ['int', 'void *', 'int', 'uint', 'void *']),
    readlinkat: bind('readlinkat', 'long', ['int', 'void *', 'void *', 'size_t']),
    llistxattr: bind('llistxattr', 'long', ['void *', 'void *', 'size_t']),
    lgetxattr: bind('lgetxattr', 'long', ['void *', 'void *', 'void *', 'size_t']),
    listxattr: bind('listxattr', 'long', ['void *', 'void *', 'size_t']),
    getxattr: bind('getxattr', 'long', ['void *', 'void *', 'void *', 'size_t']),
    setxattr: bind('setxattr', 'int', ['void *', 'void *', 'void *', 'size_t', 'int']),
    removexattr: bind('removexattr', 'int', ['void *', 'void *']),
    mkdirat: bind('mkdirat', 'int', ['int', 'void *', 'uint']),
    mknodat: bind('mknodat', 'int', ['int', 'void *', 'uint', 'uint64_t']),
    symlinkat: bind('symlinkat', 'int', ['void *', 'int', 'void *']),
    linkat: bind('linkat', 'int', ['int', 'void *', 'int', 'void *', 'int']),
    unlinkat: bind('unlinkat', 'int', ['int', 'void *', 'int']),
    fchownat: bind('fchownat', 'int', ['int', 'void *', 'uint', 'uint', 'int']),
    fchmod: bind('fchmod', 'int', ['int', 'uint']),
    chmod: bind('chmod', 'int', ['void *', 'uint']),
    utimensat: bind('utimensat', 'int', ['int', 'void *', 'void *', 'int']),
    ioctl: bind('ioctl', 'int', ['int', 'ulong', 'void *']),
    syncfs: bindSyncfs(bind('syncfs', 'int', ['int']).async),
    listxattrat: bindListxattrat(bind('syscall', 'long', ['long', 'int', 'void *', 'uint', 'void *', 'size_t'])),
  };
}

type WithCallback = (handle: number, done: (error: Error | null, result: number) => void) => void;

function bindSyncfs(syncfs: WithCallback): LinuxCalls['syncfs'] {
  return (handle) =>
    new Promise((resolve, reject) => {
      syncfs(handle, (error, result) => (error === null ? resolve(result) : reject(error)));
    });
}

type SystemCall = Call<[number, number, Uint8Array, number, Uint8Array, number]>;

/** The C library has no function for this call yet; its number is the same on every machine. */
function bindListxattrat(systemCall: SystemCall): LinuxCalls['listxattrat'] {
  const number = 465;
  const answer = systemCall(number, AT_FDCWD, Buffer.from('/\0'), AT_SYMLINK_NOFOLLOW, Buffer.alloc(4096), 4096);
  if (answer < 0) return undefined;
  return (directory, name, list, size) => systemCall(number, directory, name, AT_SYMLINK_NOFOLLOW, list, size);
}

/** @throws PosixError for the reason in errno when `result` says that the call failed */
export function checked(call: string, result: number): number {
  if (result >= 0) return result;
  throw PosixError.fromNumber(call, koffi.errno());
}
