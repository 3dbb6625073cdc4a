import { spawn } from 'node:child_process';
import { open, readFile, readlink } from 'node:fs/promises';
import { connect } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import type { UserIdentity } from '../../child-process/identity-of.ts';
import { dataDirectoryOf, serverLogOf } from '../../restored-instances/instance-directory.ts';
import { programError } from '../errors.ts';
import { optionFileOf, pidFileOf, socketPathOf } from './instance-files.ts';

const STEP_MS = 50;
/** A prepared directory starts at once; this is for machines that are very busy. */
const START_PATIENCE_MS = 180_000;
const STOP_PATIENCE_MS = 120_000;
const LOG_TAIL_BYTES = 4000;

export interface RunServerOptions {
  /** The path of `mariadbd` or `mysqld`. */
  readonly program: string;
  readonly directory: string;
  readonly identity: UserIdentity | undefined;
  readonly args?: readonly string[];
  readonly signal?: AbortSignal;
}

/**
 * Starts the server of a restored instance, which outlives this process, and waits until it answers on its socket.
 * @throws ConnectorError with the end of its log when it ends instead
 */
export async function startServer(options: RunServerOptions): Promise<void> {
  const { program, directory, identity, args = [], signal } = options;
  signal?.throwIfAborted();
  await using log = await open(serverLogOf(directory), 'a', 0o600);
  if (identity !== undefined) await log.chown(identity.uid, identity.gid);
  const child = spawn(program, [`--defaults-file=${optionFileOf(directory)}`, ...args], {
    cwd: directory,
    env: { PATH: process.env['PATH'] ?? '/usr/bin:/bin', LC_ALL: 'C.UTF-8', TZ: 'UTC' },
    detached: true,
    stdio: ['ignore', log.fd, log.fd],
    ...(identity ?? {}),
  });
  const ended = { yes: false, reason: undefined as Error | undefined };
  child.once('error', (error) => Object.assign(ended, { yes: true, reason: error }));
  child.once('exit', () => Object.assign(ended, { yes: true }));
  child.unref();
  try {
    for (let waitedMs = 0; waitedMs < START_PATIENCE_MS; waitedMs += STEP_MS) {
      if (ended.reason !== undefined) throw ended.reason;
      if (ended.yes) break;
      if (await answers(socketPathOf(directory))) return;
      await sleep(STEP_MS, undefined, signal === undefined ? {} : { signal });
    }
  } catch (error) {
    child.kill('SIGKILL');
    throw error;
  }
  child.kill('SIGKILL');
  const said = (await readFile(serverLogOf(directory), 'utf8')).slice(-LOG_TAIL_BYTES);
  throw programError('the server', 'The restored instance does not start', said);
}

/** Whether a server sends its greeting. */
function answers(socketPath: string): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(socketPath);
    const settle = (answer: boolean) => {
      socket.destroy();
      resolve(answer);
    };
    socket.once('data', () => settle(true));
    socket.once('error', () => settle(false));
    socket.once('close', () => settle(false));
  });
}

/** Stops the server of an instance, if it runs, and waits until it has gone. */
export async function stopServer(directory: string): Promise<void> {
  const pid = await runningPid(directory);
  if (pid === undefined) return;
  signalProcess(pid, 'SIGTERM');
  for (let waitedMs = 0; waitedMs < STOP_PATIENCE_MS; waitedMs += STEP_MS) {
    if ((await runningPid(directory)) !== pid) return;
    await sleep(STEP_MS);
  }
  signalProcess(pid, 'SIGKILL');
  while ((await runningPid(directory)) === pid) await sleep(STEP_MS);
}

/** The process of the pid file, if it is alive and works in the data directory: numbers of the dead are given again. */
export async function runningPid(directory: string): Promise<number | undefined> {
  try {
    const pid = Number((await readFile(pidFileOf(directory), 'utf8')).trim());
    if (!Number.isInteger(pid) || pid <= 1) return undefined;
    return (await readlink(`/proc/${pid}/cwd`)) === dataDirectoryOf(directory) ? pid : undefined;
  } catch (error) {
    const isGone = error instanceof Error && 'code' in error && ['ENOENT', 'ESRCH'].includes(String(error.code));
    if (isGone) return undefined;
    throw error;
  }
}

function signalProcess(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal);
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'ESRCH')) throw error;
  }
}
