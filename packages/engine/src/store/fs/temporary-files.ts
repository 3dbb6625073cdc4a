import { readdir, stat, unlink } from 'node:fs/promises';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { threadId } from 'node:worker_threads';
import { errnoOf } from './fs-errors.ts';

const ABANDONED_MS = 24 * 3_600_000;
let counter = 0;

/** A name that no other thread, process or machine uses at this moment: `<host>+<process>+<thread>+<number>`. */
export function temporaryName(): string {
  counter += 1;
  return `${hostname()}+${process.pid}+${threadId}+${counter}`;
}

/**
 * Removes what crashed writers left: files of dead processes of this machine, and of anybody after a day. A file that
 * was linked under its final name is only a second name then, so the object stays.
 */
export async function removeAbandonedFiles(directory: string, now: number): Promise<number> {
  let removed = 0;
  for (const name of await readdir(directory)) {
    const path = join(directory, name);
    if (!(await isAbandoned(path, name, now))) continue;
    await unlink(path).catch(ignoreMissing);
    removed += 1;
  }
  return removed;
}

async function isAbandoned(path: string, name: string, now: number): Promise<boolean> {
  const [host, pid] = name.split('+');
  if (host === hostname() && !isAlive(Number(pid))) return true;
  const facts = await stat(path).catch(ignoreMissing);
  return facts !== undefined && now - facts.mtimeMs > ABANDONED_MS;
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return errnoOf(error) === 'EPERM';
  }
}

export function ignoreMissing(error: unknown): undefined {
  if (errnoOf(error) !== 'ENOENT') throw error;
}
