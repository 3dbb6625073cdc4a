import assert from 'node:assert/strict';
import { chmodSync } from 'node:fs';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { setTimeout as wait } from 'node:timers/promises';
import { type MariadbServer, requireProgram, runSql, startMariadb, temporaryDirectory } from '@holdfast/testkit';
import type { Connector } from '../sdk/v1/connector.ts';
import { ConnectorError } from '../sdk/v1/connector-error.ts';
import { type MemoryRecoveryPoint, runBackup, testConnectorContext } from '../sdk/v1/testing.ts';
import { mariadbConnector } from './connector.ts';
import { socketPathOf } from './restore/instance-files.ts';
import { stopServer } from './restore/run-server.ts';
import { captureBeyond, KeptLog } from './testing/kept-log.ts';

const LAG_MS = 2000;
const START_BALANCE = 1000;
const ARN = 'arn:aws:rds:us-east-1:123456789012:db:bank';

interface Bank {
  readonly server: MariadbServer;
  readonly connector: Connector;
  readonly directory: string;
}

async function openBank(t: TestContext): Promise<Bank | undefined> {
  if (requireProgram(t, 'mariadbd', ['/usr/sbin']) === undefined) return undefined;
  const server = await startMariadb(['--log-bin=binlog', '--binlog-format=ROW', '--server-id=1']);
  t.after(() => server.remove());
  server.sql(`create database bank;
    create table bank.account (id int primary key, balance int not null);
    create table bank.transfer (id int auto_increment primary key, at datetime(6) not null);
    insert into bank.account values (1, ${START_BALANCE}), (2, ${START_BALANCE});`);
  const directory = temporaryDirectory(t);
  // The user of restored instances passes through.
  chmodSync(directory, 0o711);
  const connector = await mariadbConnector.open(
    {
      name: 'bank',
      accountId: '123456789012',
      region: 'us-east-1',
      settings: mariadbConnector.settings.parse({ host: server.socketPath }),
      secret: async () => '',
    },
    testConnectorContext(directory),
  );
  t.after(() => connector[Symbol.asyncDispose]());
  return { server, connector, directory };
}

function transfer(server: MariadbServer): void {
  server.sql(`begin;
    update bank.account set balance = balance - 1 where id = 1;
    update bank.account set balance = balance + 1 where id = 2;
    insert into bank.transfer (at) values (now(6));
    commit;`);
}

async function restoreAt(bank: Bank, point: MemoryRecoveryPoint, log: KeptLog, at: number, name: string) {
  const outcome = await bank.connector.restore({
    recoveryPointArn: 'arn:aws:backup:us-east-1:123456789012:recovery-point:1',
    sourceResourceArn: ARN,
    metadata: { DBInstanceIdentifier: name },
    tags: {},
    content: point,
    pointInTime: log.pointInTime(at),
    jobId: `job-${name}`,
    startedAt: at,
    signal: new AbortController().signal,
    progress: () => undefined,
    issue: (issue) => assert.fail(issue.message),
  });
  const home = join(outcome.resource?.path ?? '', '..');
  try {
    return runSql(
      socketPathOf(home),
      `select sum(balance), (select balance from bank.account where id = 2) from bank.account;
       select count(*) from bank.transfer;`,
    );
  } finally {
    await stopServer(home);
    await bank.connector.deleteRestored(outcome.createdResourceArn, new AbortController().signal);
  }
}

test('restores to marked seconds of a running load, across log files and an increment, with the invariant kept', async (t) => {
  const bank = await openBank(t);
  if (bank === undefined) return;
  const { server, connector } = bank;
  const ending = new AbortController();
  t.after(() => ending.abort());
  assert.ok(connector.openLogCapture !== undefined);
  const request = { resourceArn: ARN, maximumLagMs: LAG_MS, signal: ending.signal };
  const capture = await connector.openLogCapture(request);
  const log = new KeptLog();
  transfer(server);
  const full = await runBackup(connector, ARN);
  const { point } = await runBackup(connector, ARN, { parent: full.point });
  const bytes = (made: MemoryRecoveryPoint) =>
    made.readPaths.reduce((sum, path) => sum + made.contentOf(Buffer.from(path, 'latin1')).length, 0);
  assert.ok(bytes(point) < bytes(full.point) / 2, 'the increment holds as much as the full backup');
  const marks: { at: number; transfers: number }[] = [];
  let transfers = 1;
  for (let round = 0; round < 3; round += 1) {
    for (let each = 0; each < 5; each += 1) {
      transfer(server);
      transfers += 1;
    }
    // A mark lies in a second of its own, so that an exact answer exists.
    await wait(1100);
    marks.push({ at: serverNow(server), transfers });
    await wait(1100);
    if (round === 1)
      server.sql(
        "flush binary logs; create user 'late'@'localhost'; create event bank.tick on schedule every 1 day do select 1",
      );
  }
  await captureBeyond(capture, log, serverNow(server), ending.signal);
  await capture.close();
  for (const [index, { at, transfers: expected }] of marks.entries()) {
    const found = await restoreAt(bank, point, log, at, `moment-${index}`);
    assert.equal(found, `${2 * START_BALANCE}\t${START_BALANCE + expected}\n${expected}`);
  }

  await t.test('a capture goes on where the last one ended, and says so when the log is gone', async () => {
    const after = log.segments.at(-1)?.to ?? '';
    transfer(server);
    const again = await connector.openLogCapture?.({ ...request, after });
    assert.ok(again !== undefined);
    await captureBeyond(again, log, serverNow(server), ending.signal);
    await again.close();
    server.sql('reset master');
    await assert.rejects(
      async () => connector.openLogCapture?.({ ...request, after }),
      (error) => error instanceof ConnectorError && error.class === 'log-broken',
    );
  });
});

function serverNow(server: MariadbServer): number {
  return Number(server.sql('select cast(unix_timestamp(now(6)) * 1000 as unsigned)'));
}
