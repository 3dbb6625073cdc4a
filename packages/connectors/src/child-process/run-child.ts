import { spawn } from 'node:child_process';
import type { UserIdentity } from './identity-of.ts';
import { LastBytes } from './last-bytes.ts';

export interface ChildOptions {
  /** Whom the child runs as; absent: as this process. */
  readonly identity?: UserIdentity | undefined;
  /** Added to a clean environment; the place for secrets, which never belong on a command line. */
  readonly env?: Readonly<Record<string, string>>;
  readonly signal?: AbortSignal;
}

export interface ChildResult {
  readonly code: number | null;
  readonly stdout: string;
  /** The last 64 KiB. */
  readonly stderr: string;
}

/**
 * Runs a short program to its end, with what it said; an abort kills it.
 * @throws the system's error when it cannot be started, the signal's reason when aborted
 */
export function runChild(program: string, args: readonly string[], options: ChildOptions = {}): Promise<ChildResult> {
  return new Promise((resolve, reject) => {
    options.signal?.throwIfAborted();
    const child = spawn(program, args, {
      cwd: '/',
      env: { PATH: process.env.PATH ?? '/usr/bin:/bin', LC_ALL: 'C.UTF-8', ...options.env },
      stdio: ['ignore', 'pipe', 'pipe'],
      ...(options.identity ?? {}),
    });
    const stdout = new LastBytes();
    const stderr = new LastBytes();
    child.stdout.on('data', (part: Buffer) => stdout.add(part));
    child.stderr.on('data', (part: Buffer) => stderr.add(part));
    const kill = (): void => void child.kill('SIGKILL');
    options.signal?.addEventListener('abort', kill, { once: true });
    child.once('error', reject);
    child.once('close', (code) => {
      options.signal?.removeEventListener('abort', kill);
      if (options.signal?.aborted === true) reject(options.signal.reason);
      else resolve({ code, stdout: stdout.text(), stderr: stderr.text() });
    });
  });
}
