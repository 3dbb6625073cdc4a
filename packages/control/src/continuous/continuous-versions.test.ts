import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  CreateBackupVaultCommand,
  DeleteRecoveryPointCommand,
  DisassociateRecoveryPointCommand,
  GetRecoveryPointRestoreMetadataCommand,
  PutBackupVaultLockConfigurationCommand,
  StartBackupJobCommand,
} from '@aws-sdk/client-backup';
import { ConnectorError } from '@holdfast/connectors';
import { BUCKET_ARN } from '../testing/fake-bucket.ts';
import { ROLE_ARN, SCOPE } from '../testing/test-control.ts';
import { sealLockedVaults } from '../vaults/seal-locked-vaults.ts';
import { continuousWorld, DAY_MS, HOUR_MS, MINUTE_MS } from './testing/continuous-world.ts';

test('a bucket under a continuous rule has one recovery point, whose base is replaced every five minutes', async () => {
  await using world = await continuousWorld();
  world.startWorker('one');
  world.bucket.put('a', 'first');
  const job = await world.runRule(BUCKET_ARN);
  assert.equal(job.State, 'COMPLETED');
  assert.match(job.RecoveryPointArn ?? '', /:recovery-point:continuous:photos-[0-9a-f]{8}$/);
  await world.clock.advance(31 * MINUTE_MS);
  assert.ok(world.bucket.backups.length >= 6, `${world.bucket.backups.length} bases`);
  const points = await world.points(BUCKET_ARN);
  assert.deepEqual(
    points.map(({ RecoveryPointArn, Status }) => [RecoveryPointArn, Status]),
    [[job.RecoveryPointArn, 'AVAILABLE']],
  );
  const [repository] = world.repositories.values();
  assert.equal(repository?.points.size, 1, 'older bases are gone');
  const last = world.bucket.backups.at(-1);
  assert.equal(last?.parent?.recoveryPointArn, job.RecoveryPointArn);
  assert.ok(world.clock.now() - 7 * DAY_MS - (last?.continuous?.keepFromAt ?? 0) < 6 * MINUTE_MS);
  assert.deepEqual((await world.point(job.RecoveryPointArn ?? '')).Lifecycle, { DeleteAfterDays: 7 });
  assert.deepEqual(world.errors, []);
});

test('a bucket is restored to any second of the window, and to none outside', async () => {
  await using world = await continuousWorld();
  world.startWorker('one');
  world.bucket.put('a', 'first');
  const { RecoveryPointArn = '' } = await world.runRule(BUCKET_ARN);
  const beganAt = world.clock.now();
  await world.clock.advance(10 * MINUTE_MS);
  world.bucket.put('a', 'second');
  const changedAt = world.clock.now();
  await world.clock.advance(10 * MINUTE_MS);
  assert.equal((await world.restore(RecoveryPointArn, changedAt - 1000)).Status, 'COMPLETED');
  assert.deepEqual(world.bucket.restored, { a: 'first' });
  await world.restore(RecoveryPointArn, changedAt);
  assert.deepEqual(world.bucket.restored, { a: 'second' });
  await world.restore(RecoveryPointArn, 'latest');
  assert.deepEqual(world.bucket.restored, { a: 'second' });
  await assert.rejects(world.restore(RecoveryPointArn, beganAt - HOUR_MS), /can be restored to any time from .* to /);
  await assert.rejects(world.restore(RecoveryPointArn, world.clock.now() + HOUR_MS), /can be restored to any time/);
  const { RestoreMetadata = {} } = await world.client.send(
    new GetRecoveryPointRestoreMetadataCommand({ BackupVaultName: 'Default', RecoveryPointArn }),
  );
  const latest = Number(RestoreMetadata.LatestRestorablePitrTimestamp);
  assert.ok(world.clock.now() - latest <= 5 * MINUTE_MS, `${world.clock.now() - latest} ms behind`);
  assert.ok(Number(RestoreMetadata.EarliestRestorablePitrTimestamp) <= beganAt);
});

