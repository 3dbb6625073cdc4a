import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import {
  chmodSync,
  closeSync,
  existsSync,
  globSync,
  mkdtempSync,
  openSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { freePort } from '../free-port.ts';
import { findProgram } from '../requirements.ts';

/** A throw-away PostgreSQL server on the loopback interface, without passwords and without fsync. */
export interface PostgresServer {
  readonly port: number;
  /** Where `initdb`, `pg_ctl`, `pg_basebackup` and their kin are. */
  readonly binDirectory: string;
  readonly dataDirectory: string;
  /** The superuser. */
  readonly user: string;
  connectionString(database?: string): string;
  /** Kills the server as the kernel would (SIGKILL); its other processes end because of that. */
  crash(): Promise<void>;
  /** After a crash: the same server on the same port, which recovers first. */
  startAgain(): Promise<void>;
  /** Fast shutdown; removes the data directory. */
  stop(): Promise<void>;
}

export interface PostgresOptions {
  /** Lines of postgresql.conf, for example `{ wal_level: 'logical' }`. */
  readonly settings?: Readonly<Record<string, string | number>>;
  readonly initdbArguments?: readonly string[];
  /** Other programs than the newest of this machine. */
  readonly binDirectory?: string;
}

const START_PATIENCE_MS = 20_000;
const LOOK_EVERY_MS = 20;

/**
 * The directory of the newest PostgreSQL server programs on this machine, or of those that `HOLDFAST_TEST_POSTGRES` names;
 * undefined when there are none.
 */
export function postgresBinDirectory(): string | undefined {
  const wanted = process.env['HOLDFAST_TEST_POSTGRES'];
  if (wanted !== undefined) return wanted;
  const debian = globSync('/usr/lib/postgresql/*/bin').sort((a, b) => versionIn(b) - versionIn(a));
  const initdb = findProgram('initdb', debian);
  return initdb === undefined ? undefined : join(initdb, '..');
}

function versionIn(path: string): number {
  return Number(/postgresql\/(\d+)/.exec(path)?.[1] ?? 0);
}

/** PostgreSQL refuses to run as root: root becomes `postgres` first, without a login session in between. */
function asServerUser(): readonly string[] {
  if (process.getuid?.() !== 0) return [];
  return ['setpriv', '--reuid=postgres', '--regid=postgres', '--init-groups', '--pdeathsig=INT', '--'];
}

/** Starts a server in a new temporary directory on a free port; about 0.7 s. */
export async function startPostgres(options: PostgresOptions = {}): Promise<PostgresServer> {
  const binDirectory = options.binDirectory ?? postgresBinDirectory();
  if (binDirectory === undefined) throw new Error('PostgreSQL is not installed: initdb was not found');
  const home = mkdtempSync(join(tmpdir(), 'holdfast-postgres-'));
  chmodSync(home, 0o777);
  const dataDirectory = join(home, 'data');
  const initdb = [join(binDirectory, 'initdb'), '-D', dataDirectory, '-U', 'postgres', '--auth=trust', '--no-sync'];
  runToEnd([...asServerUser(), ...initdb, '--encoding=UTF8', ...(options.initdbArguments ?? [])]);
  const port = await freePort();
  const settings = {
    listen_addresses: '127.0.0.1',
    port,
    unix_socket_directories: home,
    fsync: 'off',
    shared_buffers: '64MB',
    max_connections: 200,
    ...options.settings,
  };
  const flags = Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
  const log = join(home, 'log');
  const command = [...asServerUser(), join(binDirectory, 'postgres'), '-D', dataDirectory, ...flags];
  let running = await run(command, dataDirectory, log);
  return {
    port,
    binDirectory,
    dataDirectory,
    user: 'postgres',
    connectionString: (database = 'postgres') => `postgres://postgres@127.0.0.1:${port}/${database}`,
    crash: () => running.end('SIGKILL'),
    async startAgain() {
      running = await run(command, dataDirectory, log);
    },
    async stop() {
      await running.end('SIGINT');
      rmSync(home, { recursive: true, force: true });
    },
  };
}

interface Running {
  end(signal: NodeJS.Signals): Promise<void>;
}

/** Starts the server, again and again while processes of one that crashed still hold its memory. */
async function run(command: readonly string[], dataDirectory: string, log: string): Promise<Running> {
  const givesUpAt = performance.now() + START_PATIENCE_MS;
  for (;;) {
    writeFileSync(log, '');
    const server = runInBackground(command, log);
    const ended = new Promise<void>((resolve) => server.once('close', () => resolve()));
    if (await isReady(dataDirectory, server, givesUpAt)) {
      const end = async (signal: NodeJS.Signals): Promise<void> => {
        server.ref();
        server.kill(signal);
        await ended;
      };
      return { end };
    }
    const said = readFileSync(log, 'utf8');
    if (performance.now() > givesUpAt || !/still in use/.test(said)) {
      server.kill('SIGKILL');
      throw new Error(`PostgreSQL did not start: ${said}`);
    }
    await wait(LOOK_EVERY_MS);
  }
}

function runInBackground([program = '', ...args]: readonly string[], log: string): ChildProcess {
  const logFile = openSync(log, 'a');
  const server = spawn(program, args, { cwd: '/', stdio: ['ignore', logFile, logFile] });
  closeSync(logFile);
  // A test process must be able to end although its server still runs; pdeathsig or stop() ends the server.
  server.unref();
  return server;
}

function runToEnd([program = '', ...args]: readonly string[]): void {
  const result = spawnSync(program, args, { cwd: '/', encoding: 'utf8', env: { ...process.env, LC_ALL: 'C.UTF-8' } });
  if (result.status !== 0) throw new Error(`${program} failed: ${result.stderr}${result.error?.message ?? ''}`);
}

/** The server itself writes `ready` into its pid file once it accepts queries; a listening port is too early. */
async function isReady(dataDirectory: string, server: ChildProcess, givesUpAt: number): Promise<boolean> {
  const pidFile = join(dataDirectory, 'postmaster.pid');
  for (;;) {
    if (server.exitCode !== null || performance.now() > givesUpAt) return false;
    const lines = existsSync(pidFile) ? readFileSync(pidFile, 'utf8').split('\n') : [];
    // A crashed server leaves its file behind, which says `ready` too.
    if (Number(lines[0]) === server.pid && lines[7]?.trim() === 'ready') return true;
    await wait(LOOK_EVERY_MS);
  }
}
