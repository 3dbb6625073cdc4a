import assert from 'node:assert/strict';
import { test } from 'node:test';
import { DeleteRecoveryPointCommand, DisassociateRecoveryPointCommand } from '@aws-sdk/client-backup';
import { ConnectorError } from '@holdfast/connectors';
import { DATABASE_ARN } from '../testing/fake-database.ts';
import { runJobs } from '../testing/run-jobs.ts';
import { SCOPE } from '../testing/test-control.ts';
import type { ContinuousSettings } from './continuous-settings.ts';
import { continuousState } from './restorable-time.ts';
import { type ContinuousWorld, continuousWorld, DAY_MS, HOUR_MS, MINUTE_MS } from './testing/continuous-world.ts';

const SECOND_MS = 1000;

/** Days pass quickly when nobody looks every other second. */
const LEISURELY = { pollMs: 30_000, leaseMs: HOUR_MS };

async function aLiveDatabase(settings: Partial<ContinuousSettings> = {}) {
  const world = await continuousWorld(settings);
  const worker = world.startWorker('one');
  world.database.write('balance', '0');
  const job = await world.runRule(DATABASE_ARN);
  await world.clock.advance(2 * MINUTE_MS);
  return { world, worker, job, arn: job.RecoveryPointArn ?? '' };
}

function live(world: ContinuousWorld) {
  return world.stores.continuousBackups.live(SCOPE, DATABASE_ARN);
}

async function window(world: ContinuousWorld, arn: string) {
  const vault = await world.stores.vaults.get(SCOPE, 'Default');
  return (await continuousState(world.ports, { vaultId: vault?.vaultId ?? '', arn }))?.window;
}

test('the capture of a database opens before its base, and from then on any second can be restored', async () => {
  const { world, job, arn } = await aLiveDatabase();
  await using _ = world;
  assert.deepEqual([job.State, job.MessageCategory], ['COMPLETED', 'SUCCESS']);
  assert.match(arn, /:recovery-point:continuous:orders-[0-9a-f]{8}$/);
  const moments: { at: number; balance: string }[] = [];
  for (let index = 1; index <= 5; index += 1) {
    world.database.write('balance', String(index));
    moments.push({ at: world.clock.now(), balance: String(index) });
    await world.clock.advance(90 * SECOND_MS);
  }
  for (const { at, balance } of moments) {
    assert.equal((await world.restore(arn, at)).Status, 'COMPLETED');
    assert.deepEqual(world.database.restored, { balance });
    await world.restore(arn, at - SECOND_MS);
    assert.deepEqual(world.database.restored, { balance: String(Number(balance) - 1) });
  }
  assert.equal((await world.point(arn)).Status, 'AVAILABLE');
  assert.deepEqual(world.errors, []);
});

test('the latest restorable time moves on an idle database too, never five minutes behind', async () => {
  const { world, arn } = await aLiveDatabase();
  await using _ = world;
  for (let index = 0; index < 30; index += 1) {
    await world.clock.advance(MINUTE_MS);
    const { latestAt = 0 } = (await window(world, arn)) ?? {};
    assert.ok(world.clock.now() - latestAt < 5 * MINUTE_MS, `${world.clock.now() - latestAt} ms behind`);
  }
  const [repository] = world.repositories.values();
  const id = (await live(world))?.continuousId ?? '';
  assert.ok((repository?.logs.state(id)?.segments.length ?? 0) <= 20, 'quiet minutes are stored together');
});

test('a worker that is stopped hands its captures to another at once; one that is killed loses them when its lease lapses', async () => {
  const { world, worker, arn } = await aLiveDatabase();
  await using _ = world;
  world.startWorker('two');
  const stopping = worker.stop(MINUTE_MS);
  await world.clock.advance(5 * SECOND_MS);
  await stopping;
  assert.equal((await live(world))?.lease?.workerId, 'two');
  world.database.write('balance', '1');
  await world.clock.advance(2 * MINUTE_MS);
  const writtenAt = world.clock.now() - 2 * MINUTE_MS;
  await world.restore(arn, writtenAt);
  assert.deepEqual(world.database.restored, { balance: '1' });
  assert.equal(world.database.mostOpenCaptures, 1);
  assert.deepEqual((await window(world, arn))?.gaps, []);
});

