import assert from 'node:assert/strict';
import { test } from 'node:test';
import { runLifecycleTick } from '../lifecycle/lifecycle-tick.ts';
import type { BackupRule } from '../plans/backup-plan.ts';
import { aRule } from '../plans/testing/plan-builders.ts';
import { DATABASE_ARN } from '../testing/fake-database.ts';
import { memoryDueRecoveryPoints } from '../testing/memory-due-recovery-points.ts';
import { MemoryLegalHoldStore } from '../testing/memory-legal-hold-store.ts';
import { MemoryPlanStore, MemorySelectionStore } from '../testing/memory-plan-stores.ts';
import { ROLE_ARN, SCOPE } from '../testing/test-control.ts';
import { runContinuousTick } from './continuous-tick.ts';
import { continuousState } from './restorable-time.ts';
import { continuousWorld, DAY_MS, HOUR_MS, RULE } from './testing/continuous-world.ts';

const LEISURELY = { pollMs: HOUR_MS, leaseMs: 6 * HOUR_MS, lagMs: 2 * HOUR_MS };

async function aPlannedDatabase(days: number) {
  const world = await continuousWorld(LEISURELY);
  const plans = new MemoryPlanStore(world.stores.tags);
  const selections = new MemorySelectionStore();
  const ports = {
    ...world.ports,
    plans,
    selections,
    catalog: { transaction: <T>(work: () => Promise<T>) => work() },
  };
  const rule = (deleteAfterDays: number, members: Partial<BackupRule> = {}) =>
    aRule({
      RuleId: RULE.backupRuleId,
      EnableContinuousBackup: true,
      Lifecycle: { DeleteAfterDays: deleteAfterDays },
      ...members,
    });
  const planId = RULE.backupPlanId;
  const now = world.clock.now();
  await plans.create(
    {
      ...SCOPE,
      planId,
      arn: RULE.backupPlanArn,
      createdAt: now,
      versionId: 'v1',
      versionCreatedAt: now,
      document: { BackupPlanName: 'p', Rules: [rule(days)] },
    },
    [],
    {},
  );
  await selections.create({
    ...SCOPE,
    selectionId: 's',
    planId,
    createdAt: now,
    document: { SelectionName: 's', IamRoleArn: ROLE_ARN, Resources: [DATABASE_ARN] },
  });
  world.startWorker('one');
  world.database.write('balance', '0');
  const { RecoveryPointArn: arn = '' } = await world.runRule(DATABASE_ARN, { days });
  return {
    world,
    arn,
    plans,
    tick: () => runContinuousTick(ports),
    changeRule: async (rules: readonly BackupRule[]) => {
      const version = { versionId: 'v2', createdAt: world.clock.now(), cursors: [] };
      await plans.addVersion(planId, { ...version, document: { BackupPlanName: 'p', Rules: rules } });
    },
    rule,
    /** The length of the window in days. */
    reach: async () => {
      const vault = await world.stores.vaults.get(SCOPE, 'Default');
      const state = await continuousState(world.ports, { vaultId: vault?.vaultId ?? '', arn });
      return (world.clock.now() - (state?.window?.earliestAt ?? Number.NaN)) / DAY_MS;
    },
    lifecycle: async () => {
      const legalHolds = new MemoryLegalHoldStore(world.stores.recoveryPoints, world.stores.tags);
      await runLifecycleTick({
        ...world.ports,
        legalHolds,
        dueRecoveryPoints: memoryDueRecoveryPoints(world.stores.recoveryPoints, legalHolds),
        copyJobs: { isCopying: async () => false },
        coldStorage: { moveToColdStorage: async () => {} },
        expiryDelay: () => 0,
      });
      await world.settle();
    },
    [Symbol.asyncDispose]: () => world[Symbol.asyncDispose](),
  };
}

