import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ConnectorError } from '@holdfast/connectors';
import { continuousWorld, MINUTE_MS } from '../continuous/testing/continuous-world.ts';
import { aRecoveryPoint } from '../testing/a-recovery-point.ts';
import { adminClient } from '../testing/admin-client.ts';
import { DATABASE_ARN } from '../testing/fake-database.ts';
import { testControl, withFileSystem } from '../testing/test-control.ts';

test('the window of a continuous recovery point, its worker, its lag and its last error are shown', async () => {
  await using world = await continuousWorld();
  const admin = adminClient(world.wire);
  world.startWorker('one');
  const { RecoveryPointArn = '' } = await world.runRule(DATABASE_ARN, { days: 20 });
  await world.clock.advance(5 * MINUTE_MS);
  const target = `/recovery-points/${encodeURIComponent(RecoveryPointArn)}/continuous`;
  const { body, status } = await admin<'GetContinuousBackup'>('GET', target);
  assert.equal(status, 200);
  const { Capture: shown } = body;
  assert.deepEqual(
    [shown.Nature, shown.State, shown.RetentionDays, shown.KeptDays, shown.WorkerId, shown.Gaps, shown.LastError],
    ['log', 'ACTIVE', 20, 20, 'one', [], undefined],
  );
  assert.ok((shown.LagSeconds ?? 1000) <= 150);
  assert.ok(Number(shown.EarliestRestorableDate) < Number(shown.LatestRestorableDate));
  world.database.failures.set('segments', new ConnectorError('unavailable', 'The server is down.'));
  world.database.failures.set('openLogCapture', new ConnectorError('unavailable', 'The server is down.'));
  await world.clock.advance(5 * MINUTE_MS);
  const listed = await admin<'ListContinuousBackups'>('GET', '/continuous-backups');
  const [capture] = listed.body.Captures;
  assert.deepEqual([listed.body.Captures.length, capture?.LastError], [1, 'The server is down.']);
  assert.ok((capture?.ErrorCount ?? 0) >= 3 && Number(capture?.NextTryDate) * 1000 > world.clock.now());
});

test('a snapshot has no window', async () => {
  await using control = await testControl();
  await withFileSystem(control);
  const arn = await aRecoveryPoint(control);
  const target = `/recovery-points/${encodeURIComponent(arn)}/continuous`;
  assert.equal((await adminClient(control.wire)('GET', target)).error, 'InvalidRequestException');
  const unknown = `/recovery-points/${encodeURIComponent(`${arn}0`)}/continuous`;
  assert.equal((await adminClient(control.wire)('GET', unknown)).error, 'ResourceNotFoundException');
});
