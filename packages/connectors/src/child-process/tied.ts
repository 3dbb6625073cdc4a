import { runChild } from './run-child.ts';

const TYING = ['setpriv', '--pdeathsig=KILL', '--'] as const;
let canTie: Promise<boolean> | undefined;

/**
 * The command of a program that the system kills when this process vanishes, even by a SIGKILL: for programs that run
 * until they are ended. Where util-linux is missing it is the plain command, and whoever comes next ends what was left.
 */
export async function tied(program: string, args: readonly string[]): Promise<readonly [string, ...string[]]> {
  canTie ??= tyingWorks();
  if (!(await canTie)) return [program, ...args];
  const [tie, ...options] = TYING;
  return [tie, ...options, program, ...args];
}

async function tyingWorks(): Promise<boolean> {
  try {
    const [tie, ...options] = TYING;
    return (await runChild(tie, [...options, 'true'])).code === 0;
  } catch (error) {
    // Not installed, as on other systems than Linux.
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return false;
    throw error;
  }
}
