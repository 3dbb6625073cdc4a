import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { BackupRuleInput } from './backup-plan.ts';
import { MISSING_VAULT_ID } from './create-scheduled-jobs.ts';
import { previewPlan } from './preview-plan.ts';
import { runSchedulerTick } from './scheduler-tick.ts';
import { takeScopeSnapshot } from './scope-snapshot.ts';
import { aResource, aVault, type PlanWorld, planWorld, ROLE_ARN, SCOPE } from './testing/plan-world.ts';

const HOUR = 3_600_000;
const START = Date.UTC(2024, 0, 1);
const FILES = aResource('arn:aws:elasticfilesystem:us-east-1:123456789012:file-system/fs-1', 'EFS', { backup: 'yes' });
const BUCKET = aResource('arn:aws:s3:::photos', 'S3');
const WINDOWS = aResource('arn:aws:fsx:us-east-1:123456789012:file-system/fs-2', 'FSx');
const INSTANCE = aResource('arn:aws:ec2:us-east-1:123456789012:instance/i-1', 'EC2');

function rule(members: Partial<BackupRuleInput> = {}): BackupRuleInput {
  return { RuleName: 'daily', TargetBackupVaultName: 'Default', StartWindowMinutes: 120, ...members };
}

async function aPlan(world: PlanWorld, name: string, rules: BackupRuleInput[], Resources = ['*']): Promise<string> {
  const input = {
    BackupPlan: {
      BackupPlanName: name,
      Rules: rules,
      AdvancedBackupSettings: [{ ResourceType: 'EC2', BackupOptions: { WindowsVSS: 'enabled' } }],
    },
    BackupPlanTags: { plan: name, shared: 'plan' },
  };
  const { BackupPlanId = '' } = await world.handlers.CreateBackupPlan(input, world.context());
  const BackupSelection = { SelectionName: 's', IamRoleArn: ROLE_ARN, Resources };
  await world.handlers.CreateBackupSelection({ BackupPlanId, BackupSelection }, world.context());
  return BackupPlanId;
}

async function aWorld(): Promise<PlanWorld> {
  const world = planWorld(START);
  await world.stores.resources.upsert([FILES, BUCKET, WINDOWS, INSTANCE]);
  await world.stores.vaults.create(aVault('Default'), {}, 10);
  return world;
}

async function jobs(world: PlanWorld) {
  const query = { accountIds: [SCOPE.accountId], region: SCOPE.region, windowStart: 0 };
  return (await world.stores.backupJobs.list(query, { limit: 1000 })).items;
}

test('an occurrence makes one job per resource with its windows, role, tags, options and maker', async () => {
  const world = await aWorld();
  const planId = await aPlan(world, 'p', [
    rule({ Lifecycle: { DeleteAfterDays: 30 }, RecoveryPointTags: { shared: 'rule' }, CompletionWindowMinutes: 600 }),
  ]);
  await world.clock.advance(5 * HOUR - 1);
  assert.equal((await runSchedulerTick(world.ports)).createdJobs, 0);
  await world.clock.advance(1);
  assert.equal((await runSchedulerTick(world.ports)).createdJobs, 4);
  const made = await jobs(world);
  const files = made.find((job) => job.resourceArn === FILES.arn);
  assert.equal(files?.scheduledAt, START + 5 * HOUR);
  assert.equal(files?.startBy, START + 7 * HOUR);
  assert.equal(files?.completeBy, START + 15 * HOUR);
  assert.equal(files?.iamRoleArn, ROLE_ARN);
  assert.deepEqual(files?.recoveryPointTags, { plan: 'p', shared: 'rule' });
  assert.deepEqual(files?.lifecycle, { deleteAfterDays: 30 });
  assert.equal(files?.createdBy?.backupPlanId, planId);
  assert.equal(made.find((job) => job.resourceType === 'FSx')?.completeBy, undefined, 'PLAN-70');
  assert.deepEqual(made.find((job) => job.resourceType === 'EC2')?.backupOptions, { WindowsVSS: 'enabled' });
  assert.deepEqual(files?.backupOptions, {});
  assert.equal((await world.plans.get(SCOPE, planId))?.lastExecutedAt, START + 5 * HOUR);
});