test('a worker that vanished is followed by another, which goes on where the stored log ends', async () => {
  await using world = await continuousWorld();
  // Its heartbeats and its writes stop, as those of a killed process do.
  let isDead = false;
  const store = world.stores.continuousBackups;
  const dead = () => new Promise<never>(() => {});
  const ports = {
    ...world.ports,
    stores: {
      ...world.stores,
      continuousBackups: new Proxy(store, {
        get: (target, name) => {
          if (isDead) return dead;
          const member: unknown = Reflect.get(target, name);
          return typeof member === 'function' ? member.bind(target) : member;
        },
      }),
    },
  };
  world.startWorker('killed', ports);
  world.database.write('balance', '0');
  const { RecoveryPointArn: arn = '' } = await world.runRule(DATABASE_ARN);
  await world.clock.advance(2 * MINUTE_MS);
  isDead = true;
  world.database.write('balance', '1');
  const writtenAt = world.clock.now();
  world.startWorker('two');
  await world.clock.advance(20 * SECOND_MS);
  assert.equal((await live(world))?.lease?.workerId, 'killed', 'a lease is believed until it lapses');
  world.database.openCaptures = 0;
  await world.clock.advance(4 * MINUTE_MS);
  assert.equal((await live(world))?.lease?.workerId, 'two');
  await world.restore(arn, writtenAt);
  assert.deepEqual(world.database.restored, { balance: '1' });
  assert.deepEqual((await window(world, arn))?.gaps, []);
});

test('a log that broke ends the window visibly, raises an event, and a new recovery point begins at once', async () => {
  const { world, arn } = await aLiveDatabase();
  await using _ = world;
  world.database.write('balance', '1');
  await world.clock.advance(2 * MINUTE_MS);
  const { latestAt = 0 } = (await window(world, arn)) ?? {};
  world.database.loseLog();
  await world.clock.advance(MINUTE_MS);
  const stopped = await world.point(arn);
  assert.deepEqual([stopped.Status, stopped.StatusMessage], ['STOPPED', 'The slot was dropped.']);
  const event = world.events.find(({ kind }) => kind === 'continuous-backup-stopped');
  assert.ok(event?.kind === 'continuous-backup-stopped' && event.reason === 'The slot was dropped.');
  const [job] = (
    await world.stores.backupJobs.list(
      { accountIds: [SCOPE.accountId], region: SCOPE.region, windowStart: 0, resourceArn: DATABASE_ARN },
      { limit: 1 },
    )
  ).items;
  const next = await world.end(job?.jobId ?? '');
  await world.clock.advance(2 * MINUTE_MS);
  assert.notEqual(next.RecoveryPointArn, arn);
  const points = await world.points(DATABASE_ARN);
  assert.deepEqual(points.map(({ Status }) => Status).sort(), ['AVAILABLE', 'STOPPED']);
  assert.equal((await world.restore(arn, latestAt)).Status, 'COMPLETED');
  await assert.rejects(world.restore(next.RecoveryPointArn ?? '', latestAt), /can be restored to any time from/);
  assert.deepEqual(world.errors, []);
});

test('a gap in the log cannot be restored into, and a new base comes out of turn to lead on from there', async () => {
  const { world, arn } = await aLiveDatabase();
  await using _ = world;
  const beforeAt = (await window(world, arn))?.latestAt ?? 0;
  world.database.write('lost', '1');
  world.database.skipped = 1;
  await world.clock.advance(90 * SECOND_MS);
  world.database.write('balance', '2');
  await world.clock.advance(90 * SECOND_MS);
  await runJobs(world);
  await world.clock.advance(3 * MINUTE_MS);
  const { gaps = [], latestAt = 0 } = (await window(world, arn)) ?? {};
  assert.equal(gaps.length, 1);
  const [gap] = gaps;
  assert.ok(gap !== undefined && gap.fromAt >= beforeAt && gap.untilAt < latestAt);
  await assert.rejects(world.restore(arn, gap.fromAt + SECOND_MS), /its log is missing between .* except/);
  await world.restore(arn, latestAt);
  assert.deepEqual(world.database.restored, { balance: '2', lost: '1' });
  await world.restore(arn, gap.fromAt);
  assert.deepEqual(world.database.restored, { balance: '0' });
});

