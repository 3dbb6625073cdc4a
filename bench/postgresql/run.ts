/**
 * PostgreSQL backups beside their peers: `npm run bench -- postgresql [--rounds 3] [--mib 1024]`.
 *
 * The same server, in the same run, tools in turn within each round: `pg_basebackup` to a directory (no compression, no
 * encryption, no history), pgBackRest (zstd, AES-256) and Holdfast (zstd, AES-256-GCM, deduplication). Restores of
 * Holdfast include the start of the new instance. Runs as root, so that each tool can be its own user.
 */
import { execFileSync } from 'node:child_process';
import { chmodSync, chownSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { findProgram, type PostgresServer, startPostgres, temporaryDirectory } from '@holdfast/testkit';
import { type Measurement, measure, median, type Program } from '../measure.ts';

const SCALE_MIB = 15;
const STEPS = ['full backup', 'after 1 % change', 'restore'] as const;
type Step = (typeof STEPS)[number];

interface Tool {
  readonly name: string;
  prepare(): Promise<void>;
  full(): Program;
  again(): Program;
  restore(): Program;
  afterRestore(): Promise<void>;
}

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
    const tools = [holdfast(place), baseBackup(place), ...pgBackRest(place)];
    const results = new Map(tools.map(({ name }) => [name, new Map<Step, Measurement[]>()]));
    for (let round = 1; round <= options.rounds; round += 1) await oneRound(place, tools, results, round);
    print(results, options.directory);
  } finally {
    await server.stop();
    for (const clean of cleanups) clean();
  }
}

async function oneRound(
  { server }: Place,
  tools: readonly Tool[],
  results: Map<string, Map<Step, Measurement[]>>,
  round: number,
): Promise<void> {
  const note = async (tool: Tool, step: Step, program: Program): Promise<void> => {
    execFileSync('sync');
    const steps = results.get(tool.name);
    steps?.set(step, [...(steps.get(step) ?? []), await measure(program)]);
  };
  sql(server, 'checkpoint');
  // Files that were changed in the last seconds are always read again, as after any busy moment.
  await wait(4000);
  for (const tool of tools) {
    await tool.prepare();
    await note(tool, 'full backup', tool.full());
  }
  sql(
    server,
    `update pgbench_accounts set abalance = ${round} where aid <= (select max(aid) from pgbench_accounts) / 100`,
  );
  sql(server, 'checkpoint');
  for (const tool of tools) await note(tool, 'after 1 % change', tool.again());
  for (const tool of tools) {
    await note(tool, 'restore', tool.restore());
    await tool.afterRestore();
  }
}

function holdfast({ server, directory }: Place): Tool {
  const repository = join(directory, 'holdfast');
  const restored = join(directory, 'restored');
  const program = (command: string, ...rest: string[]): Program => ({
    command: [
      process.execPath,
      join(import.meta.dirname, 'holdfast-process.ts'),
      command,
      repository,
      String(server.port),
      restored,
      ...rest,
    ],
  });
  return {
    name: 'holdfast',
    async prepare() {
      rmSync(repository, { recursive: true, force: true });
      await measure(program('init'));
    },
    full: () => program('backup', '1'),
    again: () => program('backup', '2'),
    restore: () => program('restore', '2'),
    async afterRestore() {
      await measure(program('remove', readFileSync(join(repository, 'restored'), 'utf8')));
    },
  };
}

function baseBackup({ server, directory }: Place): Tool {
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

function pgBackRest({ server, directory }: Place): Tool[] {
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

function print(results: Map<string, Map<Step, Measurement[]>>, directory: string): void {
  const report: Record<string, Record<string, unknown>> = {};
  for (const step of STEPS) {
    const own = median((results.get('holdfast')?.get(step) ?? []).map(({ seconds }) => seconds));
    for (const [tool, steps] of results) {
      const values = steps.get(step) ?? [];
      const value = median(values.map(({ seconds }) => seconds));
      const peakMiB = Math.max(...values.map((each) => each.peakMiB));
      const compared = tool === 'holdfast' ? '' : `  holdfast/${tool} = ${(own / value).toFixed(2)}`;
      console.log(
        `  ${step.padEnd(17)} ${tool.padEnd(14)} ${value.toFixed(2).padStart(8)} s  peak ${peakMiB.toFixed(0)} MiB${compared}`,
      );
      report[step] = {
        ...report[step],
        [tool]: { median: value, values: values.map(({ seconds }) => seconds), peakMiB },
      };
    }
  }
  mkdirSync(directory, { recursive: true });
  writeFileSync(join(directory, 'postgresql.json'), `${JSON.stringify(report, null, 2)}\n`);
}
