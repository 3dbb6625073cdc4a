import { type ChildProcess, spawn } from 'node:child_process';
import type { Readable, Writable } from 'node:stream';
import { LastBytes } from './last-bytes.ts';
import type { ChildOptions } from './run-child.ts';

/** How long a program may take to end by itself after SIGTERM. */
const TERM_PATIENCE_MS = 5000;

/** A program whose output or input is a stream of payload; disposing of it ends it and waits until it has gone. */
export interface StreamingChild extends AsyncDisposable {
  readonly stdout: Readable;
  readonly stdin: Writable;
  /** The exit code once all output was read; null after a signal. Rejects when the program could not be started. */
  readonly exit: Promise<number | null>;
  /** The last 64 KiB of what it said. */
  stderr(): string;
}

/** Starts a program with pipes; an abort kills it. */
export function streamChild(program: string, args: readonly string[], options: ChildOptions = {}): StreamingChild {
  options.signal?.throwIfAborted();
  const child = spawn(program, args, {
    cwd: '/',
    env: { PATH: process.env['PATH'] ?? '/usr/bin:/bin', LC_ALL: 'C.UTF-8', ...options.env },
    stdio: ['pipe', 'pipe', 'pipe'],
    ...(options.identity ?? {}),
  });
  const stderr = new LastBytes();
  child.stderr.on('data', (part: Buffer) => stderr.add(part));
  // A program that ends early closes its input: its exit code and its words tell why.
  child.stdin.on('error', () => undefined);
  const exit = new Promise<number | null>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code) => resolve(code));
  });
  exit.catch(() => undefined);
  const abort = (): void => void child.kill('SIGKILL');
  options.signal?.addEventListener('abort', abort, { once: true });
  const forget = () => options.signal?.removeEventListener('abort', abort);
  exit.then(forget, forget);
  return {
    stdout: child.stdout,
    stdin: child.stdin,
    exit,
    stderr: () => stderr.text(),
    [Symbol.asyncDispose]: () => end(child, exit),
  };
}

async function end(child: ChildProcess, exit: Promise<unknown>): Promise<void> {
  if (child.exitCode === null && child.signalCode === null) child.kill('SIGTERM');
  const kill = setTimeout(() => child.kill('SIGKILL'), TERM_PATIENCE_MS);
  // What is left in the pipe is read by nobody; the program must not wait for that.
  child.stdout?.destroy();
  child.stdin?.destroy();
  await exit.catch(() => undefined);
  clearTimeout(kill);
}
