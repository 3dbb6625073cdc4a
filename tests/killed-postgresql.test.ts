import assert from 'node:assert/strict';
import { chmodSync, existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import {
  DescribeBackupJobCommand,
  type DescribeBackupJobCommandOutput,
  StartBackupJobCommand,
} from '@aws-sdk/client-backup';
import { type PostgresServer, requireProgram, startPostgres, temporaryDirectory } from '@holdfast/testkit';
import {
  addSource,
  beginProtection,
  endOfRestore,
  firstBase,
  restoreTimeOf,
  SERVICE_ROLE,
  startRestore,
  until,
  windowReaching,
} from './support/continuous-protection.ts';
import { type MovedServer, startMovedServer } from './support/moved-server.ts';
import { psql, stopInstance } from './support/postgres.ts';
import { processesNaming } from './support/processes-naming.ts';
import { WorkerProcess } from './support/worker-process.ts';

const ARN = 'arn:aws:rds:us-east-1:123456789012:db:bank';
/** Of jobs and of continuous backups: after this long what a dead worker held is taken over. */
const LONGEST_LEASE_MS = 61_000;
/** A backup of the 60 MB of the database takes three seconds. */
const BYTES_PER_SECOND = 20 * 1024 * 1024;

interface World {
  readonly database: PostgresServer;
  readonly server: MovedServer;
  readonly worker: WorkerProcess;
  readonly restored: string;
  sql(text: string): Promise<string>;
}

async function replaceWorker({ worker, server }: World): Promise<void> {
  await worker.kill();
  server.clock.move(LONGEST_LEASE_MS);
  await worker.startAgain();
}

const now = async ({ sql }: World): Promise<number> =>
  Number(await sql('select floor(extract(epoch from clock_timestamp()) * 1000)'));

/** Waits until the server streams a base backup. */
const backupUnderWay = ({ sql }: World): Promise<true> =>
  until(async () => {
    const phase = await sql('select phase from pg_stat_progress_basebackup where backup_streamed > 1000000');
    return phase === '' ? undefined : true;
  }, 'a base backup');

/** No backup mode, no connection but the capture's, and no slot but the one that continuous backup is meant to have. */
async function assertNothingElseAtTheServer({ sql }: World): Promise<void> {
  await until(async () => {
    const left = await sql(
      'select (select count(*) from pg_stat_progress_basebackup), (select count(*) from pg_stat_replication)',
    );
    return left === '0|1' ? true : undefined;
  }, 'the end of all connections but that of the capture');
  assert.match(
    await sql("select string_agg(slot_name || ' ' || active, ',') from pg_replication_slots"),
    /^holdfast_[0-9a-f]{20} true$/,
  );
}

test('PostgreSQL through a killed worker and a killed server', { skip: process.platform !== 'linux' }, async (t) => {
  if (requireProgram(t, 'psql') === undefined) return;
  const database = await startPostgres({ settings: { wal_level: 'replica' } });
  t.after(() => database.stop());
  const sql = (text: string) => psql('psql', database.port, text);
  await sql(
    "create table accounts as select n as id, 100 as balance, repeat('x', 400) as filler from generate_series(1, 60000) n",
  );
  const restored = temporaryDirectory(t);
  chmodSync(restored, 0o755);
  const worker = new WorkerProcess();
  const server = await startMovedServer(
    t,
    temporaryDirectory(t),
    { continuous: { lagSeconds: 2, refreshMinutes: 5 } },
    worker.start,
  );
  await addSource(server, 'postgresql', 'bank', [
    ...['host=127.0.0.1', `port=${database.port}`, `restorePath=${restored}`],
    `bandwidthLimitBytesPerSecond=${BYTES_PER_SECOND}`,
  ]);
  const world: World = { database, server, worker, restored, sql };
  let point = '';

  await t.test(
    'a worker that is killed during a base backup: the next one makes it, and the log has no gap',
    async () => {
      await beginProtection(server, ARN);
      await backupUnderWay(world);
      await replaceWorker(world);
      point = await firstBase(server.client, ARN);
      await assertNothingElseAtTheServer(world);
      await windowReaching(server.client, point, await now(world));
    },
  );

  await t.test(
    'a server that is killed during a backup: the job is done when it is back, and the capture goes on',
    async () => {
      const { BackupJobId } = await server
        .client()
        .send(new StartBackupJobCommand({ BackupVaultName: 'Default', ResourceArn: ARN, IamRoleArn: SERVICE_ROLE }));
      const jobWhen = (isSo: (job: DescribeBackupJobCommandOutput) => boolean) =>
        until(async () => {
          const job = await server.client().send(new DescribeBackupJobCommand({ BackupJobId }));
          return isSo(job) ? job : undefined;
        }, 'a step of the backup');
      await backupUnderWay(world);
      await database.crash();
      await database.startAgain();
      await sql('insert into accounts values (0, 0, 0)');
      const waiting = await jobWhen(({ StatusMessage }) => StatusMessage !== undefined);
      assert.match(waiting.StatusMessage ?? '', /PostgreSQL at 127\.0\.0\.1:\d+/);
      // Its second try would come after a minute.
      await replaceWorker(world);
      const job = await jobWhen(({ CompletionDate }) => CompletionDate !== undefined);
      assert.equal(job.State, 'COMPLETED', job.StatusMessage);
      await windowReaching(server.client, point, await now(world));
      await assertNothingElseAtTheServer(world);
    },
  );

  await t.test(
    'a worker that is killed during a restore: the next one makes the instance, and only that is left',
    async () => {
      await sql('update accounts set balance = balance - 1');
      const goodAt = await now(world);
      await sql('select pg_sleep(1.1); update accounts set balance = 0');
      const metadata = await windowReaching(server.client, point, await now(world));
      const data = join(restored, 'copy', 'data');
      const wanted = { ...metadata, DBInstanceIdentifier: 'copy', RestoreTime: restoreTimeOf(goodAt) };
      const jobId = await startRestore(server.client, point, wanted);
      t.after(() => stopInstance(database, data));
      // Everything is laid out by then, and a server runs on it that its worker has not heard of yet.
      await until(async () => (existsSync(join(data, 'postmaster.pid')) ? true : undefined), 'the new instance');
      await replaceWorker(world);
      const job = await endOfRestore(server.client, jobId);
      assert.equal(job.Status, 'COMPLETED', job.StatusMessage);
      const port = /127\.0\.0\.1:(\d+)/.exec(job.StatusMessage ?? '')?.[1] ?? '';
      assert.equal(await psql('psql', port, 'select count(*), sum(balance) from accounts'), '60001|5939999');
      assert.deepEqual(readdirSync(restored), ['copy']);
      const postmaster = Number(readFileSync(join(data, 'postmaster.pid'), 'utf8').split('\n')[0]);
      assert.deepEqual(
        processesNaming(restored).map(({ pid }) => pid),
        [postmaster],
      );
      await assertNothingElseAtTheServer(world);
    },
  );
});
