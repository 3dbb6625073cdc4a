import { rmdir } from 'node:fs/promises';
import { ConnectorError } from '../sdk/v1/connector-error.ts';
import { directoryError } from './errors.ts';
import type { FileSystemRecord } from './file-system-register.ts';
import type { FileSystems } from './file-systems.ts';
import { errorCode } from './posix/posix-error.ts';
import type { PosixFiles } from './posix/posix-files.ts';
import { removeContents } from './remove-tree.ts';

/** What a removal will take away, decided before anything is touched. */
export interface RemovalPlan {
  readonly fileSystemId: string;
  readonly path: string;
  readonly inode: string;
}

/** @throws ConnectorError `denied` for what no restore created */
export function planRemoval(record: FileSystemRecord): RemovalPlan {
  if (record.restored === undefined) {
    throw new ConnectorError('denied', `${record.path} was not created by a restore, so Holdfast does not remove it.`);
  }
  return { fileSystemId: record.id, path: record.path, inode: record.restored.inode };
}

/** Carries a removal out; a directory that is no longer the one that the restore made is left alone. */
export async function removeRestored(
  files: PosixFiles,
  fileSystems: FileSystems,
  plan: RemovalPlan,
  signal: AbortSignal,
): Promise<void> {
  try {
    const root = files.openPath(plan.path);
    if (files.statusOf(root).inode.toString() !== plan.inode) {
      files.close(root);
      throw new ConnectorError('conflict', `${plan.path} is not the directory that the restore made.`, {
        hint: 'Something else was put in its place; remove it by hand if it is not needed.',
      });
    }
    await removeContents(files, root, signal);
    await rmdir(plan.path);
  } catch (error) {
    signal.throwIfAborted();
    if (error instanceof ConnectorError) throw error;
    if (errorCode(error) !== 'ENOENT') throw directoryError('Cannot remove', plan.path, error);
  }
  await fileSystems.register.remove(plan.fileSystemId);
}
