import assert from 'node:assert/strict';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { setTimeout as wait } from 'node:timers/promises';
import { firstResource, MemoryRecoveryPoint, testConnectorContext } from '../sdk/v1/testing.ts';
import { auroraPostgresqlSettings } from './config.ts';
import { auroraPostgresqlConnector } from './connector.ts';
import { LogRecorder } from './testing/log-recorder.ts';
import { hasPostgres, postgresqlFixture, query } from './testing/postgresql-fixture.ts';
import { asServer, startReplica } from './testing/replica.ts';

const { signal } = new AbortController();

describe('A PostgreSQL primary with a replica, as one cluster', () => {
  it('is backed up from the replica, keeps its log over a failover, and comes back as storage to attach to', async (t) => {
    if (!hasPostgres(t)) return;
    const { server, directory } = await postgresqlFixture(t);
    const replica = await startReplica(t, server);
    const asked: unknown[] = [];
    const context = testConnectorContext(directory, {
      now: Date.now,
      log: (_level, message, fields) => void asked.push([message, fields?.['server']]),
    });
    const members = [`127.0.0.1:${server.port}`, `127.0.0.1:${replica.port}`];
    const connector = await auroraPostgresqlConnector.open(
      {
        name: 'shop',
        accountId: '123456789012',
        region: 'us-east-1',
        settings: auroraPostgresqlSettings.parse({ members }),
        secret: async () => '',
      },
      context,
    );
    const { arn, resourceType } = await firstResource(connector);
    assert.deepEqual([arn, resourceType], ['arn:aws:rds:us-east-1:123456789012:cluster:shop', 'Aurora']);
    await query(server.port, 'create table t as select 1 as v');
    const capture = (after?: LogRecorder) =>
      connector.openLogCapture?.({
        resourceArn: arn,
        maximumLagMs: 400,
        signal,
        ...(after?.position === undefined ? {} : { after: after.position, afterAt: after.latestAt }),
      });
    const opened = await capture();
    assert.ok(opened !== undefined);
    const first = new LogRecorder(opened);

    const session = await connector.openBackup({
      resourceArn: arn,
      options: {},
      continuous: { keepFromAt: 0 },
      signal,
    });
    const point = await MemoryRecoveryPoint.capture(session.entries(signal), { signal });
    const facts = await session.log?.();
    await session.release({ stored: true });
    assert.ok(facts !== undefined);
    assert.deepEqual(asked.at(-1), ['base backup begun', `127.0.0.1:${replica.port}`]);

    await query(server.port, 'insert into t values (2)');
    const beforeFailover = Date.now();
    await first.until(beforeFailover);
    while ((await query(replica.port, 'select v from t')).length < 2) await wait(20);
    await server.stop();
    await first.ended();
    await first.stop();
    await replica.promote();
    const reopened = await capture(first);
    assert.ok(reopened !== undefined);
    const second = new LogRecorder(reopened, first);
    t.after(() => second.stop());
    await query(replica.port, 'insert into t values (3)');
    await query(replica.port, 'checkpoint');
    const afterFailover = Date.now();
    await second.until(afterFailover);
    assert.ok(second.segments.some(({ from, to }) => from.split('/')[1] === '1' && to.split('/')[1] === '2'));

    for (const [targetAt, expected] of [
      [beforeFailover, [1, 2]],
      [afterFailover, [1, 2, 3]],
    ] as const) {
      const { resource, createdResourceArn, message } = await connector.restore({
        recoveryPointArn: 'arn:aws:backup:us-east-1:123456789012:recovery-point:1',
        sourceResourceArn: arn,
        metadata: { dbClusterIdentifier: `shop-${expected.length}`, Engine: 'aurora-postgresql' },
        tags: {},
        content: point,
        pointInTime: second.pointInTime(facts.startAt, targetAt),
        jobId: String(targetAt),
        startedAt: Date.now(),
        signal,
        progress: () => undefined,
        issue: (issue) => assert.fail(issue.message),
      });
      assert.match(message ?? '', /Attach an instance with: pg_ctl/);
      assert.equal(resource?.status, 'unavailable');
      const data = join(directory, 'restored', `shop-${expected.length}`, 'data');
      await asServer(server, 'pg_ctl', ['start', '-D', data, '-l', join(data, '..', 'log'), '-w', '-s']);
      const port = Number(/port (\d+)/.exec(message ?? '')?.[1]);
      while ((await query(port, 'select pg_is_in_recovery() as r'))[0]?.['r'] === true) await wait(50);
      const rows = await query(port, 'select v from t order by v');
      assert.deepEqual(
        rows.map(({ v }) => v),
        expected,
      );
      await connector.deleteRestored(createdResourceArn, signal);
    }
  });
});
