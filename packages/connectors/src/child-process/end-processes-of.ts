import { readdir, readFile } from 'node:fs/promises';
import { setTimeout as wait } from 'node:timers/promises';

const STEP_MS = 20;

/**
 * Kills the processes of this machine whose arguments name a private directory, or something below it, and waits until
 * they have gone: what a worker that vanished left running there. Nothing is found where there is no /proc.
 */
export async function endProcessesOf(directory: string): Promise<void> {
  for (;;) {
    const pids = await processesOf(directory);
    if (pids.length === 0) return;
    for (const pid of pids) kill(pid);
    await wait(STEP_MS);
  }
}

async function processesOf(directory: string): Promise<number[]> {
  const pids = await numbersIn('/proc');
  const found: number[] = [];
  for (const pid of pids) if (pid !== process.pid && (await names(pid, directory))) found.push(pid);
  return found;
}

async function numbersIn(directory: string): Promise<number[]> {
  try {
    return (await readdir(directory)).map(Number).filter(Number.isInteger);
  } catch (error) {
    if (isGone(error)) return [];
    throw error;
  }
}

/** The dead that nobody has reaped yet have no arguments any more. */
async function names(pid: number, directory: string): Promise<boolean> {
  try {
    const args = (await readFile(`/proc/${pid}/cmdline`, 'latin1')).split('\0');
    const wanted = Buffer.from(directory).toString('latin1');
    return args.some((each) => each.endsWith(wanted) || each.includes(`${wanted}/`));
  } catch (error) {
    if (isGone(error)) return false;
    throw error;
  }
}

function kill(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch (error) {
    if (!isGone(error)) throw error;
  }
}

function isGone(error: unknown): boolean {
  return error instanceof Error && 'code' in error && ['ENOENT', 'ESRCH'].includes(String(error.code));
}
