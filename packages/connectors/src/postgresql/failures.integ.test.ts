import assert from 'node:assert/strict';
import { chmodSync, chownSync, closeSync, mkdirSync, openSync, readdirSync, writeFileSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { setTimeout as wait } from 'node:timers/promises';
import { temporaryDirectory } from '@holdfast/testkit';
import { identityOf } from '../child-process/identity-of.ts';
import type { Connector } from '../sdk/v1/connector.ts';
import { ConnectorError, type ConnectorErrorClass } from '../sdk/v1/connector-error.ts';
import { firstResource, MemoryRecoveryPoint, runBackup } from '../sdk/v1/testing.ts';
import { LogRecorder } from './testing/log-recorder.ts';
import { hasPostgres, postgresqlFixture, query } from './testing/postgresql-fixture.ts';

const { signal } = new AbortController();
const MIB = 1024 * 1024;
const LEAVE_PATIENCE_MS = 60_000;

async function openCapture(connector: Connector, resourceArn: string, earlier?: LogRecorder): Promise<LogRecorder> {
  const { position, latestAt } = earlier ?? {};
  const after = position === undefined ? {} : { after: position, afterAt: latestAt ?? 0 };
  const capture = await connector.openLogCapture?.({ resourceArn, maximumLagMs: 400, signal, ...after });
  assert.ok(capture !== undefined);
  return new LogRecorder(capture, earlier);
}

async function refused(action: Promise<unknown>, errorClass: ConnectorErrorClass, words: RegExp): Promise<void> {
  await assert.rejects(action, (error) => {
    assert.ok(error instanceof ConnectorError, String(error));
    assert.equal(error.class, errorClass, error.message);
    assert.match(error.message, words);
    return true;
  });
}

/** A process of the server needs a moment to notice that its connection is closed. */
async function nothingLeftAt(port: number): Promise<void> {
  const deadline = performance.now() + LEAVE_PATIENCE_MS;
  for (;;) {
    const left = await query(
      port,
      `select 'slot ' || slot_name as what from pg_replication_slots
       union all select 'connection ' || pid from pg_stat_activity where application_name = 'holdfast'`,
    );
    if (left.length === 0) return;
    if (performance.now() > deadline) assert.fail(`left behind: ${JSON.stringify(left)}`);
    await wait(50);
  }
}

describe('A PostgreSQL source in trouble', () => {
  it('says what to do about a wrong password, a missing right, a lost server and a log that is too short', async (t) => {
    if (!hasPostgres(t)) return;
    const { server, open } = await postgresqlFixture(t, { wal_level: 'minimal', max_wal_senders: 0 });
    const arn = (await firstResource(await open())).arn;
    const openBackup = async (connector: Connector) => connector.openBackup({ resourceArn: arn, options: {}, signal });
    await query(server.port, "create role reader login password 'right'");
    await query(server.port, "create role watcher login replication password 'right'");
    const hba = String((await query(server.port, 'show hba_file'))[0]?.['hba_file']);
    writeFileSync(hba, 'host all reader,watcher 127.0.0.1/32 scram-sha-256\nhost all all 127.0.0.1/32 trust\n');
    await query(server.port, 'select pg_reload_conf()');
    await refused(openBackup(await open({ user: 'reader', password: 'env:WRONG' })), 'denied', /password.*'password'/s);
    await refused(openBackup(await open({ user: 'reader' })), 'denied', /no setting 'password'/);
    await refused(openBackup(await open({ database: 'nowhere' })), 'invalid-request', /nowhere.*'database'/s);
    await refused(openBackup(await open({ port: 1 })), 'unavailable', /ECONNREFUSED.*host and port/s);
    await refused(openBackup(await open({ tls: 'require' })), 'denied', /does not support SSL.*ssl = on/s);
    const findings = await (await open()).check(signal);
    const bad = findings.filter(({ ok, advisory }) => !ok && advisory !== true).map(({ hint }) => hint);
    assert.ok(
      bad.some((hint) => /wal_level/.test(hint ?? '')),
      JSON.stringify(findings),
    );
  });

  it('leaves no slot, connection or half a backup when a backup is cancelled, or its source breaks down', async (t) => {
    if (!hasPostgres(t)) return;
    const { server, open, directory } = await postgresqlFixture(t);
    await query(
      server.port,
      'create table big as select n, md5(n::text) || md5((n+1)::text) as v from generate_series(1, 300000) n',
    );
    const connector = await open({ bandwidthLimitBytesPerSecond: 2 * MIB });
    const { arn } = await firstResource(connector);
    const controller = new AbortController();
    const session = await connector.openBackup({ resourceArn: arn, options: {}, signal: controller.signal });
    const cancelled = MemoryRecoveryPoint.capture(session.entries(controller.signal), { signal: controller.signal });
    controller.abort(new Error('cancelled'));
    await assert.rejects(cancelled, /cancelled/);
    await session.release({ stored: false });
    await nothingLeftAt(server.port);

    const broken = await connector.openBackup({ resourceArn: arn, options: {}, signal });
    const capture = MemoryRecoveryPoint.capture(broken.entries(signal), { signal });
    const failed = refused(capture, 'unavailable', /cut off/);
    await query(server.port, 'select pg_terminate_backend(pid) from pg_stat_replication');
    await failed;
    await broken.release({ stored: false });
    await nothingLeftAt(server.port);
    assert.deepEqual(readdirSync(directory).sort(), ['state']);
  });

  it('continues the log of a worker that died, and gives up a slot that holds too much', async (t) => {
    if (!hasPostgres(t)) return;
    const { server, open } = await postgresqlFixture(t);
    const connector = await open();
    const { arn } = await firstResource(connector);
    await query(server.port, 'create table t (v text)');
    const first = await openCapture(connector, arn);
    await first.until(Date.now());
    const position = first.position;
    // The first worker hangs: its connection is open still, and nobody will ever end it.
    await query(server.port, 'insert into t values (1)');
    const second = await openCapture(connector, arn, first);
    assert.match(String(await first.ended()), /stopped coming|terminated/);
    await second.until(Date.now());
    const fresh = second.segments.find(({ from }) => from === position);
    assert.ok(fresh !== undefined, 'the log has a gap');
    await second.stop();
    assert.equal((await query(server.port, 'select active from pg_replication_slots'))[0]?.['active'], false);

    const tight = await open({ slotLagLimitBytes: 64 * MIB });
    for (let round = 0; round < 5; round += 1) {
      await query(server.port, 'insert into t values (1); select pg_switch_wal()');
    }
    const third = await openCapture(tight, arn, second);
    assert.ok(String(await third.ended()).includes('slotLagLimitBytes'));
    assert.ok(third.error instanceof ConnectorError && third.error.class === 'log-broken');
    await third.stop();
    await nothingLeftAt(server.port);
  });

  it('reports a log that was lost as broken, and ends continuous backup without a trace', async (t) => {
    if (!hasPostgres(t)) return;
    const { server, open } = await postgresqlFixture(t, { max_wal_size: '32MB', min_wal_size: '32MB' });
    const connector = await open();
    const { arn } = await firstResource(connector);
    await query(server.port, 'create table t (v text)');
    const first = await openCapture(connector, arn);
    await first.until(Date.now());
    await first.stop();
    await connector.endLogCapture?.(arn, signal);
    await nothingLeftAt(server.port);
    for (let round = 0; round < 6; round += 1) {
      await query(server.port, 'insert into t values (1); select pg_switch_wal()');
      await query(server.port, 'checkpoint');
    }
    const second = await openCapture(connector, arn, first);
    assert.ok(second.error === undefined);
    const error = await second.ended();
    assert.ok(error instanceof ConnectorError && error.class === 'log-broken', String(error));
    await second.stop();
    await connector.endLogCapture?.(arn, signal);
    await connector.endLogCapture?.(arn, signal);
    await nothingLeftAt(server.port);
  });

  it('reports pages whose checksums fail, and keeps everything else', async (t) => {
    if (!hasPostgres(t)) return;
    const { server, open } = await postgresqlFixture(t);
    await query(server.port, 'create table t as select n from generate_series(1, 10000) n; checkpoint');
    const file = String((await query(server.port, "select pg_relation_filepath('t') as file"))[0]?.['file']);
    const descriptor = openSync(join(server.dataDirectory, file), 'r+');
    writeSync(descriptor, Buffer.from('damage'), 0, 6, 8192 + 4000);
    closeSync(descriptor);
    const connector = await open();
    const { point } = await runBackup(connector, (await firstResource(connector)).arn);
    const issues = point.issues.filter(({ code }) => code === 'page-checksum');
    assert.ok(issues.length > 0 && issues.every(({ dataMissing }) => dataMissing));
    assert.ok(
      issues.some(({ message }) => message.includes(file)),
      JSON.stringify(issues.map((each) => each.message)),
    );
    assert.ok(point.records.length > 100);
  });

  it('brings tablespaces back into the directory of the new instance', async (t) => {
    if (!hasPostgres(t)) return;
    const { server, open } = await postgresqlFixture(t);
    const place = join(temporaryDirectory(t), 'space');
    mkdirSync(place);
    chmodSync(join(place, '..'), 0o755);
    if (process.getuid?.() === 0) {
      const { uid, gid } = await identityOf('postgres');
      chownSync(place, uid, gid);
    }
    await query(server.port, `create tablespace fast location '${place}'`);
    await query(server.port, 'create table t tablespace fast as select n from generate_series(1, 5000) n');
    const connector = await open();
    const { arn } = await firstResource(connector);
    const { point } = await runBackup(connector, arn);
    const { createdResourceArn, message } = await connector.restore({
      recoveryPointArn: 'arn:aws:backup:us-east-1:123456789012:recovery-point:1',
      sourceResourceArn: arn,
      metadata: { DBInstanceIdentifier: 'spacious' },
      tags: {},
      content: point,
      jobId: 'job',
      startedAt: Date.now(),
      signal,
      progress: () => undefined,
      issue: ({ message: text }) => assert.fail(text),
    });
    const port = Number(/127\.0\.0\.1:(\d+)/.exec(message ?? '')?.[1]);
    assert.deepEqual(await query(port, 'select count(*)::int as n from t'), [{ n: 5000 }]);
    const [where] = await query(
      port,
      "select pg_tablespace_location(oid) as at from pg_tablespace where spcname = 'fast'",
    );
    assert.match(String(where?.['at']), /restored\/spacious\/tablespaces/);
    await connector.deleteRestored(createdResourceArn, signal);
  });
});
