import type { FileToWrite, RecoveryPointContent, WriteFilesOptions } from '@holdfast/connectors/sdk';
import type { RecoveryPointReader } from '@holdfast/engine';

/**
 * A recovery point of the engine as connectors read it. The engine reports the item of a finished file, connectors want
 * the file: files that wait for their report are remembered by item, oldest first.
 */
export function recoveryPointContent(reader: RecoveryPointReader): RecoveryPointContent {
  return {
    items: (under) => reader.items(under),
    item: (path) => reader.item(path),
    read: (path, range) => reader.read(path, range),
    writeFiles: (files, options) => writeFiles(reader, files, options),
  };
}

async function writeFiles(
  reader: RecoveryPointReader,
  files: AsyncIterable<FileToWrite>,
  options: WriteFilesOptions,
): Promise<void> {
  const waiting = new Map<string, FileToWrite[]>();
  const remembered = async function* () {
    for await (const file of files) {
      const key = keyOf(file.item);
      const queue = waiting.get(key);
      if (queue === undefined) waiting.set(key, [file]);
      else queue.push(file);
      yield file;
    }
  };
  await reader.writeFiles(remembered(), {
    signal: options.signal,
    overExisting: options.overExisting,
    done(item, outcome) {
      const key = keyOf(item);
      const queue = waiting.get(key);
      const file = queue?.shift();
      if (queue?.length === 0) waiting.delete(key);
      if (file !== undefined) options.done(file, outcome);
    },
  });
}

function keyOf(path: Uint8Array): string {
  return Buffer.from(path).toString('latin1');
}
