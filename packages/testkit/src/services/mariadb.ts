import { spawn, spawnSync } from 'node:child_process';
import { chmodSync, chownSync, closeSync, mkdtempSync, openSync, readFileSync, rmSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { freePort } from '../free-port.ts';
import { findProgram } from '../requirements.ts';

/** A throw-away MariaDB server on the loopback interface, whose root needs no password. */
export interface MariadbServer {
  readonly port: number;
  readonly socketPath: string;
  readonly dataDirectory: string;
  /** Runs SQL as root. @returns the rows, columns separated by tabs */
  sql(text: string): string;
  /** Ends it as a crash would. */
  kill(): Promise<void>;
  /** Starts it again after `kill` or `stop`. */
  start(): Promise<void>;
  stop(): Promise<void>;
  /** Stops it and removes the data directory. */
  remove(): Promise<void>;
}

const START_PATIENCE_MS = 60_000;
/** Small, since every new data directory is filled with it. */
const LOG_SIZE = '--innodb-log-file-size=8M';
let template: string | undefined;

/** A freshly installed data directory, made once per process and copied for each server. */
function emptyDataDirectory(identity: { uid: number; gid: number } | undefined): string {
  if (template !== undefined) return template;
  const home = mkdtempSync(join(tmpdir(), 'holdfast-mariadb-new-'));
  process.once('exit', () => rmSync(home, { recursive: true, force: true }));
  if (identity !== undefined) chownSync(home, identity.uid, identity.gid);
  template = join(home, 'data');
  const options = ['--no-defaults', `--datadir=${template}`, '--auth-root-authentication-method=normal', LOG_SIZE];
  runToEnd('mariadb-install-db', [...options, '--skip-test-db'], identity);
  return template;
}

/** Starts a server with the given options in a new temporary directory on a free port; about a second. */
export async function startMariadb(options: readonly string[] = []): Promise<MariadbServer> {
  const server = findProgram('mariadbd', ['/usr/sbin']);
  if (server === undefined) throw new Error('MariaDB is not installed: mariadbd was not found');
  const home = mkdtempSync(join(tmpdir(), 'holdfast-mariadb-'));
  const identity = process.getuid?.() === 0 ? userIds('mysql') : undefined;
  if (identity !== undefined) chownSync(home, identity.uid, identity.gid);
  chmodSync(home, 0o755);
  const dataDirectory = join(home, 'data');
  const socketPath = join(home, 's.sock');
  const log = join(home, 'log');
  runToEnd('cp', ['-a', emptyDataDirectory(identity), dataDirectory], undefined);
  const port = await freePort();
  const args = [
    '--no-defaults',
    `--datadir=${dataDirectory}`,
    `--port=${port}`,
    '--bind-address=127.0.0.1',
    `--socket=${socketPath}`,
    `--pid-file=${join(home, 'pid')}`,
    '--innodb-buffer-pool-size=64M',
    LOG_SIZE,
    '--innodb-flush-log-at-trx-commit=2',
    ...options,
  ];
  let running: { stop(signal: NodeJS.Signals): Promise<void> } | undefined;
  async function start(): Promise<void> {
    const logFile = openSync(log, 'a');
    const child = spawn(server ?? '', args, { cwd: '/', stdio: ['ignore', logFile, logFile], ...identity });
    closeSync(logFile);
    const ended = new Promise<void>((resolve) => child.once('close', () => resolve()));
    // A test process must be able to end although its server still runs; stop() ends the server.
    child.unref();
    await untilAnswering(socketPath, () => child.exitCode !== null || child.signalCode !== null, log);
    running = {
      async stop(signal) {
        child.ref();
        child.kill(signal);
        await ended;
      },
    };
  }
  async function end(signal: NodeJS.Signals): Promise<void> {
    await running?.stop(signal);
    running = undefined;
  }
  await start();
  return {
    port,
    socketPath,
    dataDirectory,
    sql: (text) => runSql(socketPath, text),
    start,
    kill: () => end('SIGKILL'),
    stop: () => end('SIGTERM'),
    async remove() {
      await end('SIGTERM');
      rmSync(home, { recursive: true, force: true });
    },
  };
}

/** Runs SQL over a socket as root. @throws Error with the server's words */
export function runSql(socketPath: string, text: string, more: readonly string[] = []): string {
  const args = ['--no-defaults', `--socket=${socketPath}`, '--user=root', '--batch', '--skip-column-names', ...more];
  const result = spawnSync('mariadb', args, { input: text, encoding: 'utf8', maxBuffer: 256 * 1024 * 1024 });
  if (result.status !== 0) throw new Error(`mariadb failed: ${result.stderr}${result.error?.message ?? ''}`);
  return result.stdout.trimEnd();
}

function userIds(name: string): { uid: number; gid: number } {
  const ids = (flag: string) => Number(spawnSync('id', [flag, name], { encoding: 'utf8' }).stdout);
  return { uid: ids('-u'), gid: ids('-g') };
}

function runToEnd(program: string, args: readonly string[], identity: { uid: number; gid: number } | undefined): void {
  const result = spawnSync(program, args, { cwd: '/', encoding: 'utf8', ...identity });
  if (result.status !== 0) throw new Error(`${program} failed: ${result.stderr}${result.error?.message ?? ''}`);
}

async function untilAnswering(socketPath: string, hasEnded: () => boolean, log: string): Promise<void> {
  const givesUpAt = performance.now() + START_PATIENCE_MS;
  while (!(await answers(socketPath))) {
    if (hasEnded() || performance.now() > givesUpAt) {
      throw new Error(`MariaDB did not start: ${readFileSync(log, 'utf8')}`);
    }
    await wait(20);
  }
}

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
