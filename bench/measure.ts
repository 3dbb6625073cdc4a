/** Runs a program and measures the whole process tree: wall time, CPU time, peak memory. */
import { spawn } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';

export interface Measurement {
  readonly seconds: number;
  /** Sum over the processes of the tree of each one's peak resident size, in MiB. */
  readonly peakMiB: number;
  readonly stdout: string;
}

export interface Program {
  readonly command: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  readonly cwd?: string;
}

/** @throws Error with the program's stderr when it fails */
export async function measure(program: Program): Promise<Measurement> {
  const [file = '', ...args] = program.command;
  const startedAt = process.hrtime.bigint();
  const child = spawn(file, args, {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, ...program.env },
    ...(program.cwd === undefined ? {} : { cwd: program.cwd }),
  });
  const peaks = new Map<number, number>();
  const sampler = setInterval(() => samplePeaks(child.pid ?? 0, peaks), 25);
  const stdout: Buffer[] = [];
  const stderr: Buffer[] = [];
  child.stdout.on('data', (chunk: Buffer) => stdout.push(chunk));
  child.stderr.on('data', (chunk: Buffer) => stderr.push(chunk));
  const code = await new Promise<number | null>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', resolve);
  });
  clearInterval(sampler);
  const seconds = Number(process.hrtime.bigint() - startedAt) / 1e9;
  if (code !== 0) {
    throw new Error(
      `${program.command.join(' ')} ended with ${code}: ${Buffer.concat(stderr).toString().slice(-2000)}`,
    );
  }
  const peakMiB = [...peaks.values()].reduce((sum, kib) => sum + kib, 0) / 1024;
  return { seconds, peakMiB, stdout: Buffer.concat(stdout).toString() };
}

/** Reads VmHWM of the process and all its descendants; a process that has just ended keeps its last value. */
function samplePeaks(root: number, peaks: Map<number, number>): void {
  const pending = [root];
  for (let pid = pending.pop(); pid !== undefined; pid = pending.pop()) {
    try {
      const kib = /VmHWM:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1];
      if (kib !== undefined) peaks.set(pid, Math.max(peaks.get(pid) ?? 0, Number(kib)));
      for (const task of readdirSync(`/proc/${pid}/task`)) {
        const children = readFileSync(`/proc/${pid}/task/${task}/children`, 'utf8').trim();
        if (children !== '') pending.push(...children.split(' ').map(Number));
      }
    } catch (error) {
      // The process ended between two looks, which is normal; anything else would be a broken measurement.
      if (!['ENOENT', 'ESRCH'].includes((error as NodeJS.ErrnoException).code ?? '')) throw error;
    }
  }
}

/** The middle value. */
export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
}
