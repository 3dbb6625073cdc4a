import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it, type TestContext } from 'node:test';
import type { Connector, RestoreRequest } from '../sdk/v1/connector.ts';
import type { PointInTime } from '../sdk/v1/continuous.ts';
import { firstResource, MemoryRecoveryPoint } from '../sdk/v1/testing.ts';
import { Bank, bankIn, EXPECTED_SUM } from './testing/bank.ts';
import { LogRecorder } from './testing/log-recorder.ts';
import { hasPostgres, postgresqlFixture, query } from './testing/postgresql-fixture.ts';

const { signal } = new AbortController();
const MAXIMUM_LAG_MS = 500;

async function capture(connector: Connector, arn: string, earlier?: LogRecorder): Promise<LogRecorder> {
  assert.ok(connector.openLogCapture !== undefined);
  const after = earlier?.position;
  const opened = await connector.openLogCapture({
    resourceArn: arn,
    maximumLagMs: MAXIMUM_LAG_MS,
    signal,
    ...(after === undefined ? {} : { after, afterAt: earlier?.latestAt ?? 0 }),
  });
  return new LogRecorder(opened, earlier);
}

async function base(connector: Connector, resourceArn: string) {
  const session = await connector.openBackup({ resourceArn, options: {}, continuous: { keepFromAt: 0 }, signal });
  const point = await MemoryRecoveryPoint.capture(session.entries(signal), { signal });
  const facts = await session.log?.();
  await session.release({ stored: true });
  assert.ok(facts !== undefined);
  return { point, facts };
}

async function restoreTo(
  connector: Connector,
  arn: string,
  point: MemoryRecoveryPoint,
  pointInTime: PointInTime,
  name: string,
): Promise<number> {
  const request: RestoreRequest = {
    recoveryPointArn: 'arn:aws:backup:us-east-1:123456789012:recovery-point:continuous:1',
    sourceResourceArn: arn,
    metadata: { DBInstanceIdentifier: name },
    tags: {},
    content: point,
    pointInTime,
    jobId: name,
    startedAt: Date.now(),
    signal,
    progress: () => undefined,
    issue: ({ message }) => assert.fail(message),
  };
  const { resource } = await connector.restore(request);
  return Number(readFileSync(join(resource?.path ?? '', 'postmaster.pid'), 'utf8').split('\n')[3]);
}

async function removeRestored(t: TestContext, connector: Connector): Promise<void> {
  t.after(async () => {
    for await (const { arn } of connector.discover(signal)) {
      if (!arn.endsWith(':orders')) await connector.deleteRestored(arn, signal);
    }
  });
}

describe('A PostgreSQL server with continuous backup', () => {
  it('comes back as it was at any second, under load, with exactly what was committed by then', async (t) => {
    if (!hasPostgres(t)) return;
    const { server, open } = await postgresqlFixture(t);
    const connector = await open();
    const { arn } = await firstResource(connector);
    const bank = await Bank.open(server.port);
    const log = await capture(connector, arn);
    t.after(() => log.stop());
    bank.begin();
    const { point, facts } = await base(connector, arn);
    const targets: number[] = [facts.consistentAt];
    for (let index = 0; index < 2; index += 1) {
      await bank.moves(15);
      targets.push(Date.now());
    }
    await bank.moves(15);
    await bank.close();
    await removeRestored(t, connector);
    await log.until(Date.now());
    for (const [index, targetAt] of targets.entries()) {
      const pointInTime = log.pointInTime(facts.startAt, targetAt);
      const copy = await bankIn(await restoreTo(connector, arn, point, pointInTime, `copy-${index}`));
      assert.equal(copy.sum, EXPECTED_SUM);
      const committed = bank.transfers.filter(({ endedAt }) => endedAt < targetAt).length;
      const begun = bank.transfers.filter(({ beganAt }) => beganAt <= targetAt).length;
      assert.ok(
        copy.transfers.length >= committed && copy.transfers.length <= begun,
        `${copy.transfers.length}: ${committed} to ${begun}`,
      );
      assert.deepEqual(
        copy.transfers,
        Array.from({ length: copy.transfers.length }, (_, n) => n + 1),
      );
    }
    assert.ok(bank.transfers.length > 20, `${bank.transfers.length} transfers`);
  });

  it('moves its latest restorable time on although nothing happens, and restores to it', async (t) => {
    if (!hasPostgres(t)) return;
    const { server, open } = await postgresqlFixture(t);
    const connector = await open();
    const { arn } = await firstResource(connector);
    await query(server.port, 'create table t (v int)');
    const log = await capture(connector, arn);
    t.after(() => log.stop());
    const { point, facts } = await base(connector, arn);
    await query(server.port, 'insert into t values (1)');
    const idleSince = Date.now();
    await log.until(idleSince + 2500);
    const empty = log.segments.filter(({ sizeBytes, from, to }) => sizeBytes === 0 && from === to);
    assert.ok(empty.length > 0);
    await removeRestored(t, connector);
    const pointInTime = log.pointInTime(facts.startAt, idleSince + 2500);
    const port = await restoreTo(connector, arn, point, pointInTime, 'idle');
    assert.deepEqual(await query(port, 'select v from t'), [{ v: 1 }]);
    await query(port, 'insert into t values (2)');
  });
});
