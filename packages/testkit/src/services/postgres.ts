import { spawn, spawnSync } from 'node:child_process';
import { chmodSync, closeSync, existsSync, globSync, mkdtempSync, openSync, readFileSync, rmSync } from 'node:fs';
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

/** The directory of the newest PostgreSQL server programs on this machine; undefined when there are none. */
export function postgresBinDirectory(): string | undefined {
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
  const [program = '', ...args] = [...asServerUser(), join(binDirectory, 'postgres'), '-D', dataDirectory, ...flags];
  const logFile = openSync(log, 'a');
  const server = spawn(program, args, { cwd: '/', stdio: ['ignore', logFile, logFile] });
  closeSync(logFile);
  const ended = new Promise<void>((resolve) => server.once('close', () => resolve()));
  // A test process must be able to end although its server still runs; pdeathsig or stop() ends the server.
  server.unref();
  await untilReady(dataDirectory, () => server.exitCode !== null, log);
  return {
    port,
    binDirectory,
    dataDirectory,
    user: 'postgres',
    connectionString: (database = 'postgres') => `postgres://postgres@127.0.0.1:${port}/${database}`,
    async stop() {
      server.ref();
      server.kill('SIGINT');
      await ended;
      rmSync(home, { recursive: true, force: true });
    },
  };
}

function runToEnd([program = '', ...args]: readonly string[]): void {
  const result = spawnSync(program, args, { cwd: '/', encoding: 'utf8', env: { ...process.env, LC_ALL: 'C.UTF-8' } });
  if (result.status !== 0) throw new Error(`${program} failed: ${result.stderr}${result.error?.message ?? ''}`);
}

/** The server itself writes `ready` into its pid file once it accepts queries; a listening port is too early. */
async function untilReady(dataDirectory: string, hasEnded: () => boolean, log: string): Promise<void> {
  const givesUpAt = performance.now() + START_PATIENCE_MS;
  const pidFile = join(dataDirectory, 'postmaster.pid');
  while (!(existsSync(pidFile) && readFileSync(pidFile, 'utf8').split('\n')[7]?.trim() === 'ready')) {
    if (hasEnded() || performance.now() > givesUpAt) {
      throw new Error(`PostgreSQL did not start: ${readFileSync(log, 'utf8')}`);
    }
    await wait(20);
  }
}
