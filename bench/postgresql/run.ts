/**
 * PostgreSQL backups beside their peers: `npm run bench -- postgresql [--rounds 3] [--mib 1024]`.
 *
 * The same server, in the same run, tools in turn within each round: `pg_basebackup` to a directory (no compression, no
 * encryption, no history), pgBackRest (zstd, AES-256) and Holdfast (zstd, AES-256-GCM, deduplication). Restores of
 * Holdfast include the start of the new instance. Runs as root, so that each tool can be its own user.
 */
import { execFileSync } from 'node:child_process';
import { chmodSync, chownSync, mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { findProgram, type PostgresServer, startPostgres, temporaryDirectory } from '@holdfast/testkit';
import { type DatabaseTool, holdfastTool, runDatabaseRounds } from '../database-rounds.ts';
import { measure, type Program } from '../measure.ts';

const SCALE_MIB = 15;
interface Place {
  readonly server: PostgresServer;
  readonly directory: string;
}

const asPostgres = (...command: string[]): string[] => [
  ...['setpriv', '--reuid=postgres', '--regid=postgres', '--init-groups', '--'],
  ...command,
];

export async function benchPostgresql(options: {
  readonly rounds: number;
  readonly mib: number;
  readonly directory: string;
}): Promise<void> {
  const cleanups: (() => void)[] = [];
  const directory = temporaryDirectory({ after: (remove) => void cleanups.push(remove) });
  chmodSync(directory, 0o755);
  const server = await startPostgres({
    settings: { wal_level: 'replica', shared_buffers: '512MB', max_wal_size: '4GB' },
    initdbArguments: ['--data-checksums'],
  });
  try {
    const scale = String(Math.max(1, Math.round(options.mib / SCALE_MIB)));
    pgbench(server, '-i', '-q', '-s', scale);
    const place = { server, directory };
    const tools = [
      holdfastTool('postgresql', { host: '127.0.0.1', port: server.port }, directory),
      baseBackup(place),
      ...pgBackRest(place),
    ];
    await runDatabaseRounds({
      tools,
      rounds: options.rounds,
      directory: options.directory,
      name: 'postgresql',
      async settle() {
        sql(server, 'checkpoint');
        // Files that were changed in the last seconds are always read again, as after any busy moment.
        await wait(4000);
      },
      async change(round) {
        sql(
          server,
          `update pgbench_accounts set abalance = ${round} where aid <= (select max(aid) from pgbench_accounts) / 100`,
        );
        sql(server, 'checkpoint');
      },
    });
  } finally {
    await server.stop();
    for (const clean of cleanups) clean();
  }
}

function baseBackup({ server, directory }: Place): DatabaseTool {
  const place = ownDirectory(directory, 'pg_basebackup');
  const [target, copy] = [join(place, 'backup'), join(place, 'copy')];
  const clean = (path: string): void => rmSync(path, { recursive: true, force: true });
  const backup = (): Program => {
    clean(target);
    const connection = ['-h', '127.0.0.1', '-p', String(server.port), '-U', 'postgres'];
    return {
      command: asPostgres(
        `${server.binDirectory}/pg_basebackup`,
        ...connection,
        '-D',
        target,
        '-X',
        'fetch',
        '--checkpoint=fast',
      ),
      cwd: '/',
    };
  };
  return {
    name: 'pg_basebackup',
    prepare: async () => clean(copy),
    full: backup,
    again: backup,
    restore: () => ({ command: ['cp', '-a', target, copy] }),
    afterRestore: async () => clean(copy),
  };
}

function pgBackRest({ server, directory }: Place): DatabaseTool[] {
  const program = findProgram('pgbackrest');
  if (program === undefined) {
    console.log('pgbackrest is not installed and is left out');
    return [];
  }
  const place = ownDirectory(directory, 'pgbackrest');
  const [repository, target] = [join(place, 'repo'), join(place, 'target')];
  const options = [
    ...['--stanza=bench', `--repo1-path=${repository}`, `--log-path=${place}`, `--lock-path=${join(place, 'lock')}`],
    ...['--repo1-cipher-type=aes-256-cbc', '--log-level-console=warn'],
  ];
  const source = [
    `--pg1-path=${server.dataDirectory}`,
    `--pg1-port=${server.port}`,
    `--pg1-socket-path=${join(server.dataDirectory, '..')}`,
  ];
  const run = (...rest: string[]): Program => ({
    command: asPostgres(program, ...options, ...rest),
    env: { PGBACKREST_REPO1_CIPHER_PASS: 'bench' },
    cwd: '/',
  });
  const backup = (type: string): Program =>
    run(
      ...source,
      ...['--compress-type=zst', '--compress-level=1', '--process-max=2', '--repo1-retention-full=1'],
      ...['--no-archive-check', '--start-fast', `--type=${type}`, 'backup'],
    );
  return [
    {
      name: 'pgbackrest',
      async prepare() {
        rmSync(repository, { recursive: true, force: true });
        await measure(run(...source, 'stanza-create'));
      },
      full: () => backup('full'),
      again: () => backup('incr'),
      restore: () => {
        rmSync(target, { recursive: true, force: true });
        ownDirectory(place, 'target');
        return run(`--pg1-path=${target}`, '--process-max=2', '--type=none', 'restore');
      },
      afterRestore: async () => rmSync(target, { recursive: true, force: true }),
    },
  ];
}

/** A directory of the user that the tools of PostgreSQL run as. */
function ownDirectory(parent: string, name: string): string {
  const path = join(parent, name);
  mkdirSync(path, { mode: 0o700 });
  const id = (flag: string): number => Number(execFileSync('id', [flag, 'postgres'], { encoding: 'utf8' }));
  chownSync(path, id('-u'), id('-g'));
  return path;
}

function pgbench(server: PostgresServer, ...args: string[]): void {
  const connection = ['-h', '127.0.0.1', '-p', String(server.port), '-U', 'postgres'];
  execFileSync(`${server.binDirectory}/pgbench`, [...connection, ...args, 'postgres'], { stdio: 'ignore' });
}

function sql(server: PostgresServer, text: string): void {
  const args = ['-h', '127.0.0.1', '-p', String(server.port), '-U', 'postgres', '-XAtqc', text];
  execFileSync(`${server.binDirectory}/psql`, args, { stdio: 'ignore' });
}
