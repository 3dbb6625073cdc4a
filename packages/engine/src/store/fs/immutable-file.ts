import { open } from 'node:fs/promises';
import koffi from 'koffi';

/** `FS_IOC_GETFLAGS`, `FS_IOC_SETFLAGS` and `FS_IMMUTABLE_FL` of Linux, the same on all 64-bit machines. */
const GET_FLAGS = 0x80086601;
const SET_FLAGS = 0x40086602;
const IMMUTABLE = 0x10;

type Ioctl = (fd: number, request: number, flags: Int32Array) => number;
let ioctl: Ioctl | undefined;

function loadIoctl(): Ioctl {
  ioctl ??= koffi.load('libc.so.6').func('int ioctl(int fd, unsigned long request, _Inout_ int *flags)') as Ioctl;
  return ioctl;
}

/**
 * Sets or clears the immutable attribute (`chattr +i`): nobody, root included, can change, rename, link or delete the
 * file until it is cleared, which needs CAP_LINUX_IMMUTABLE.
 * @returns false when the system, the file system or the missing right does not allow it
 */
export async function setImmutable(path: string, immutable: boolean): Promise<boolean> {
  if (process.platform !== 'linux') return false;
  const handle = await open(path, 'r');
  try {
    const call = loadIoctl();
    const flags = new Int32Array(2);
    if (call(handle.fd, GET_FLAGS, flags) !== 0) return false;
    const held = flags[0] ?? 0;
    const wanted = immutable ? held | IMMUTABLE : held & ~IMMUTABLE;
    if (wanted === held) return true;
    flags[0] = wanted;
    return call(handle.fd, SET_FLAGS, flags) === 0;
  } finally {
    await handle.close();
  }
}

/** Whether the attribute is set now; false where there is none. */
export async function isImmutable(path: string): Promise<boolean> {
  if (process.platform !== 'linux') return false;
  const handle = await open(path, 'r');
  try {
    const flags = new Int32Array(2);
    return loadIoctl()(handle.fd, GET_FLAGS, flags) === 0 && ((flags[0] ?? 0) & IMMUTABLE) !== 0;
  } finally {
    await handle.close();
  }
}