test('an occurrence fires once, however often the scheduler looks', async () => {
  const world = await aWorld();
  await aPlan(world, 'p', [rule()]);
  await world.clock.advance(5 * HOUR);
  await runSchedulerTick(world.ports);
  assert.equal((await runSchedulerTick(world.ports)).createdJobs, 0);
  await world.clock.advance(HOUR);
  assert.equal((await runSchedulerTick(world.ports)).createdJobs, 0);
});

test('a plan that cannot be fired is reported, does not stop the others, and is fired later', async () => {
  const world = await aWorld();
  const broken = await aPlan(world, 'broken', [rule()]);
  await aPlan(world, 'fine', [rule({ RuleName: 'fine' })]);
  await world.clock.advance(5 * HOUR);
  const listOfPlan = world.selections.listOfPlan.bind(world.selections);
  world.selections.listOfPlan = async (planId) => {
    if (planId === broken) throw new Error('the disk is full');
    return await listOfPlan(planId);
  };
  // The fake catalog has no transactions: keep what a roll-back would.
  const saved = await world.plans.listCursors(broken);
  const tick = await runSchedulerTick(world.ports);
  assert.deepEqual(tick.failedPlans, [broken]);
  assert.equal(tick.createdJobs, 4);
  world.selections.listOfPlan = listOfPlan;
  await world.plans.saveCursors(saved);
  assert.equal((await runSchedulerTick(world.ports)).createdJobs, 4);
});

test('a schedule that fired while the server was down starts late, or expires and is recorded', async () => {
  const world = await aWorld();
  const planId = await aPlan(world, 'p', [rule()]);
  await world.clock.advance(6.5 * HOUR);
  const late = await runSchedulerTick(world.ports);
  assert.deepEqual([late.createdJobs, late.missedOccurrences], [4, 0]);
  await world.clock.advance(48 * HOUR + HOUR);
  const missed = await runSchedulerTick(world.ports);
  assert.deepEqual([missed.createdJobs, missed.missedOccurrences], [4, 2]);
  const [record] = (await world.plans.listMissed(planId, { limit: 5 })).items;
  assert.deepEqual([record?.firstAt, record?.lastAt], [START + 29 * HOUR, START + 53 * HOUR]);
  const last = (await jobs(world)).filter((job) => job.scheduledAt === START + 53 * HOUR);
  assert.equal(last.length, 4);
  assert.ok(
    last.every((job) => job.startBy <= world.clock.now()),
    'the queue ends them as EXPIRED',
  );
});

test('a resource that two selections take is backed up once, by the role of the older (PLAN-120)', async () => {
  const world = await aWorld();
  const BackupPlanId = await aPlan(world, 'p', [rule()], [BUCKET.arn]);
  await world.clock.advance(1);
  const BackupSelection = {
    SelectionName: 'second',
    IamRoleArn: `${ROLE_ARN}2`,
    Resources: ['arn:aws:s3:::*', FILES.arn],
  };
  await world.handlers.CreateBackupSelection({ BackupPlanId, BackupSelection }, world.context());
  await world.clock.advance(5 * HOUR);
  await runSchedulerTick(world.ports);
  assert.deepEqual((await jobs(world)).map((job) => [job.resourceType, job.iamRoleArn]).sort(), [
    ['EFS', `${ROLE_ARN}2`],
    ['S3', ROLE_ARN],
  ]);
});

test('resources are looked up at every run: new ones are found, vanished ones are left out (PLAN-104)', async () => {
  const world = await aWorld();
  await aPlan(world, 'p', [rule()]);
  await world.stores.resources.upsert([
    { ...FILES, status: 'vanished' },
    aResource('arn:aws:s3:::new', 'S3'),
    { ...BUCKET, status: 'unavailable' },
  ]);
  await world.clock.advance(5 * HOUR);
  await runSchedulerTick(world.ports);
  assert.deepEqual((await jobs(world)).map((job) => job.resourceArn).sort(), [
    INSTANCE.arn,
    WINDOWS.arn,
    'arn:aws:s3:::new',
    BUCKET.arn,
  ]);
});

