import {
  type BigIntStats,
  chmodSync,
  closeSync,
  constants,
  fstatSync,
  fsyncSync,
  lchownSync,
  linkSync,
  lstatSync,
  lutimesSync,
  mkdirSync,
  openSync,
  readdirSync,
  readlinkSync,
  rmdirSync,
  symlinkSync,
  unlinkSync,
} from 'node:fs';
import { errorCode, PosixError } from './posix-error.ts';
import type { FileStatus, Handle, Name, PosixFiles } from './posix-files.ts';

interface OpenThing {
  readonly path: Buffer;
  /** The descriptor of an open file; directories and nodes are paths only. */
  readonly descriptor?: number;
  listed?: boolean;
}

/**
 * The calls by way of node:fs, for systems without the native layer: by path, so bound by PATH_MAX, and without
 * extended attributes, device nodes and exact times on restore. `abilities` says so.
 */
export function portablePosixFiles(): PosixFiles {
  const open = new Map<Handle, OpenThing>();
  let lastHandle = 0;

  const remember = (thing: OpenThing): Handle => {
    lastHandle += 1;
    open.set(lastHandle, thing);
    return lastHandle;
  };
  const thingOf = (handle: Handle): OpenThing => {
    const thing = open.get(handle);
    if (thing === undefined) throw new PosixError('handle', 'EBADF');
    return thing;
  };
  const pathIn = (parent: Handle, name: Name): Buffer =>
    Buffer.concat([thingOf(parent).path, Buffer.from(`/${name}`, 'latin1')]);
  const openFile = (path: Buffer, flags: number): Handle =>
    remember({ path, descriptor: run('open', () => openSync(path, flags | constants.O_NOFOLLOW, 0o600)) });
  const unsupported = (call: string) => (): never => {
    throw new PosixError(call, 'ENOTSUP');
  };

  return {
    abilities: { extendedAttributes: false, deviceNodes: false, relativeCalls: false, nanosecondTimes: false },
    openPath(path) {
      const whole = Buffer.from(path);
      run('open', () => closeSync(openSync(whole, constants.O_RDONLY | constants.O_DIRECTORY)));
      return remember({ path: whole });
    },
    openDirectory(parent, name) {
      const path = pathIn(parent, name);
      if (!run('open', () => lstatSync(path)).isDirectory()) throw new PosixError('open', 'ENOTDIR');
      run('open', () => closeSync(openSync(path, constants.O_RDONLY | constants.O_DIRECTORY | constants.O_NOFOLLOW)));
      return remember({ path });
    },
    openForReading: (parent, name) => openFile(pathIn(parent, name), constants.O_RDONLY | constants.O_NONBLOCK),
    close(handle) {
      const { descriptor } = thingOf(handle);
      open.delete(handle);
      if (descriptor !== undefined) closeSync(descriptor);
    },
    readNames(directory) {
      const thing = thingOf(directory);
      if (thing.listed) return undefined;
      thing.listed = true;
      return run('readdir', () => readdirSync(thing.path, { encoding: 'latin1' }));
    },
    status: (directory, name) => statusFrom(run('stat', () => lstatSync(pathIn(directory, name), { bigint: true }))),
    statusOf(handle) {
      const { path, descriptor } = thingOf(handle);
      return statusFrom(
        run('stat', () =>
          descriptor === undefined ? lstatSync(path, { bigint: true }) : fstatSync(descriptor, { bigint: true }),
        ),
      );
    },
    readLink: (directory, name) => run('readlink', () => readlinkSync(pathIn(directory, name), { encoding: 'buffer' })),
    attributes: () => [],
    attributesOf: () => [],
    fileClockNs: () => BigInt(Date.now()) * 1_000_000n,

    makeDirectory: (parent, name) => run('mkdir', () => mkdirSync(pathIn(parent, name), 0o700)),
    createFile: (parent, name) =>
      openFile(pathIn(parent, name), constants.O_RDWR | constants.O_CREAT | constants.O_EXCL),
    openForWriting: (parent, name) => openFile(pathIn(parent, name), constants.O_RDWR | constants.O_NONBLOCK),
    openNode(parent, name) {
      const path = pathIn(parent, name);
      run('open', () => lstatSync(path));
      return remember({ path });
    },
    makeNode: unsupported('mknod'),
    makeSymlink: (parent, name, target) => run('symlink', () => symlinkSync(Buffer.from(target), pathIn(parent, name))),
    makeHardLink: (fromParent, fromName, parent, name) =>
      run('link', () => linkSync(pathIn(fromParent, fromName), pathIn(parent, name))),
    removeFile: (parent, name) => run('unlink', () => unlinkSync(pathIn(parent, name))),
    removeDirectory: (parent, name) => run('rmdir', () => rmdirSync(pathIn(parent, name))),
    pathOf: (handle) => thingOf(handle).path,
    setOwner: (handle, uid, gid) => run('chown', () => lchownSync(thingOf(handle).path, uid, gid)),
    setMode: (handle, mode) => run('chmod', () => chmodSync(thingOf(handle).path, mode)),
    setTimes(handle, accessedAtNs, modifiedAtNs) {
      const { path } = thingOf(handle);
      run('utimes', () => {
        const accessed = accessedAtNs ?? lstatSync(path, { bigint: true }).atimeNs;
        lutimesSync(path, Number(accessed) / 1e9, Number(modifiedAtNs) / 1e9);
      });
    },
    setAttribute: unsupported('setxattr'),
    removeAttribute: unsupported('removexattr'),
    setFlags: unsupported('chattr'),
    async flush(handle) {
      const descriptor = openSync(thingOf(handle).path, constants.O_RDONLY);
      try {
        fsyncSync(descriptor);
      } finally {
        closeSync(descriptor);
      }
    },
  };
}

/** Runs a call of node:fs and gives its failure this layer's form. */
function run<Result>(call: string, action: () => Result): Result {
  try {
    return action();
  } catch (error) {
    throw new PosixError(call, errorCode(error) ?? 'EIO');
  }
}

function statusFrom(stats: BigIntStats): FileStatus {
  return {
    type: typeFrom(stats),
    mode: Number(stats.mode) & 0o7777,
    uid: Number(stats.uid),
    gid: Number(stats.gid),
    sizeBytes: Number(stats.size),
    allocatedBytes: Number(stats.blocks) * 512,
    inode: stats.ino,
    device: stats.dev,
    mountId: undefined,
    linkCount: Number(stats.nlink),
    rdev: { major: Number(stats.rdev >> 8n) & 0xfff, minor: Number(stats.rdev & 0xffn) },
    accessedAtNs: stats.atimeNs,
    modifiedAtNs: stats.mtimeNs,
    changedAtNs: stats.ctimeNs,
    createdAtNs: stats.birthtimeNs,
    flags: 0,
  };
}

function typeFrom(stats: BigIntStats): FileStatus['type'] {
  if (stats.isDirectory()) return 'directory';
  if (stats.isSymbolicLink()) return 'symlink';
  if (stats.isFIFO()) return 'fifo';
  if (stats.isSocket()) return 'socket';
  if (stats.isCharacterDevice()) return 'character-device';
  return stats.isBlockDevice() ? 'block-device' : 'file';
}