test('a continuous backup follows its rule: more days at once, fewer when the difference has passed', async () => {
  await using test = await aPlannedDatabase(5);
  const { world, arn } = test;
  assert.deepEqual(await test.tick(), { looked: 1, stopped: 0, changed: 0 });
  await world.clock.advance(10 * DAY_MS);
  assert.equal(await test.reach(), 5);
  await test.changeRule([test.rule(12)]);
  assert.equal((await test.tick()).changed, 1);
  assert.deepEqual((await world.point(arn)).Lifecycle, { DeleteAfterDays: 12 });
  await world.clock.advance(7 * DAY_MS);
  assert.ok((await test.reach()) > 11.9, 'nothing was dropped since');
  await test.changeRule([test.rule(8)]);
  await test.tick();
  await world.clock.advance(3.9 * DAY_MS);
  assert.ok((await test.reach()) > 11.9, 'four days must pass first');
  await world.clock.advance(0.2 * DAY_MS);
  assert.equal(await test.reach(), 8);
  assert.deepEqual(world.errors, []);
});

test('when its rule is gone it stops, gives the source back, and expires by the retention that is remembered', async () => {
  await using test = await aPlannedDatabase(5);
  const { world, arn } = test;
  await world.clock.advance(3 * DAY_MS);
  await test.plans.markDeleted(RULE.backupPlanId, world.clock.now());
  const stoppedAt = world.clock.now();
  assert.equal((await test.tick()).stopped, 1);
  const point = await world.point(arn);
  assert.deepEqual(
    [point.Status, point.StatusMessage, point.CalculatedLifecycle?.DeleteAt?.getTime()],
    ['STOPPED', 'No backup rule makes continuous backups of the resource any more.', stoppedAt + 5 * DAY_MS],
  );
  await world.clock.advance(2 * HOUR_MS);
  assert.equal(world.database.endedCaptures, 1);
  assert.equal((await world.restore(arn, 'latest')).Status, 'COMPLETED');
  await world.clock.advance(4.5 * DAY_MS);
  await test.lifecycle();
  assert.equal((await world.points(DATABASE_ARN)).length, 1);
  await world.clock.advance(DAY_MS);
  await test.lifecycle();
  await world.clock.advance(2 * HOUR_MS);
  assert.deepEqual(await world.points(DATABASE_ARN), []);
  assert.deepEqual(world.stores.continuousBackups.all(), []);
  assert.equal([...world.repositories.values()][0]?.points.size, 0);
  assert.deepEqual(world.errors, []);
});

test('a rule that makes no continuous backups any more stops them; a resource that vanished stops them too', async () => {
  await using first = await aPlannedDatabase(5);
  await first.changeRule([first.rule(5, { EnableContinuousBackup: false })]);
  assert.equal((await first.tick()).stopped, 1);
  await using second = await aPlannedDatabase(5);
  await second.world.stores.resources.markVanished(SCOPE, 'fake-database', second.world.clock.now() + 1);
  assert.equal((await second.tick()).stopped, 1);
  assert.match((await second.world.point(second.arn)).StatusMessage ?? '', /no longer available at its source/);
});

test('one whose job ended before it had a base does not capture for ever', async () => {
  await using test = await aPlannedDatabase(5);
  const { world } = test;
  const { StopBackupJobCommand } = await import('@aws-sdk/client-backup');
  const live = await world.stores.continuousBackups.live(SCOPE, DATABASE_ARN);
  await world.stores.continuousBackups.change(live?.continuousId ?? '', { state: 'STOPPED' });
  const jobId = await world.fire(DATABASE_ARN);
  const { runJobs } = await import('../testing/run-jobs.ts');
  await runJobs(world);
  await world.client.send(new StopBackupJobCommand({ BackupJobId: jobId }));
  assert.equal((await world.stores.continuousBackups.live(SCOPE, DATABASE_ARN))?.state, 'STARTING');
  await world.clock.advance(2 * HOUR_MS);
  assert.equal((await test.tick()).stopped, 1);
  await world.clock.advance(2 * HOUR_MS);
  assert.equal(await world.stores.continuousBackups.live(SCOPE, DATABASE_ARN), undefined);
});
