import { type FileHandle, open, readFile, rename } from 'node:fs/promises';
import type { StoreRetention } from '../store.ts';
import { StoreError } from '../store-error.ts';
import { ignoreMissing } from './temporary-files.ts';

/** Reads the lock that stands beside an object; undefined when there is none. */
export async function readLockRecord(path: string): Promise<StoreRetention | undefined> {
  const text = await readFile(path, 'utf8').catch(ignoreMissing);
  return text === undefined ? undefined : parse(text, path);
}

/** Replaces the record in one step; the caller syncs the directory. */
export async function writeLockRecord(path: string, temporaryPath: string, retention: StoreRetention): Promise<void> {
  let handle: FileHandle | undefined;
  try {
    handle = await open(temporaryPath, 'wx', 0o640);
    await handle.writeFile(`${JSON.stringify({ mode: retention.mode, untilAt: retention.untilAt })}\n`);
    await handle.sync();
  } finally {
    await handle?.close();
  }
  await rename(temporaryPath, path);
}

function parse(text: string, path: string): StoreRetention {
  const value: unknown = safeJson(text);
  if (typeof value === 'object' && value !== null && 'mode' in value && 'untilAt' in value) {
    const { mode, untilAt } = value;
    if ((mode === 'governance' || mode === 'compliance') && typeof untilAt === 'number') return { mode, untilAt };
  }
  // A lock that cannot be read is a lock: only a person may decide that it is none.
  throw new StoreError(
    'locked',
    `the lock record ${path} is damaged; the object counts as locked until it is repaired`,
  );
}

function safeJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
