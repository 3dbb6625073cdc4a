import { setImmediate } from 'node:timers/promises';
import { DirectoryStack } from './posix/directory-stack.ts';
import { errorCode, PosixError } from './posix/posix-error.ts';
import type { Handle, Name, PosixFiles } from './posix/posix-files.ts';

const REMOVALS_PER_TURN = 256;

/**
 * Removes everything below an open directory: deeper than PATH_MAX if need be, never through a link, and never on
 * another file system than the root's (a mount below it makes this fail). Takes the handle over.
 */
export async function removeContents(files: PosixFiles, root: Handle, signal: AbortSignal): Promise<void> {
  using stack = new DirectoryStack(files, root);
  const rootStatus = files.statusOf(root);
  const entered: Name[] = [];
  let sinceTurn = 0;
  for (;;) {
    const below = removeLeaves(files, stack.current);
    sinceTurn += below.removed + 1;
    if (sinceTurn > REMOVALS_PER_TURN) {
      sinceTurn = 0;
      await setImmediate();
      signal.throwIfAborted();
    }
    if (below.directory !== undefined) {
      const status = enterForRemoval(files, stack, below.directory);
      if (status.device !== rootStatus.device || status.mountId !== rootStatus.mountId) {
        throw new PosixError('remove a directory on which another file system is mounted', 'EBUSY');
      }
      entered.push(below.directory);
    } else if (!below.more) {
      const name = entered.pop();
      if (name === undefined) return;
      stack.leave();
      files.removeDirectory(stack.current, name);
    }
  }
}

interface Leaves {
  readonly removed: number;
  /** A directory that has to be emptied first. */
  readonly directory?: Name;
  readonly more: boolean;
}

/** Removes what is no directory, up to the first directory; reading may skip names while others are removed. */
function removeLeaves(files: PosixFiles, directory: Handle): Leaves {
  const reading = files.openDirectory(directory, '.');
  let removed = 0;
  try {
    for (let names = files.readNames(reading); names !== undefined; names = files.readNames(reading)) {
      for (const name of names) {
        if (files.status(directory, name).type === 'directory') return { removed, directory: name, more: true };
        removeLeaf(files, directory, name);
        removed += 1;
      }
      // Others get their turn between two reads of a directory with millions of names.
      if (removed > REMOVALS_PER_TURN) break;
    }
    return { removed, more: removed > 0 };
  } finally {
    files.close(reading);
  }
}

/** A restored immutable file, or a directory of such kind, has to lose its flags first. */
function removeLeaf(files: PosixFiles, directory: Handle, name: Name): void {
  try {
    files.removeFile(directory, name);
  } catch (error) {
    if (errorCode(error) !== 'EPERM') throw error;
    clearFlags(files, directory);
    if (files.status(directory, name).type === 'file') {
      const handle = files.openForReading(directory, name);
      clearFlags(files, handle);
      files.close(handle);
    }
    files.removeFile(directory, name);
  }
}

function clearFlags(files: PosixFiles, handle: Handle): void {
  if (files.statusOf(handle).flags !== 0) files.setFlags(handle, 0);
}

function enterForRemoval(files: PosixFiles, stack: DirectoryStack, name: Name) {
  try {
    const status = stack.enter(name);
    clearFlags(files, stack.current);
    if ((status.mode & 0o700) !== 0o700) files.setMode(stack.current, 0o700);
    return status;
  } catch (error) {
    if (errorCode(error) !== 'EACCES') throw error;
    const handle = files.openNode(stack.current, name);
    try {
      files.setMode(handle, 0o700);
    } finally {
      files.close(handle);
    }
    return stack.enter(name);
  }
}
