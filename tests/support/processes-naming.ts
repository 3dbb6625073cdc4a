import { readdirSync, readFileSync } from 'node:fs';

/** The command lines of the processes of this machine, but for this one, that name a directory or something below it. */
export function processesNaming(directory: string): string[] {
  const found: string[] = [];
  for (const pid of readdirSync('/proc').filter((name) => /^\d+$/.test(name) && name !== String(process.pid))) {
    try {
      const command = readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0').join(' ').trim();
      if (command.includes(`${directory}/`)) found.push(`${pid} ${command}`);
    } catch (error) {
      // The process ended while we looked.
      if (!(error instanceof Error && 'code' in error && ['ENOENT', 'ESRCH'].includes(String(error.code)))) throw error;
    }
  }
  return found;
}
