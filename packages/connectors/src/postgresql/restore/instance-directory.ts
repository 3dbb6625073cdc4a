import { join } from 'node:path';

/** A unix socket's whole path may have 107 characters. */
const LONGEST_SOCKET_DIRECTORY = 90;

export function tablespaceDirectoryOf(directory: string, oid: string): string {
  return join(directory, 'tablespaces', oid);
}

/** Undefined where the path would be too long for a socket; the instance is then reached by 127.0.0.1 only. */
export function socketDirectoryOf(directory: string): string | undefined {
  const path = join(directory, 'socket');
  return Buffer.byteLength(path) <= LONGEST_SOCKET_DIRECTORY ? path : undefined;
}
