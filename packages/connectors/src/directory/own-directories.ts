import { stat } from 'node:fs/promises';
import { errorCode } from './posix/posix-error.ts';

/**
 * Holdfast's own directories as `device:inode`, so that a walk recognises them whatever path leads there. One that
 * does not exist cannot be met by a walk.
 */
export async function ownDirectories(paths: readonly string[]): Promise<ReadonlySet<string>> {
  const keys = new Set<string>();
  for (const path of paths) {
    const key = await directoryKey(path);
    if (key !== undefined) keys.add(key);
  }
  return keys;
}

export async function directoryKey(path: string): Promise<string | undefined> {
  try {
    const { dev, ino } = await stat(path, { bigint: true });
    return `${dev}:${ino}`;
  } catch (error) {
    if (['ENOENT', 'ENOTDIR', 'EACCES'].includes(errorCode(error) ?? '')) return undefined;
    throw error;
  }
}
