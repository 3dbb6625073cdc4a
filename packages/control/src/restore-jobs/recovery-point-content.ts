import type { RecoveryPointContent } from '@holdfast/connectors/sdk';
import type { RecoveryPointReader } from '@holdfast/engine';

/** A recovery point of the engine as connectors read it. */
export function recoveryPointContent(reader: RecoveryPointReader): RecoveryPointContent {
  return {
    items: (under) => reader.items(under),
    item: (path) => reader.item(path),
    read: (path, range) => reader.read(path, range),
    writeFiles: (files, options) => reader.writeFiles(files, options),
  };
}
