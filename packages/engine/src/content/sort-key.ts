import { EngineError } from '../engine-error.ts';
import type { ItemPath } from './item-record.ts';

const SLASH = 0x2f;

/**
 * A path with `/` replaced by zero, so that plain byte order is path order: a directory comes right before what it
 * contains (docs/format/trees.md).
 * @throws EngineError `invalid-argument` when a name holds a zero byte
 */
export function sortKeyOf(path: ItemPath): Buffer {
  const key = Buffer.from(path);
  for (let at = 0; at < key.length; at += 1) {
    const byte = key[at];
    if (byte === SLASH) key[at] = 0;
    else if (byte === 0) {
      throw new EngineError('invalid-argument', `a path holds a zero byte: ${JSON.stringify(printablePath(path))}`);
    }
  }
  return key;
}

export function pathOfSortKey(key: Uint8Array): Buffer {
  const path = Buffer.from(key);
  for (let at = path.indexOf(0); at !== -1; at = path.indexOf(0, at + 1)) path[at] = SLASH;
  return path;
}

/** A path for messages. */
export function printablePath(path: ItemPath): string {
  return Buffer.from(path.buffer, path.byteOffset, path.byteLength).toString('utf8');
}
