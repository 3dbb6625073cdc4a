import { read } from 'node:fs';
import { promisify } from 'node:util';
import type { ContentSource } from '@holdfast/engine';
import { ConnectorError } from '../sdk/v1/connector-error.ts';
import { displayPath, pathFromNames } from './item-paths.ts';
import type { FileStatus, Handle, Name, PosixReader } from './posix/posix-files.ts';

const readDescriptor = promisify(read);
const BLOCK_BYTES = 256 * 1024;

/**
 * The content of a file whose path is longer than the system takes in one call: opened name by name from the root.
 * Fails when the file is not the one that was recorded or changes meanwhile, since nobody else can notice.
 */
export function deepFileContent(
  files: PosixReader,
  root: string,
  names: readonly Name[],
  recorded: FileStatus,
): ContentSource {
  return {
    kind: 'stream',
    async *open(signal) {
      const handle = openByNames(files, root, names);
      try {
        assertUnchanged(files.statusOf(handle), recorded, names);
        for (;;) {
          signal.throwIfAborted();
          const block = Buffer.allocUnsafe(BLOCK_BYTES);
          const { bytesRead } = await readDescriptor(handle, block, 0, BLOCK_BYTES, null);
          if (bytesRead === 0) break;
          yield block.subarray(0, bytesRead);
        }
        assertUnchanged(files.statusOf(handle), recorded, names);
      } finally {
        files.close(handle);
      }
    },
  };
}

function openByNames(files: PosixReader, root: string, names: readonly Name[]): Handle {
  let directory = files.openPath(root);
  try {
    for (const name of names.slice(0, -1)) {
      const next = files.openDirectory(directory, name);
      files.close(directory);
      directory = next;
    }
    return files.openForReading(directory, names.at(-1) ?? '');
  } finally {
    files.close(directory);
  }
}

function assertUnchanged(now: FileStatus, recorded: FileStatus, names: readonly Name[]): void {
  const same =
    now.inode === recorded.inode &&
    now.sizeBytes === recorded.sizeBytes &&
    now.modifiedAtNs === recorded.modifiedAtNs &&
    now.changedAtNs === recorded.changedAtNs;
  if (same) return;
  throw new ConnectorError('conflict', `${displayPath(pathFromNames(names))} changed while it was read.`);
}
