import { writeSync } from 'node:fs';
import type { PosixFiles } from '../posix/posix-files.ts';

/** Directories named `dddd`, one in the other, with a file at the bottom: made relative to handles, as it has to be. */
export function buildDeepTree(files: PosixFiles, root: string, depth: number, content: string): void {
  let handle = files.openPath(root);
  for (let level = 0; level < depth; level += 1) {
    files.makeDirectory(handle, 'dddd');
    const next = files.openDirectory(handle, 'dddd');
    files.setTimes(handle, undefined, BigInt(level));
    files.close(handle);
    handle = next;
  }
  const file = files.createFile(handle, 'file');
  writeSync(file, content);
  files.close(file);
  files.close(handle);
}
