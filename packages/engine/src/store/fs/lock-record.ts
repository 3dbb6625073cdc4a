import { type FileHandle, open, readFile, rename } from 'node:fs/promises';
import type { StoreRetention } from '../store.ts';
import { StoreError } from '../store-error.ts';
import { ignoreMissing } from './temporary-files.ts';

/** What stands beside an object: a lock, a legal hold, or both. */
export interface LockRecord {
  readonly retention?: StoreRetention;
  readonly isHeld?: true;
}

/** Reads the record that stands beside an object; undefined when there is none. */
export async function readLockRecord(path: string): Promise<LockRecord | undefined> {
  const text = await readFile(path, 'utf8').catch(ignoreMissing);
  return text === undefined ? undefined : parse(text, path);
}

/** Replaces the record in one step; the caller syncs the directory. */
export async function writeLockRecord(path: string, temporaryPath: string, record: LockRecord): Promise<void> {
  let handle: FileHandle | undefined;
  try {
    handle = await open(temporaryPath, 'wx', 0o640);
    const { retention, isHeld } = record;
    const members = { mode: retention?.mode, untilAt: retention?.untilAt, isHeld };
    await handle.writeFile(`${JSON.stringify(members)}\n`);
    await handle.sync();
  } finally {
    await handle?.close();
  }
  await rename(temporaryPath, path);
}

function parse(text: string, path: string): LockRecord {
  const value: unknown = safeJson(text);
  if (typeof value === 'object' && value !== null) {
    const { mode, untilAt, isHeld } = value as { readonly [name: string]: unknown };
    const held = isHeld === true ? { isHeld: true as const } : {};
    if ((mode === 'governance' || mode === 'compliance') && typeof untilAt === 'number') {
      return { retention: { mode, untilAt }, ...held };
    }
    if (isHeld === true && mode === undefined && untilAt === undefined) return { isHeld };
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