test('a source that cannot be reached is asked again after growing pauses, and nothing is lost', async () => {
  const { world, arn } = await aLiveDatabase();
  await using _ = world;
  world.database.failures.set('segments', new ConnectorError('unavailable', 'The server is down.'));
  world.database.failures.set('openLogCapture', new ConnectorError('unavailable', 'The server is down.'));
  world.database.write('balance', '1');
  const writtenAt = world.clock.now();
  await world.clock.advance(HOUR_MS);
  const failed = await live(world);
  assert.deepEqual([failed?.state, failed?.error?.message], ['ACTIVE', 'The server is down.']);
  assert.ok((failed?.error?.count ?? 0) < 25);
  world.database.failures.clear();
  await world.clock.advance(10 * MINUTE_MS);
  await world.restore(arn, writtenAt);
  assert.deepEqual(world.database.restored, { balance: '1' });
  assert.deepEqual([(await live(world))?.error, (await window(world, arn))?.gaps], [undefined, []]);
});

test('where a log cannot be captured, the rule makes a snapshot instead and says why', async () => {
  await using world = await continuousWorld();
  world.startWorker('one');
  world.database.failures.set('openLogCapture', new ConnectorError('denied', 'The user may not replicate.'));
  const job = await world.runRule(DATABASE_ARN);
  assert.deepEqual(
    [job.State, job.StatusMessage],
    ['COMPLETED', 'Continuous backup is not possible: The user may not replicate.'],
  );
  const [point] = await world.points(DATABASE_ARN);
  assert.deepEqual([point?.Status, point?.RecoveryPointArn], ['COMPLETED', job.RecoveryPointArn]);
  await world.clock.advance(MINUTE_MS);
  assert.deepEqual(world.stores.continuousBackups.all(), [], 'nothing of the attempt is left');
  assert.equal(world.database.endedCaptures, 1);
});

test('a second run makes no base on the same day, and one on the next; the window begins with the first', async () => {
  const { world, arn } = await aLiveDatabase(LEISURELY);
  await using _ = world;
  const { earliestAt = 0 } = (await window(world, arn)) ?? {};
  await world.clock.advance(HOUR_MS);
  const again = await world.runRule(DATABASE_ARN);
  assert.deepEqual([again.State, again.RecoveryPointArn, world.database.backups.length], ['COMPLETED', arn, 1]);
  await world.clock.advance(DAY_MS);
  await world.runRule(DATABASE_ARN);
  assert.equal(world.database.backups.length, 2);
  assert.equal(world.database.backups[1]?.parent?.recoveryPointArn, arn);
  assert.equal((await window(world, arn))?.earliestAt, earliestAt);
  assert.equal((await world.points(DATABASE_ARN)).length, 1);
});

test('a base whose capture had to begin anew meanwhile is thrown away and made again', async () => {
  await using world = await continuousWorld();
  world.startWorker('one');
  let interfered = false;
  world.database.duringBackup = async () => {
    if (interfered) return;
    interfered = true;
    const record = await live(world);
    await world.stores.continuousBackups.change(record?.continuousId ?? '', { captureCount: 7 });
  };
  const job = await world.runRule(DATABASE_ARN);
  assert.equal(job.State, 'COMPLETED');
  assert.equal(world.database.backups.length, 2);
  const [repository] = world.repositories.values();
  assert.equal(repository?.points.size, 1);
});

test('a rule with copy actions makes a snapshot beside the continuous backup at each run', async () => {
  await using world = await continuousWorld();
  world.startWorker('one');
  const job = await world.runRule(DATABASE_ARN, { hasCopies: true });
  const points = await world.points(DATABASE_ARN);
  assert.deepEqual(points.map(({ Status }) => Status).sort(), ['AVAILABLE', 'COMPLETED']);
  const snapshot = await world.point(job.RecoveryPointArn ?? '');
  const [, made] = world.database.backups;
  assert.match(made?.parent?.recoveryPointArn ?? '', /:continuous:/);
  assert.deepEqual(
    [snapshot.Status, snapshot.Lifecycle],
    ['COMPLETED', { DeleteAfterDays: 7, DeleteAfterEvent: 'DELETE_AFTER_COPY' }],
  );
});

