import { errorCode, PosixError } from './posix/posix-error.ts';
import type { FileStatus, Handle, Name, PosixFiles } from './posix/posix-files.ts';

/**
 * Runs an action that makes something, and when the name is taken, lets `keep` decide whether what is there will do;
 * otherwise removes it (a directory only when it is empty) and makes the thing anew.
 * @returns what the action made, or undefined when what is there was kept
 */
export function makeOrReplace<Made>(
  files: PosixFiles,
  directory: Handle,
  name: Name,
  make: () => Made,
  keep: (status: FileStatus) => boolean,
): Made | undefined {
  try {
    return make();
  } catch (error) {
    if (errorCode(error) !== 'EEXIST') throw error;
  }
  const status = files.status(directory, name);
  if (keep(status)) return undefined;
  remove(files, directory, name, status);
  return make();
}

function remove(files: PosixFiles, directory: Handle, name: Name, status: FileStatus): void {
  if (status.type !== 'directory') {
    files.removeFile(directory, name);
    return;
  }
  try {
    files.removeDirectory(directory, name);
  } catch (error) {
    if (errorCode(error) !== 'ENOTEMPTY') throw error;
    throw new PosixError('replace a directory that is not empty', 'ENOTEMPTY');
  }
}
