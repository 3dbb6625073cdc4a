import assert from 'node:assert/strict';
import { chmodSync, existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { DescribeBackupJobCommand } from '@aws-sdk/client-backup';
import { requireProgram, temporaryDirectory } from '@holdfast/testkit';
import {
  addSource,
  beginProtection,
  endOfRestore,
  firstBase,
  restoreTimeOf,
  startRestore,
  until,
  windowReaching,
} from './support/continuous-protection.ts';
import { type MovedServer, startMovedServer } from './support/moved-server.ts';
import { endOfBackup, startBackup } from './support/on-demand-backup.ts';
import { killProcessesNaming, processesNaming } from './support/processes-naming.ts';
import { judgeCopy } from './support/transfers/judge-copy.ts';
import { mariadbTransfers } from './support/transfers/mariadb-transfers.ts';
import { WorkerProcess } from './support/worker-process.ts';

const BANK_ARN = 'arn:aws:rds:us-east-1:123456789012:db:bank';
/** Of jobs and of continuous backups: after this long what a dead worker held is taken over. */
const LONGEST_LEASE_MS = 61_000;
/** A job whose source was away is tried again after this long. */
const RETRY_MS = 61_000;
/** A backup of the server's 30 MB takes two seconds or more. */
const BYTES_PER_SECOND = 12 * 1024 * 1024;

interface World {
  readonly bank: Awaited<ReturnType<typeof mariadbTransfers>>;
  readonly server: MovedServer;
  readonly worker: WorkerProcess;
  readonly restored: string;
}

async function replaceWorker({ worker, server }: World): Promise<void> {
  await worker.kill();
  server.clock.move(LONGEST_LEASE_MS);
  await worker.startAgain();
}

const programs = (directory: string, name: string) =>
  processesNaming(directory).filter(({ command }) => command.startsWith(name));

const backupUnderWay = ({ server }: World) =>
  until(async () => (programs(server.data, '/usr/bin/mariadb-backup').length > 0 ? true : undefined), 'a base backup');

/** One receiver of the log and its connection, no backup's program, file, connection or lock, and DDL goes through. */
async function assertOnlyTheCapture({ bank, server }: World): Promise<void> {
  await until(
    async () => {
      const commands = processesNaming(server.data).map(({ command }) => command.split(' ')[0]);
      const connections = await bank.sql(
        "select count(*) from information_schema.processlist where command = 'Binlog Dump'",
      );
      return commands.length === 1 && commands[0] === '/usr/bin/mariadb-binlog' && connections === '1'
        ? true
        : undefined;
    },
    `an end of all programs but the receiver of the log: ${JSON.stringify(processesNaming(server.data))}`,
  );
  assert.deepEqual(readdirSync(join(server.data, 'state', '123456789012', 'us-east-1', 'bank', 'backups')), []);
  await bank.sql('set lock_wait_timeout = 5; create table bank.unlocked (id int); drop table bank.unlocked');
}

test('MariaDB through a killed worker and a killed server', { skip: process.platform !== 'linux' }, async (t) => {
  if (requireProgram(t, 'mariadbd', ['/usr/sbin']) === undefined) return;
  const restored = temporaryDirectory(t);
  chmodSync(restored, 0o755);
  const bank = await mariadbTransfers(restored);
  t.after(() => bank.remove());
  const worker = new WorkerProcess();
  const server = await startMovedServer(
    t,
    temporaryDirectory(t),
    { continuous: { lagSeconds: 2, refreshMinutes: 5 } },
    worker.start,
  );
  const limit = `bandwidthLimitBytesPerSecond=${BYTES_PER_SECOND}`;
  await addSource(server, bank.kind, 'bank', [...bank.settings, limit]);
  const world: World = { bank, server, worker, restored };
  let point = '';

  await t.test('a worker that is killed during a base backup: the next one makes it, and the log goes on', async () => {
    await bank.begin(1);
    await beginProtection(server, BANK_ARN);
    await backupUnderWay(world);
    await worker.kill();
    await until(
      async () => (programs(server.data, '/usr/bin/mariadb-binlog').length === 0 ? true : undefined),
      'the end of the receiver with its worker',
    );
    server.clock.move(LONGEST_LEASE_MS);
    await worker.startAgain();
    point = await firstBase(server.client, BANK_ARN);
    await windowReaching(server.client, point, await bank.now());
    await bank.end();
    await assertOnlyTheCapture(world);
  });

  await t.test('a server that is killed during a backup: the job ends as it should, and the log goes on', async () => {
    const jobId = await startBackup(server.client, BANK_ARN);
    await backupUnderWay(world);
    await bank.server.kill();
    await bank.server.start();
    const reason = await until(async () => {
      const seen = await server.client().send(new DescribeBackupJobCommand({ BackupJobId: jobId }));
      return seen.StatusMessage;
    }, 'the failure of the first attempt');
    assert.match(reason, /Check that the server runs/);
    server.clock.move(RETRY_MS);
    const job = await endOfBackup(server.client, jobId);
    assert.equal(job.State, 'COMPLETED', job.StatusMessage);
    await bank.begin(1);
    await windowReaching(server.client, point, await bank.now());
    await bank.end();
    await assertOnlyTheCapture(world);
  });

  await t.test('a worker that is killed during a restore, twice: only the instance is left of it', async (tt) => {
    const at = Math.floor((await bank.now()) / 1000) * 1000;
    await bank.begin(1);
    await until(async () => ((await bank.now()) > at + 2000 ? true : undefined), 'transfers after the moment');
    await bank.end();
    const metadata = await windowReaching(server.client, point, await bank.now());
    const wanted = { ...metadata, DBInstanceIdentifier: 'copy', RestoreTime: restoreTimeOf(at) };
    const jobId = await startRestore(server.client, point, wanted);
    tt.after(() => killProcessesNaming(restored));
    const copy = join(restored, 'copy');
    await until(async () => (existsSync(join(copy, 'data')) ? true : undefined), 'the files of the restore');
    await replaceWorker(world);
    await until(async () => (existsSync(join(copy, 'replay')) ? true : undefined), 'the replay of the log');
    await replaceWorker(world);
    const job = await endOfRestore(server.client, jobId);
    assert.equal(job.Status, 'COMPLETED', job.StatusMessage);
    await judgeCopy(bank, copy, at);
    const left = processesNaming(restored).map(({ command }) => command);
    assert.deepEqual(left, [`/usr/sbin/mariadbd --defaults-file=${copy}/server.cnf`]);
    assert.deepEqual(readdirSync(restored), ['copy']);
    assert.deepEqual(readdirSync(copy).sort(), ['data', 'server.cnf', 'server.log', 'server.pid', 'server.sock']);
    await assertOnlyTheCapture(world);
  });
});
