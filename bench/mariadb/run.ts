/**
 * MariaDB backups beside `mariadb-backup` alone: `npm run bench -- mariadb [--rounds 3] [--mib 1024]`.
 *
 * The same server, in the same run, tools in turn within each round: `mariadb-backup` to a directory (no compression, no
 * encryption), its stream through `zstd -1` (no encryption), and Holdfast (zstd, AES-256-GCM, deduplication). After the
 * change all of them make increments. A restore is a data directory that a server can open; that of Holdfast includes
 * the start of the new instance.
 */
import { chmodSync, mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { type MariadbServer, startMariadb, temporaryDirectory } from '@holdfast/testkit';
import { type DatabaseTool, holdfastTool, runDatabaseRounds } from '../database-rounds.ts';
import type { Program } from '../measure.ts';

/** What a row and its share of the pages take. */
const ROW_BYTES = 330;

export async function benchMariadb(options: {
  readonly rounds: number;
  readonly mib: number;
  readonly directory: string;
}): Promise<void> {
  const cleanups: (() => void)[] = [];
  const directory = temporaryDirectory({ after: (remove) => void cleanups.push(remove) });
  chmodSync(directory, 0o755);
  const server = await startMariadb(['--innodb-buffer-pool-size=512M', '--innodb-log-file-size=256M']);
  try {
    const rows = Math.round((options.mib * 1024 * 1024) / ROW_BYTES);
    fill(server, rows);
    await runDatabaseRounds({
      tools: [
        holdfastTool('mariadb', { host: server.socketPath }, directory),
        toDirectory(server, directory),
        throughZstd(server, directory),
      ],
      rounds: options.rounds,
      directory: options.directory,
      name: 'mariadb',
      settle: () => allPagesWritten(server),
      async change(round) {
        server.sql(`update bench.entries set k = ${round} where id <= ${Math.round(rows / 100)}`);
        await allPagesWritten(server);
      },
    });
  } finally {
    await server.remove();
    for (const clean of cleanups) clean();
  }
}

/** Text of hexadecimal digits, which compresses to about half. */
function fill(server: MariadbServer, rows: number): void {
  const text = ['seq', 'seq + 1', 'seq * 3', 'seq * 5', 'seq * 7', 'seq * 11', 'seq * 13', 'seq * 17'];
  server.sql(`create database bench;
    create table bench.entries (id bigint primary key, k int, text varchar(400), key (k));
    insert into bench.entries select seq, seq % 1000, concat(${text.map((each) => `md5(${each})`).join(', ')})
      from bench.seq_1_to_${rows};`);
}

/** An increment begins at the last checkpoint: pages that are still to be written would make it larger. */
async function allPagesWritten(server: MariadbServer): Promise<void> {
  server.sql('set global innodb_max_dirty_pages_pct = 0, global innodb_max_dirty_pages_pct_lwm = 0');
  while (Number(server.sql("show status like 'Innodb_buffer_pool_pages_dirty'").split('\t')[1]) > 0) await wait(100);
}

const backupCommand = ({ socketPath, dataDirectory }: MariadbServer): string =>
  `mariadb-backup --no-defaults --backup --user=root --socket=${socketPath} --datadir=${dataDirectory}`;

const shell = (script: string): Program => ({ command: ['bash', '-c', `set -euo pipefail; ${script}`] });

const prepared = (target: string, increment: string): string =>
  `mariadb-backup --no-defaults --prepare --target-dir=${target} && ` +
  `mariadb-backup --no-defaults --prepare --target-dir=${target} --incremental-dir=${increment} && sync`;

function toDirectory(server: MariadbServer, directory: string): DatabaseTool {
  const place = join(directory, 'directory');
  const [full, increment, copy] = [join(place, 'full'), join(place, 'increment'), join(place, 'copy')];
  return {
    name: 'mariadb-backup',
    prepare: async () => emptied(place),
    full: () => shell(`${backupCommand(server)} --target-dir=${full}`),
    again: () => shell(`${backupCommand(server)} --target-dir=${increment} --incremental-basedir=${full}`),
    restore: () => shell(`cp -a ${full} ${copy} && ${prepared(copy, increment)}`),
    afterRestore: async () => rmSync(copy, { recursive: true }),
  };
}

function throughZstd(server: MariadbServer, directory: string): DatabaseTool {
  const place = join(directory, 'zstd');
  const stream = `${backupCommand(server)} --stream=mbstream --extra-lsndir`;
  const [copy, increment] = [join(place, 'copy'), join(place, 'increment')];
  const unpacked = (file: string, target: string): string =>
    `mkdir ${target} && zstd -dc ${join(place, file)} | mbstream -x -C ${target}`;
  return {
    name: 'and zstd -1',
    prepare: async () => emptied(place),
    full: () => shell(`${stream}=${place}/lsn | zstd -q -1 -T2 > ${place}/full.zst`),
    again: () =>
      shell(`${stream}=${place}/lsn-2 --incremental-basedir=${place}/lsn | zstd -q -1 -T2 > ${place}/increment.zst`),
    restore: () =>
      shell(`${unpacked('full.zst', copy)} && ${unpacked('increment.zst', increment)} && ${prepared(copy, increment)}`),
    async afterRestore() {
      rmSync(copy, { recursive: true });
      rmSync(increment, { recursive: true });
    },
  };
}

function emptied(place: string): void {
  rmSync(place, { recursive: true, force: true });
  mkdirSync(place);
}