test('a rule whose vault was deleted makes jobs that name no vault (VAULT-54)', async () => {
  const world = await aWorld();
  await aPlan(world, 'p', [rule({ TargetBackupVaultName: 'gone' })], [BUCKET.arn]);
  await world.clock.advance(5 * HOUR);
  await runSchedulerTick(world.ports);
  const [job] = await jobs(world);
  assert.deepEqual(
    [job?.vaultId, job?.vaultArn],
    [MISSING_VAULT_ID, 'arn:aws:backup:us-east-1:123456789012:backup-vault:gone'],
  );
});

test('continuous backups are made by the oldest plan only, and only of types that have them (BKP-78)', async () => {
  const world = await aWorld();
  const continuous = rule({ EnableContinuousBackup: true, Lifecycle: { DeleteAfterDays: 35 } });
  const oldest = await aPlan(world, 'first', [continuous]);
  await world.clock.advance(1);
  await aPlan(world, 'second', [continuous]);
  await world.clock.advance(5 * HOUR);
  await runSchedulerTick(world.ports);
  const made = await jobs(world);
  assert.equal(made.length, 8);
  assert.deepEqual(
    made.filter((job) => job.isContinuous).map((job) => [job.resourceType, job.createdBy?.backupPlanId]),
    [['S3', oldest]],
  );
});

test('types that are not opted in are left out of selections that do not name them', async () => {
  const world = await aWorld();
  await world.stores.settings.mergeRegionSettings(SCOPE, { optIn: { S3: false }, management: {} });
  await aPlan(world, 'p', [rule()]);
  await aPlan(world, 'q', [rule({ RuleName: 'q' })], [BUCKET.arn]);
  await world.clock.advance(5 * HOUR);
  await runSchedulerTick(world.ports);
  const made = (await jobs(world)).filter((job) => job.resourceType === 'S3');
  assert.deepEqual(
    made.map((job) => job.createdBy?.backupPlanName),
    ['q'],
  );
});

test('a preview says what runs when, on which resources, and why a resource is out', async () => {
  const world = await aWorld();
  const hourly = rule({
    RuleName: 'hourly',
    ScheduleExpression: 'cron(0 * ? * * *)',
    StartWindowMinutes: 60,
    Lifecycle: { DeleteAfterDays: 1 },
  });
  const planId = await aPlan(world, 'p', [hourly, rule({ Lifecycle: { DeleteAfterDays: 7 } })], ['arn:aws:s3:::*']);
  const plan = await world.plans.get(SCOPE, planId);
  assert.ok(plan);
  const snapshot = await takeScopeSnapshot(world.ports, SCOPE);
  const scope = {
    selections: await world.selections.listOfPlan(planId),
    resources: snapshot.resources,
    settings: snapshot.settings,
    isContinuousElsewhere: () => false,
  };
  const preview = previewPlan(plan, await world.plans.listCursors(planId), scope, START + 3.5 * HOUR, START + 7 * HOUR);
  assert.deepEqual(
    preview.runs.map((run) => [run.ruleName, (run.scheduledAt - START) / HOUR, run.effects[0]?.suppressedBy?.ruleName]),
    [
      ['hourly', 4, undefined],
      ['hourly', 5, 'daily'],
      ['daily', 5, undefined],
      ['hourly', 6, 'daily'],
      ['hourly', 7, undefined],
    ],
  );
  assert.equal(preview.runs[0]?.effects[0]?.resourceCount, 1);
  const verdicts = preview.resources.map((entry) => [entry.resource.resourceType, entry.reasons[0]?.reason.included]);
  assert.deepEqual(verdicts.sort(), [
    ['EC2', false],
    ['EFS', false],
    ['FSx', false],
    ['S3', true],
  ]);
});
