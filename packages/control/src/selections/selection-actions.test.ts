import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type PlanWorld, planWorld, ROLE_ARN } from '../plans/testing/plan-world.ts';
import { serviceErrorOf } from '../testing/service-error-of.ts';
import type { BackupSelectionDocument } from './backup-selection-store.ts';

async function planIn(world: PlanWorld): Promise<string> {
  const BackupPlan = { BackupPlanName: 'p', Rules: [{ RuleName: 'r', TargetBackupVaultName: 'Default' }] };
  return (await world.handlers.CreateBackupPlan({ BackupPlan }, world.context())).BackupPlanId ?? '';
}

function create(
  world: PlanWorld,
  BackupPlanId: string,
  selection: Partial<BackupSelectionDocument> = {},
  CreatorRequestId?: string,
) {
  const BackupSelection = { SelectionName: 's', IamRoleArn: ROLE_ARN, ...selection };
  const token = CreatorRequestId === undefined ? {} : { CreatorRequestId };
  return world.handlers.CreateBackupSelection({ BackupPlanId, BackupSelection, ...token }, world.context());
}

test('a selection comes back as it was sent', async () => {
  const world = planWorld();
  const BackupPlanId = await planIn(world);
  const selection = {
    Resources: ['*'],
    NotResources: ['arn:aws:ec2:*:*:volume/*'],
    Conditions: { StringEquals: [{ ConditionKey: 'aws:ResourceTag/a', ConditionValue: 'b' }] },
  };
  const created = await create(world, BackupPlanId, selection, 'token');
  const got = await world.handlers.GetBackupSelection(
    { BackupPlanId, SelectionId: created.SelectionId ?? '' },
    world.context(),
  );
  assert.deepEqual(got.BackupSelection, { SelectionName: 's', IamRoleArn: ROLE_ARN, ...selection });
  assert.equal(got.CreatorRequestId, 'token');
  const list = await world.handlers.ListBackupSelections({ BackupPlanId }, world.context());
  assert.deepEqual(
    list.BackupSelectionsList?.map((entry) => [entry.SelectionId, entry.SelectionName]),
    [[created.SelectionId, 's']],
  );
});

test('a retry returns the first selection; the same name or token for another one is refused', async () => {
  const world = planWorld();
  const BackupPlanId = await planIn(world);
  const first = await create(world, BackupPlanId, {}, 'token');
  assert.deepEqual(await create(world, BackupPlanId, {}, 'token'), first);
  await serviceErrorOf(create(world, BackupPlanId, {}, 'other'), 'AlreadyExistsException');
  await serviceErrorOf(create(world, BackupPlanId, { SelectionName: 'x' }, 'token'), 'AlreadyExistsException');
});

test('a role that cannot be assumed is refused in the words that clients wait for', async () => {
  const world = planWorld();
  const BackupPlanId = await planIn(world);
  world.switches.role = { ok: false, reason: 'it does not exist' };
  await serviceErrorOf(create(world, BackupPlanId), 'InvalidParameterValueException', /cannot be assumed/);
});

const condition = { ConditionKey: 'aws:ResourceTag/a', ConditionValue: 'b' };
const tag = { ConditionType: 'STRINGEQUALS', ConditionKey: 'a', ConditionValue: 'b' } as const;

const WRONG: readonly (readonly [what: string, selection: Partial<BackupSelectionDocument>, code: string])[] = [
  ['a name with a space', { SelectionName: 'a b' }, 'InvalidParameterValueException'],
  ['a role that is none', { IamRoleArn: 'arn:aws:iam::123456789012:user/x' }, 'InvalidParameterValueException'],
  ['a resource that is no ARN', { Resources: ['my-volume'] }, 'InvalidParameterValueException'],
  ['501 ARNs', { Resources: Array.from({ length: 501 }, (_, i) => `arn:aws:s3:::b${i}`) }, 'LimitExceededException'],
  ['31 patterns', { Resources: Array.from({ length: 31 }, (_, i) => `arn:aws:s3:::b${i}*`) }, 'LimitExceededException'],
  ['31 conditions', { Conditions: { StringLike: Array(31).fill(condition) } }, 'LimitExceededException'],
  ['31 tags', { ListOfTags: Array(31).fill(tag) }, 'LimitExceededException'],
  [
    'a condition without key',
    { Conditions: { StringLike: [{ ConditionValue: 'b' }] } },
    'InvalidParameterValueException',
  ],
];

for (const [what, selection, code] of WRONG) {
  test(`${what} is refused`, async () => {
    const world = planWorld();
    await serviceErrorOf(create(world, await planIn(world), selection), code);
  });
}

test('the limits are reached without refusal', async () => {
  const world = planWorld();
  const exact = Array.from({ length: 500 }, (_, i) => `arn:aws:s3:::b${i}`);
  const wild = Array.from({ length: 30 }, (_, i) => `arn:aws:s3:::b${i}*`);
  await create(world, await planIn(world), { Resources: [...exact, ...wild], ListOfTags: Array(30).fill(tag) });
});

test('a plan takes as many selections as its quota', async () => {
  const world = planWorld();
  Object.assign(world.ports, { planQuotas: { ...world.planQuotas, selectionsPerPlan: 1 } });
  const BackupPlanId = await planIn(world);
  await create(world, BackupPlanId);
  await serviceErrorOf(create(world, BackupPlanId, { SelectionName: 'second' }), 'LimitExceededException');
});

test('unknown plans and selections are answered as clients expect', async () => {
  const world = planWorld();
  const BackupPlanId = await planIn(world);
  const { handlers } = world;
  const noPlan = { BackupPlanId: 'nope', SelectionId: 'x' };
  const noSelection = { BackupPlanId, SelectionId: 'x' };
  await serviceErrorOf(create(world, 'nope'), 'InvalidParameterValueException', /Cannot find Backup plan/);
  const code = 'InvalidParameterValueException';
  await serviceErrorOf(handlers.GetBackupSelection(noPlan, world.context()), code, /Cannot find Backup plan/);
  await serviceErrorOf(handlers.GetBackupSelection(noSelection, world.context()), 'ResourceNotFoundException');
  await serviceErrorOf(handlers.DeleteBackupSelection(noSelection, world.context()), code);
  await serviceErrorOf(handlers.ListBackupSelections(noPlan, world.context()), 'ResourceNotFoundException');
});

test('a deleted selection is gone and its plan can go', async () => {
  const world = planWorld();
  const BackupPlanId = await planIn(world);
  const { SelectionId = '' } = await create(world, BackupPlanId);
  await world.handlers.DeleteBackupSelection({ BackupPlanId, SelectionId }, world.context());
  await world.handlers.DeleteBackupPlan({ BackupPlanId }, world.context());
});
