import { join } from 'node:path';

/** Where the parts of a restored instance are: everything lies in one directory, so that removing it removes all. */
export function dataDirectoryOf(directory: string): string {
  return join(directory, 'data');
}

export function serverLogOf(directory: string): string {
  return join(directory, 'server.log');
}