test('a source that cannot be read is tried again, the window stands still meanwhile and goes on after', async () => {
  await using world = await continuousWorld();
  world.startWorker('one');
  world.bucket.put('a', 'first');
  const { RecoveryPointArn = '' } = await world.runRule(BUCKET_ARN);
  world.bucket.failures.set('openBackup', new ConnectorError('unavailable', 'The bucket is away.'));
  await world.clock.advance(HOUR_MS);
  const live = await world.stores.continuousBackups.live(SCOPE, BUCKET_ARN);
  assert.deepEqual([live?.state, live?.error?.message], ['ACTIVE', 'The bucket is away.']);
  assert.ok((live?.error?.count ?? 0) < 30, 'it is not asked all the time');
  world.bucket.failures.clear();
  await world.clock.advance(10 * MINUTE_MS);
  const after = await world.stores.continuousBackups.live(SCOPE, BUCKET_ARN);
  assert.deepEqual([after?.recoveryPointArn, after?.error], [RecoveryPointArn, undefined]);
  assert.ok(world.clock.now() - (after?.latestAt ?? 0) <= 5 * MINUTE_MS);
});

test('when versioning is turned off the recovery point is STOPPED and tells why; the next run of the rule begins anew', async () => {
  await using world = await continuousWorld();
  world.startWorker('one');
  world.bucket.put('a', 'first');
  const first = await world.runRule(BUCKET_ARN);
  await world.clock.advance(6 * MINUTE_MS);
  world.bucket.failures.set('continuous', new ConnectorError('log-broken', 'Versioning is turned off.'));
  await world.clock.advance(10 * MINUTE_MS);
  const stopped = await world.point(first.RecoveryPointArn ?? '');
  assert.deepEqual([stopped.Status, stopped.StatusMessage], ['STOPPED', 'Versioning is turned off.']);
  assert.ok(stopped.CalculatedLifecycle?.DeleteAt);
  assert.ok(world.events.some(({ kind }) => kind === 'continuous-backup-stopped'));
  const instead = await world.runRule(BUCKET_ARN);
  assert.deepEqual(
    [instead.State, instead.StatusMessage, instead.RecoveryPointArn?.includes('continuous')],
    ['COMPLETED', 'Continuous backup is not possible: Versioning is turned off.', false],
  );
  world.bucket.failures.clear();
  const second = await world.runRule(BUCKET_ARN);
  assert.notEqual(second.RecoveryPointArn, first.RecoveryPointArn);
  assert.equal((await world.point(second.RecoveryPointArn ?? '')).Status, 'AVAILABLE');
  assert.equal((await world.restore(first.RecoveryPointArn ?? '', 'latest')).Status, 'COMPLETED');
  assert.deepEqual(world.errors, []);
});

test('what captures left at a bucket is taken away when they end, also when what they stored goes first', async () => {
  await using world = await continuousWorld();
  world.startWorker('one');
  world.bucket.put('a', 'first');
  const disassociated = await world.runRule(BUCKET_ARN);
  const request = { BackupVaultName: 'Default', RecoveryPointArn: disassociated.RecoveryPointArn };
  await world.client.send(new DisassociateRecoveryPointCommand(request));
  await world.clock.advance(MINUTE_MS);
  assert.deepEqual(world.bucket.ended, [`after backup ${world.bucket.backups.length}`]);
  const deleted = await world.runRule(BUCKET_ARN);
  await world.client.send(new DeleteRecoveryPointCommand({ ...request, RecoveryPointArn: deleted.RecoveryPointArn }));
  await world.clock.advance(MINUTE_MS);
  assert.deepEqual(world.bucket.ended[1], `after backup ${world.bucket.backups.length}`);
  assert.deepEqual(world.errors, []);
});