test('deleting the recovery point closes the capture, gives the source back and leaves nothing; the rule begins anew', async () => {
  const { world, arn } = await aLiveDatabase();
  await using _ = world;
  await world.client.send(new DeleteRecoveryPointCommand({ BackupVaultName: 'Default', RecoveryPointArn: arn }));
  await world.settle();
  await world.clock.advance(MINUTE_MS);
  assert.deepEqual(await world.points(DATABASE_ARN), []);
  assert.deepEqual([world.database.endedCaptures, world.database.slot], [1, undefined]);
  const [repository] = world.repositories.values();
  assert.equal(repository?.points.size, 0);
  assert.throws(() => repository?.logs.open(arn.slice(-16)));
  assert.deepEqual(world.stores.continuousBackups.all(), []);
  assert.ok(world.events.some(({ kind }) => kind === 'recovery-point-deleted'));
  const next = await world.runRule(DATABASE_ARN);
  assert.notEqual(next.RecoveryPointArn, arn);
});

test('disassociating ends the capture and keeps what is stored until its retention has passed', async () => {
  const { world, arn } = await aLiveDatabase();
  await using _ = world;
  await world.client.send(new DisassociateRecoveryPointCommand({ BackupVaultName: 'Default', RecoveryPointArn: arn }));
  await world.clock.advance(MINUTE_MS);
  const point = await world.point(arn);
  assert.deepEqual([point.Status, point.StatusMessage], ['STOPPED', 'Continuous backup was disassociated.']);
  const days = ((point.CalculatedLifecycle?.DeleteAt?.getTime() ?? 0) - world.clock.now()) / DAY_MS;
  assert.ok(days > 6.9 && days <= 7, `${days}`);
  assert.deepEqual([world.database.endedCaptures, world.database.openCaptures], [1, 0]);
  assert.equal((await world.restore(arn, 'latest')).Status, 'COMPLETED');
  const next = await world.runRule(DATABASE_ARN);
  assert.notEqual(next.RecoveryPointArn, arn);
});

test('after sixty days the window is as long as the rule says, one recovery point stands, and all that is older is gone', async () => {
  const { world, arn } = await aLiveDatabase({ pollMs: HOUR_MS, leaseMs: 6 * HOUR_MS, lagMs: 6 * HOUR_MS });
  await using _ = world;
  const moments: { at: number; balance: string }[] = [];
  for (let day = 1; day <= 60; day += 1) {
    world.database.write('balance', String(day));
    moments.push({ at: world.clock.now(), balance: String(day) });
    await world.clock.advance(DAY_MS);
    await world.runRule(DATABASE_ARN);
  }
  const now = world.clock.now();
  const { earliestAt = 0, latestAt = 0, gaps } = (await window(world, arn)) ?? {};
  assert.deepEqual([now - earliestAt, gaps], [7 * DAY_MS, []]);
  assert.ok(now - latestAt < DAY_MS);
  assert.deepEqual(
    (await world.points(DATABASE_ARN)).map(({ RecoveryPointArn, Status }) => [RecoveryPointArn, Status]),
    [[arn, 'AVAILABLE']],
  );
  const [repository] = world.repositories.values();
  const id = (await live(world))?.continuousId ?? '';
  assert.ok((repository?.points.size ?? 0) <= 9, `${repository?.points.size} bases`);
  const [oldest] = repository?.logs.state(id)?.segments ?? [];
  assert.ok(now - (oldest?.endAt ?? 0) < 9 * DAY_MS, 'the log before the oldest base is gone');
  for (const { at, balance } of moments.filter((moment) => moment.at >= earliestAt && moment.at <= latestAt)) {
    await world.restore(arn, at);
    assert.deepEqual(world.database.restored, { balance });
  }
  await assert.rejects(world.restore(arn, earliestAt - SECOND_MS), /can be restored to any time from/);
  assert.deepEqual(world.errors, []);
});
