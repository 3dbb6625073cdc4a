import { constants } from 'node:os';

const CODES = new Map(Object.entries(constants.errno).map(([code, number]) => [number, code]));
// Linux has two names for some numbers; the tables and messages of this connector use these.
CODES.set(constants.errno.EOPNOTSUPP, 'ENOTSUP');
CODES.set(constants.errno.EAGAIN, 'EAGAIN');

const MEANINGS: Readonly<Record<string, string>> = {
  EACCES: 'permission denied',
  EEXIST: 'it exists already',
  EINVAL: 'the value is not accepted here',
  EIO: 'input/output error of the disk',
  ELOOP: 'a symbolic link is in the way',
  EMFILE: 'this process has too many open files',
  ENAMETOOLONG: 'the name or path is too long',
  ENODATA: 'there is no such attribute',
  ENOENT: 'it does not exist',
  ENOSPC: 'no space left',
  ENOTDIR: 'it is not a directory',
  ENOTEMPTY: 'the directory is not empty',
  ENOTSUP: 'the file system does not support this',
  EPERM: 'not permitted to this user',
  EROFS: 'the file system is read-only',
  ESTALE: 'it was moved or replaced meanwhile',
};

/** A failed call to the operating system; `code` is the symbolic error, for example `ENOENT`. */
export class PosixError extends Error {
  readonly code: string;
  readonly call: string;

  constructor(call: string, code: string) {
    super(`${call}: ${code}${MEANINGS[code] === undefined ? '' : ` (${MEANINGS[code]})`}`);
    this.name = 'PosixError';
    this.call = call;
    this.code = code;
  }

  static fromNumber(call: string, number: number): PosixError {
    return new PosixError(call, CODES.get(number) ?? `E${number}`);
  }
}

/** The error's symbolic code, for errors of this layer and of node:fs alike; undefined for other errors. */
export function errorCode(error: unknown): string | undefined {
  if (!(error instanceof Error) || !('code' in error)) return undefined;
  return typeof error.code === 'string' ? error.code : undefined;
}
