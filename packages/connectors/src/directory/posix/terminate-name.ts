import { PosixError } from './posix-error.ts';

/** Room for the longest name, and for a path by way of /proc to one. */
export const NAME_BUFFER_BYTES = 512;

/**
 * Puts a name into a buffer as the C library wants it, with a NUL behind.
 * @throws PosixError `ENAMETOOLONG` for one that does not fit, which no file system could hold either
 */
export function terminateName(buffer: Buffer, name: string): Buffer {
  if (name.length >= buffer.length) throw new PosixError('name', 'ENAMETOOLONG');
  if (name.includes('\0')) throw new PosixError('name', 'EINVAL');
  buffer[buffer.write(name, 0, 'latin1')] = 0;
  return buffer;
}
