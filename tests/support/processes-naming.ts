import { readdirSync, readFileSync } from 'node:fs';

/** A process with its command line. */
interface NamingProcess {
  readonly pid: number;
  readonly command: string;
}

/** The processes of this machine, but for this one, whose command lines name a directory or something below it. */
export function processesNaming(directory: string): NamingProcess[] {
  const found: NamingProcess[] = [];
  for (const name of readdirSync('/proc')) {
    const pid = Number(name);
    if (!Number.isInteger(pid) || pid === process.pid) continue;
    const command = commandOf(pid);
    if (command.includes(`${directory}/`)) found.push({ pid, command });
  }
  return found;
}

/** For what a test started and a failure left running. */
export function killProcessesNaming(directory: string): void {
  for (const { pid } of processesNaming(directory)) process.kill(pid, 'SIGKILL');
}

function commandOf(pid: number): string {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0').join(' ').trim();
  } catch (error) {
    // The process ended while we looked.
    if (error instanceof Error && 'code' in error && ['ENOENT', 'ESRCH'].includes(String(error.code))) return '';
    throw error;
  }
}