test('snapshots of a bucket come from its continuous backup, and the first base from a snapshot: one lineage', async () => {
  await using world = await continuousWorld();
  world.startWorker('one');
  world.bucket.put('a', 'first');
  const snapshot = () =>
    world.client.send(
      new StartBackupJobCommand({ BackupVaultName: 'Default', ResourceArn: BUCKET_ARN, IamRoleArn: ROLE_ARN }),
    );
  const first = await snapshot();
  await world.end(first.BackupJobId ?? '');
  const { RecoveryPointArn } = await world.runRule(BUCKET_ARN);
  await world.end((await snapshot()).BackupJobId ?? '');
  assert.deepEqual(
    world.bucket.backups
      .slice(0, 3)
      .map(({ parent, continuous }) => [parent?.recoveryPointArn, continuous === undefined]),
    [
      [undefined, true],
      [first.RecoveryPointArn, false],
      [RecoveryPointArn, true],
    ],
  );
});

test('a snapshot of a bucket into another vault than its continuous backups fails and names that vault (BKP-89)', async () => {
  await using world = await continuousWorld();
  world.bucket.put('a', 'first');
  await world.client.send(new CreateBackupVaultCommand({ BackupVaultName: 'other' }));
  await world.runRule(BUCKET_ARN);
  const request = { BackupVaultName: 'other', ResourceArn: BUCKET_ARN, IamRoleArn: ROLE_ARN };
  const { BackupJobId = '' } = await world.client.send(new StartBackupJobCommand(request));
  const job = await world.end(BackupJobId);
  assert.equal(job.State, 'FAILED');
  assert.match(job.StatusMessage ?? '', /are in "Default", not in "other"/);
});

test('a rule that moves to another vault ends the continuous backup here and begins it there', async () => {
  await using world = await continuousWorld();
  world.startWorker('one');
  world.bucket.put('a', 'first');
  await world.client.send(new CreateBackupVaultCommand({ BackupVaultName: 'other' }));
  const first = await world.runRule(BUCKET_ARN);
  const second = await world.runRule(BUCKET_ARN, { vaultName: 'other' });
  assert.equal((await world.point(first.RecoveryPointArn ?? '')).Status, 'STOPPED');
  assert.equal((await world.point(second.RecoveryPointArn ?? '', 'other')).Status, 'AVAILABLE');
});

test('what an immutable lock holds stays: the deletion is refused, and the lifecycle waits for the lock', async () => {
  await using world = await continuousWorld();
  world.bucket.put('a', 'first');
  const lock = new PutBackupVaultLockConfigurationCommand({ BackupVaultName: 'Default', ChangeableForDays: 3 });
  await world.client.send(lock);
  await world.clock.advance(4 * DAY_MS);
  world.startWorker('one');
  const { RecoveryPointArn = '' } = await world.runRule(BUCKET_ARN);
  await world.clock.advance(10 * MINUTE_MS);
  const [repository] = world.repositories.values();
  const locked = repository?.requests.map(({ retention }) => retention.lockedUntilAt !== undefined);
  assert.deepEqual(locked?.slice(0, 3), [true, false, false], 'one lock a day, not one every five minutes');
  await sealLockedVaults(world.ports, AbortSignal.timeout(10_000));
  assert.equal(world.retentions.size, 0, 'what moves on is not locked for ever when the lock becomes immutable');
  const request = { BackupVaultName: 'Default', RecoveryPointArn };
  await assert.rejects(world.client.send(new DeleteRecoveryPointCommand(request)), /is locked/);
  await world.client.send(new DisassociateRecoveryPointCommand(request));
  const deleteAt = (await world.point(RecoveryPointArn)).CalculatedLifecycle?.DeleteAt?.getTime() ?? 0;
  assert.ok(deleteAt >= (repository?.requests[0]?.retention.lockedUntilAt ?? Number.MAX_SAFE_INTEGER));
});
