import assert from 'node:assert/strict';
import { chmodSync } from 'node:fs';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { type MariadbServer, requireProgram, runSql, temporaryDirectory } from '@holdfast/testkit';
import { identityOf } from '../child-process/identity-of.ts';
import type { Connector } from '../sdk/v1/connector.ts';
import { ConnectorError } from '../sdk/v1/connector-error.ts';
import { firstResource, MemoryRecoveryPoint, testConnectorContext } from '../sdk/v1/testing.ts';
import { auroraMysqlConnector } from './connector.ts';
import { optionFileOf, socketPathOf } from './restore/instance-files.ts';
import { startServer, stopServer } from './restore/run-server.ts';
import { captureBeyond, KeptLog } from './testing/kept-log.ts';
import { startPrimary, startReplica } from './testing/replica.ts';

const ARN = 'arn:aws:rds:us-east-1:123456789012:cluster:shop';
const { signal } = new AbortController();

interface Cluster {
  readonly connector: Connector;
  readonly logged: (readonly [string, unknown])[];
  readonly directory: string;
}

async function openCluster(t: TestContext, members: readonly MariadbServer[], user = 'root'): Promise<Cluster> {
  const directory = temporaryDirectory(t);
  // The user of restored instances passes through.
  chmodSync(directory, 0o711);
  const logged: (readonly [string, unknown])[] = [];
  const connector = await auroraMysqlConnector.open(
    {
      name: 'shop',
      accountId: '123456789012',
      region: 'us-east-1',
      settings: auroraMysqlConnector.settings.parse({ members: members.map(({ socketPath }) => socketPath), user }),
      secret: async () => '',
    },
    testConnectorContext(directory, {
      log: (_level, message, fields) => void logged.push([message, fields?.['server']]),
    }),
  );
  t.after(() => connector[Symbol.asyncDispose]());
  return { connector, logged, directory };
}

async function base({ connector }: Cluster) {
  const session = await connector.openBackup({ resourceArn: ARN, options: {}, continuous: { keepFromAt: 0 }, signal });
  const point = await MemoryRecoveryPoint.capture(session.entries(signal), { signal });
  await session.release({ stored: true });
  return point;
}

/** Restores the storage, attaches an instance to it as its message says, and asks it. */
async function askRestored({ connector, directory }: Cluster, point: MemoryRecoveryPoint, log: KeptLog, at: number) {
  const { resource, createdResourceArn, message } = await connector.restore({
    recoveryPointArn: 'arn:aws:backup:us-east-1:123456789012:recovery-point:1',
    sourceResourceArn: ARN,
    metadata: { dbClusterIdentifier: `shop-${at}`, engine: 'aurora-mysql' },
    tags: {},
    content: point,
    pointInTime: log.pointInTime(at),
    jobId: `job-${at}`,
    startedAt: at,
    signal,
    progress: () => undefined,
    issue: (issue) => assert.fail(issue.message),
  });
  assert.equal(createdResourceArn, `arn:aws:rds:us-east-1:123456789012:cluster:shop-${at}`);
  assert.equal(resource?.status, 'unavailable', 'an instance was started, which the caller attaches');
  const home = join(directory, 'restored', `shop-${at}`);
  assert.ok(message?.includes(optionFileOf(home)), message);
  const identity = process.getuid?.() === 0 ? await identityOf('mysql') : undefined;
  await startServer({ program: '/usr/sbin/mariadbd', directory: home, identity });
  try {
    return runSql(socketPathOf(home), 'select group_concat(id order by id) from shop.orders');
  } finally {
    await stopServer(home);
    await connector.deleteRestored(createdResourceArn, signal);
  }
}

const now = (server: MariadbServer): number =>
  Number(server.sql('select cast(unix_timestamp(now(6)) * 1000 as unsigned)'));

for (const by of ['gtid', 'place'] as const) {
  test(`a cluster is backed up from its replica, which follows by ${by}, and restored to seconds of its primary's log`, async (t) => {
    if (requireProgram(t, 'mariadbd', ['/usr/sbin']) === undefined) return;
    const primary = await startPrimary();
    t.after(() => primary.remove());
    // The places of the replica's own log are not those of the primary's.
    primary.sql('create database shop; create table shop.orders (id int primary key); flush binary logs');
    const replica = await startReplica(primary, by, 2);
    t.after(() => replica.remove());
    const cluster = await openCluster(t, [replica, primary]);
    const found = await firstResource(cluster.connector);
    assert.deepEqual([found.arn, found.resourceType], [ARN, 'Aurora']);
    const endpoints = `writer endpoint ${primary.socketPath}; reader endpoints ${replica.socketPath}`;
    assert.ok(found.statusMessage?.endsWith(endpoints), found.statusMessage);

    const capture = await cluster.connector.openLogCapture?.({ resourceArn: ARN, maximumLagMs: 400, signal });
    assert.ok(capture !== undefined);
    primary.sql('insert into shop.orders values (1)');
    const point = await base(cluster);
    assert.deepEqual(cluster.logged.at(-1), ['base backup begun', replica.socketPath]);
    primary.sql('insert into shop.orders values (2); flush binary logs; insert into shop.orders values (3)');
    const goodAt = now(primary);
    primary.sql('do sleep(1.1); delete from shop.orders');
    const log = new KeptLog();
    await captureBeyond(capture, log, now(primary), signal);
    await capture.close();
    assert.equal(await askRestored(cluster, point, log, goodAt), '1,2,3');
    assert.equal(await askRestored(cluster, point, log, log.latestAt), 'NULL');
  });
}

test('a replica that has stopped is passed over, and a user who cannot see which server is which is told the cure', async (t) => {
  if (requireProgram(t, 'mariadbd', ['/usr/sbin']) === undefined) return;
  const primary = await startPrimary();
  t.after(() => primary.remove());
  const replica = await startReplica(primary, 'gtid', 2);
  t.after(() => replica.remove());
  replica.sql('stop slave sql_thread');
  primary.sql('create database shop; create user blind@localhost; grant select on *.* to blind@localhost');
  replica.sql('create user blind@localhost; grant select on *.* to blind@localhost');
  const cluster = await openCluster(t, [primary, replica]);
  await base(cluster);
  const words = cluster.logged.map(([message]) => message);
  assert.ok(words.includes('the replica is behind or has stopped; the primary is backed up instead'), words.join());
  assert.deepEqual(cluster.logged.at(-1), ['base backup begun', primary.socketPath]);

  const blind = await openCluster(t, [primary, replica], 'blind');
  await assert.rejects(
    base(blind),
    (error) => error instanceof ConnectorError && error.class === 'denied' && /README/.test(error.message),
  );
});
