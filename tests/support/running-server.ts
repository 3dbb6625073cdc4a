/** Starts the real server as a user does, in a directory of its own, and stops it when the test ends. */
import { type ChildProcess, spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { BackupClient } from '@aws-sdk/client-backup';
import { temporaryDirectory } from '@holdfast/testkit';

export const repositoryRoot = resolve(import.meta.dirname, '..', '..');
const launcher = join(repositoryRoot, 'packages', 'cli', 'bin', 'holdfast.mjs');

interface CleansUp {
  after(fn: () => void | Promise<void>): void;
}

export interface RunningHoldfast {
  readonly url: string;
  readonly data: string;
  /** A working directory of the test's own; `data` is `holdfast-data` in it. */
  readonly directory: string;
  readonly process: ChildProcess;
  /** Environment for `npx holdfast`, `aws` and SDKs. */
  readonly env: NodeJS.ProcessEnv;
  /** What the server printed so far. */
  output(): string;
  stop(signal?: NodeJS.Signals): Promise<number | null>;
}

/** @param args further arguments of `serve` */
export async function startHoldfast(
  t: CleansUp,
  options: { readonly directory?: string; readonly args?: readonly string[]; readonly port?: number } = {},
): Promise<RunningHoldfast> {
  const directory = options.directory ?? temporaryDirectory(t, 'holdfast-e2e-');
  const data = join(directory, 'holdfast-data');
  const child = spawn(
    process.execPath,
    [launcher, 'serve', '--port', String(options.port ?? 0), ...(options.args ?? [])],
    {
      cwd: directory,
      env: cleanEnvironment(),
      stdio: ['ignore', 'pipe', 'pipe'],
    },
  );
  let output = '';
  const ended = new Promise<number | null>((resolveExit) => child.once('exit', (code) => resolveExit(code)));
  const collect = (chunk: Buffer): void => {
    output += chunk.toString();
  };
  child.stdout.on('data', collect);
  child.stderr.on('data', collect);
  const stop = async (signal: NodeJS.Signals = 'SIGTERM'): Promise<number | null> => {
    child.kill(signal);
    return ended;
  };
  t.after(async () => {
    if (child.exitCode === null && child.signalCode === null) await stop();
  });
  const url = await listening(child, () => output);
  const env = clientEnvironment(data);
  return { url, data, directory, process: child, env, output: () => output, stop };
}

/** What `npx holdfast`, `aws` and SDKs need in their environment to reach the server of a data directory. */
export function clientEnvironment(data: string): NodeJS.ProcessEnv {
  return {
    ...cleanEnvironment(),
    HOLDFAST_DATA: data,
    AWS_CONFIG_FILE: join(data, 'aws', 'config'),
    AWS_SHARED_CREDENTIALS_FILE: join(data, 'aws', 'credentials'),
    AWS_PROFILE: 'holdfast',
    AWS_PAGER: '',
    PATH: `${join(repositoryRoot, 'node_modules', '.bin')}:${process.env.PATH}`,
  };
}

function listening(child: ChildProcess, output: () => string): Promise<string> {
  return new Promise((resolveUrl, reject) => {
    const look = (): void => {
      const url = /listens on (http:\S+)/.exec(output())?.[1];
      if (url !== undefined) resolveUrl(url);
    };
    child.stdout?.on('data', look);
    child.once('exit', (code) => reject(new Error(`the server ended with ${code} before it listened:\n${output()}`)));
  });
}

/** The environment without anything that would lead a client elsewhere. */
function cleanEnvironment(): NodeJS.ProcessEnv {
  const env = { ...process.env };
  for (const name of Object.keys(env))
    if (/^(AWS|HOLDFAST)_/.test(name) || name === 'NODE_TEST_CONTEXT') delete env[name];
  return env;
}

export interface CommandResult {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs a program to its end. */
export function runProgram(
  program: string,
  args: readonly string[],
  options: { readonly env: NodeJS.ProcessEnv; readonly cwd?: string },
): Promise<CommandResult> {
  return new Promise((resolveResult, reject) => {
    const child = spawn(program, args, { ...options, stdio: ['ignore', 'pipe', 'pipe'] });
    const out: Buffer[] = [];
    const err: Buffer[] = [];
    child.stdout.on('data', (chunk: Buffer) => out.push(chunk));
    child.stderr.on('data', (chunk: Buffer) => err.push(chunk));
    child.once('error', reject);
    child.once('close', (code) =>
      resolveResult({ code, stdout: Buffer.concat(out).toString(), stderr: Buffer.concat(err).toString() }),
    );
  });
}

/** Runs `holdfast <args>` against a running server. */
export function holdfast(
  server: Pick<RunningHoldfast, 'env' | 'directory'>,
  args: readonly string[],
): Promise<CommandResult> {
  return runProgram(process.execPath, [launcher, ...args], { env: server.env, cwd: server.directory });
}

/** The official client with the credentials that the server wrote. */
export function clientOf(server: RunningHoldfast, region = 'us-east-1'): BackupClient {
  return new BackupClient({
    endpoint: server.url,
    region,
    credentials: profileCredentials(server.data),
    maxAttempts: 1,
  });
}

/** The credentials that the server wrote for its administrator. */
export function profileCredentials(data: string): { readonly accessKeyId: string; readonly secretAccessKey: string } {
  const text = readFileSync(join(data, 'aws', 'credentials'), 'utf8');
  const value = (name: string): string => new RegExp(`${name} = (\\S+)`).exec(text)?.[1] ?? '';
  return { accessKeyId: value('aws_access_key_id'), secretAccessKey: value('aws_secret_access_key') };
}

/** Runs `holdfast serve` where it is expected to give up at once. */
export function failToStart(directory: string, args: readonly string[]): Promise<CommandResult> {
  return runProgram(process.execPath, [launcher, 'serve', ...args], { env: cleanEnvironment(), cwd: directory });
}
