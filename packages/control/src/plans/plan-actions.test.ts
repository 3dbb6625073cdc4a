import assert from 'node:assert/strict';
import { test } from 'node:test';
import { serviceErrorOf } from '../testing/service-error-of.ts';
import type { BackupPlanInput, BackupRuleInput } from './backup-plan.ts';
import { type PlanWorld, planWorld, SCOPE } from './testing/plan-world.ts';

const DAY_MS = 86_400_000;

function rule(members: Partial<BackupRuleInput> = {}): BackupRuleInput {
  return { RuleName: 'daily', TargetBackupVaultName: 'Default', ...members };
}

function plan(name = 'plan', ...Rules: BackupRuleInput[]): BackupPlanInput {
  return { BackupPlanName: name, Rules: Rules.length === 0 ? [rule()] : Rules };
}

function create(world: PlanWorld, BackupPlan: BackupPlanInput, CreatorRequestId?: string) {
  const token = CreatorRequestId === undefined ? {} : { CreatorRequestId };
  return world.handlers.CreateBackupPlan({ BackupPlan, ...token }, world.context());
}

async function createdId(world: PlanWorld, input = plan()): Promise<string> {
  return (await create(world, input)).BackupPlanId ?? '';
}

test('a plan comes back with the defaults of the service, unset members stay unset', async () => {
  const world = planWorld();
  const created = await create(world, plan());
  assert.match(created.BackupPlanArn ?? '', /^arn:aws:backup:us-east-1:123456789012:backup-plan:[0-9a-f-]{36}$/);
  const got = await world.handlers.GetBackupPlan({ BackupPlanId: created.BackupPlanId ?? '' }, world.context());
  const { RuleId, ...stored } = got.BackupPlan?.Rules?.[0] ?? { RuleName: '', TargetBackupVaultName: '' };
  assert.match(RuleId ?? '', /^[0-9a-f-]{36}$/);
  assert.deepEqual(stored, {
    RuleName: 'daily',
    TargetBackupVaultName: 'Default',
    ScheduleExpression: 'cron(0 5 ? * * *)',
    ScheduleExpressionTimezone: 'Etc/UTC',
    StartWindowMinutes: 480,
    CompletionWindowMinutes: 10_080,
  });
  assert.equal(got.VersionId, created.VersionId);
  assert.equal(got.AdvancedBackupSettings, undefined);
});

test('advanced settings are answered beside the plan, not in it', async () => {
  const world = planWorld();
  const AdvancedBackupSettings = [{ ResourceType: 'EC2', BackupOptions: { WindowsVSS: 'enabled' } }];
  const id = await createdId(world, { ...plan(), AdvancedBackupSettings });
  const got = await world.handlers.GetBackupPlan({ BackupPlanId: id }, world.context());
  assert.deepEqual(got.AdvancedBackupSettings, AdvancedBackupSettings);
  assert.equal('AdvancedBackupSettings' in (got.BackupPlan ?? {}), false);
});

test('the same CreatorRequestId with the same plan returns the plan, with another plan it is refused', async () => {
  const world = planWorld();
  const first = await create(world, plan(), 'token-1');
  assert.deepEqual(await create(world, plan(), 'token-1'), first);
  const error = await serviceErrorOf(create(world, plan('other'), 'token-1'), 'AlreadyExistsException');
  assert.equal(error.members['Arn'], first.BackupPlanArn);
  assert.equal(error.members['CreatorRequestId'], 'token-1');
});

test('a second plan of the same name is refused, also after a change of its rules (PLAN-65)', async () => {
  const world = planWorld();
  const id = await createdId(world);
  await serviceErrorOf(create(world, plan()), 'AlreadyExistsException', /same plan document/);
  await serviceErrorOf(create(world, plan('plan', rule({ RuleName: 'x' }))), 'AlreadyExistsException', /named "plan"/);
  await world.handlers.DeleteBackupPlan({ BackupPlanId: id }, world.context());
  await create(world, plan());
});

const WRONG: readonly (readonly [what: string, input: BackupPlanInput, message: RegExp])[] = [
  ['a plan name with a space', plan('my plan'), /BackupPlanName/],
  ['a plan name of 51 characters', plan('x'.repeat(51)), /BackupPlanName/],
  ['a rule name with a slash', plan('p', rule({ RuleName: 'a/b' })), /RuleName/],
  ['a vault name of one character', plan('p', rule({ TargetBackupVaultName: 'v' })), /TargetBackupVaultName/],
  ['a start window under an hour', plan('p', rule({ StartWindowMinutes: 59 })), /StartWindowMinutes/],
  ['a start window over 100 years', plan('p', rule({ StartWindowMinutes: 52_560_001 })), /StartWindowMinutes/],
  ['a completion window of nothing', plan('p', rule({ CompletionWindowMinutes: 0 })), /CompletionWindowMinutes/],
  ['a bad schedule', plan('p', rule({ ScheduleExpression: 'cron(0 5 * * * *)' })), /exactly one/],
  ['a schedule of every 30 minutes', plan('p', rule({ ScheduleExpression: 'cron(0/30 * ? * * *)' })), /too frequent/],
  ['an unknown time zone', plan('p', rule({ ScheduleExpressionTimezone: 'Moon' })), /time zone/],
  ['a retention of no days', plan('p', rule({ Lifecycle: { DeleteAfterDays: 0 } })), /DeleteAfterDays/],
  ['a retention over 100 years', plan('p', rule({ Lifecycle: { DeleteAfterDays: 36_501 } })), /DeleteAfterDays/],
  [
    'less than 90 days in cold storage (PLAN-85)',
    plan('p', rule({ Lifecycle: { MoveToColdStorageAfterDays: 30, DeleteAfterDays: 119 } })),
    /90 days/,
  ],
  [
    'less than 90 days in cold storage for a copy',
    plan(
      'p',
      rule({
        CopyActions: [
          { DestinationBackupVaultArn: arnOf('v1'), Lifecycle: { MoveToColdStorageAfterDays: 1, DeleteAfterDays: 2 } },
        ],
      }),
    ),
    /90 days/,
  ],
  [
    'a destination that is no vault',
    plan('p', rule({ CopyActions: [{ DestinationBackupVaultArn: 'x' }] })),
    /vault ARN/,
  ],
  ['a continuous rule without retention', plan('p', rule({ EnableContinuousBackup: true })), /1 to 35 days/],
  [
    'a continuous rule of 36 days',
    plan('p', rule({ EnableContinuousBackup: true, Lifecycle: { DeleteAfterDays: 36 } })),
    /1 to 35 days/,
  ],
  [
    'continuous rules for two vaults (BKP-80)',
    plan('p', continuous('a', 'vault-1'), continuous('b', 'vault-2')),
    /different vaults/,
  ],
  ['advanced settings of S3', { ...plan(), AdvancedBackupSettings: [{ ResourceType: 'S3' }] }, /EC2 only/],
  [
    'an unknown backup option',
    { ...plan(), AdvancedBackupSettings: [{ ResourceType: 'EC2', BackupOptions: { WindowsVSS: 'maybe' } }] },
    /WindowsVSS/,
  ],
  ['a reserved tag', plan('p', rule({ RecoveryPointTags: { 'aws:x': 'y' } })), /reserved/],
];

function arnOf(vault: string): string {
  return `arn:aws:backup:us-east-1:123456789012:backup-vault:${vault}`;
}

function continuous(RuleName: string, TargetBackupVaultName: string): BackupRuleInput {
  return { RuleName, TargetBackupVaultName, EnableContinuousBackup: true, Lifecycle: { DeleteAfterDays: 35 } };
}

for (const [what, input, message] of WRONG) {
  test(`${what} is refused at create and at update`, async () => {
    const world = planWorld();
    await serviceErrorOf(create(world, input), 'InvalidParameterValueException', message);
    const id = await createdId(world, plan('fine'));
    const update = world.handlers.UpdateBackupPlan({ BackupPlanId: id, BackupPlan: input }, world.context());
    await serviceErrorOf(update, 'InvalidParameterValueException', message);
  });
}

test('a plan without rules is refused as missing', async () => {
  const world = planWorld();
  await serviceErrorOf(create(world, { BackupPlanName: 'p', Rules: [] }), 'MissingParameterValueException');
});

test('what Terraform and the guide write is accepted', async () => {
  const world = planWorld();
  const rules = [
    rule({ RuleName: 'a', ScheduleExpression: 'cron(0 12 * * ? *)', ScheduleExpressionTimezone: 'Pacific/Tahiti' }),
    rule({ RuleName: 'b', ScheduleExpression: 'cron(0 10 ? * 6L *)', Lifecycle: { MoveToColdStorageAfterDays: 7 } }),
    rule({ RuleName: 'c', Lifecycle: { MoveToColdStorageAfterDays: 120, DeleteAfterDays: 210 } }),
    rule({
      RuleName: 'd',
      CopyActions: [{ DestinationBackupVaultArn: arnOf('v1') }, { DestinationBackupVaultArn: arnOf('v2') }],
    }),
  ];
  const id = await createdId(world, plan('p', ...rules));
  const got = await world.handlers.GetBackupPlan({ BackupPlanId: id }, world.context());
  assert.deepEqual(got.BackupPlan?.Rules?.[1]?.Lifecycle, { MoveToColdStorageAfterDays: 7 });
  assert.deepEqual(got.BackupPlan?.Rules?.[3]?.CopyActions, rules[3]?.CopyActions);
});

test('an update is a new version, rules keep their identity by name, old versions stay readable', async () => {
  const world = planWorld();
  const id = await createdId(world, plan('plan', rule(), rule({ RuleName: 'weekly' })));
  const before = await world.handlers.GetBackupPlan({ BackupPlanId: id }, world.context());
  await world.clock.advance(1000);
  const changed = plan('plan', rule({ RuleName: 'weekly', StartWindowMinutes: 60 }), rule({ RuleName: 'new' }));
  const updated = await world.handlers.UpdateBackupPlan({ BackupPlanId: id, BackupPlan: changed }, world.context());
  assert.notEqual(updated.VersionId, before.VersionId);
  assert.deepEqual(updated.CreationDate, before.CreationDate);
  const after = await world.handlers.GetBackupPlan({ BackupPlanId: id }, world.context());
  assert.equal(after.BackupPlan?.Rules?.[0]?.RuleId, before.BackupPlan?.Rules?.[1]?.RuleId);
  assert.notEqual(after.BackupPlan?.Rules?.[1]?.RuleId, before.BackupPlan?.Rules?.[0]?.RuleId);
  const request = { BackupPlanId: id, VersionId: before.VersionId };
  const old = await world.handlers.GetBackupPlan(request, world.context());
  assert.deepEqual(old.BackupPlan, before.BackupPlan);
  const versions = await world.handlers.ListBackupPlanVersions({ BackupPlanId: id }, world.context());
  assert.deepEqual(
    versions.BackupPlanVersionsList?.map((version) => version.VersionId),
    [updated.VersionId, before.VersionId],
  );
  const missing = world.handlers.GetBackupPlan({ BackupPlanId: id, VersionId: 'nope' }, world.context());
  await serviceErrorOf(missing, 'ResourceNotFoundException', /no version/);
});

test('an update can take a name that is free, not one of another plan', async () => {
  const world = planWorld();
  const id = await createdId(world);
  await createdId(world, plan('taken'));
  const update = (name: string) =>
    world.handlers.UpdateBackupPlan({ BackupPlanId: id, BackupPlan: plan(name) }, world.context());
  await serviceErrorOf(update('taken'), 'InvalidParameterValueException', /named "taken" already/);
  await update('free');
});

test('a deleted plan is gone, except by version and in the list with deleted plans', async () => {
  const world = planWorld();
  const id = await createdId(world);
  const deleted = await world.handlers.DeleteBackupPlan({ BackupPlanId: id }, world.context());
  assert.deepEqual(deleted.DeletionDate, new Date(world.clock.now()));
  const get = world.handlers.GetBackupPlan({ BackupPlanId: id }, world.context());
  await serviceErrorOf(get, 'ResourceNotFoundException', /Cannot find Backup plan/);
  const byVersion = { BackupPlanId: id, VersionId: deleted.VersionId };
  const old = await world.handlers.GetBackupPlan(byVersion, world.context());
  assert.deepEqual(old.DeletionDate, deleted.DeletionDate);
  const again = world.handlers.DeleteBackupPlan({ BackupPlanId: id }, world.context());
  await serviceErrorOf(again, 'ResourceNotFoundException');
  const live = await world.handlers.ListBackupPlans({}, world.context());
  assert.deepEqual(live.BackupPlansList, []);
  const all = await world.handlers.ListBackupPlans({ IncludeDeleted: true }, world.context());
  assert.equal(all.BackupPlansList?.[0]?.BackupPlanId, id);
});

test('a plan with selections is not deleted', async () => {
  const world = planWorld();
  const id = await createdId(world);
  const BackupSelection = { SelectionName: 's', IamRoleArn: 'arn:aws:iam::123456789012:role/r' };
  await world.handlers.CreateBackupSelection({ BackupPlanId: id, BackupSelection }, world.context());
  const refused = world.handlers.DeleteBackupPlan({ BackupPlanId: id }, world.context());
  await serviceErrorOf(
    refused,
    'InvalidRequestException',
    /^Related backup plan selections must be deleted prior to backup/,
  );
});

test('plans are listed page by page, newest first, each scope for itself', async () => {
  const world = planWorld();
  for (const name of ['one', 'two', 'three']) {
    await createdId(world, plan(name));
    await world.clock.advance(1000);
  }
  const names: (string | undefined)[] = [];
  let NextToken: string | undefined;
  do {
    const token = NextToken === undefined ? {} : { NextToken };
    const page = await world.handlers.ListBackupPlans({ MaxResults: 2, ...token }, world.context('ListBackupPlans'));
    names.push(...(page.BackupPlansList ?? []).map((entry) => entry.BackupPlanName));
    NextToken = page.NextToken;
  } while (NextToken !== undefined);
  assert.deepEqual(names, ['three', 'two', 'one']);
  const elsewhere = world.context('ListBackupPlans', { ...SCOPE, region: 'eu-west-1' });
  assert.deepEqual((await world.handlers.ListBackupPlans({}, elsewhere)).BackupPlansList, []);
  const tooMany = world.handlers.ListBackupPlans({ MaxResults: 1001 }, world.context());
  await serviceErrorOf(tooMany, 'InvalidParameterValueException', /MaxResults/);
});

test('the quotas on plans and versions are kept', async () => {
  const world = planWorld();
  Object.assign(world.ports, { planQuotas: { ...world.planQuotas, plansPerRegion: 1, versionsPerPlan: 2 } });
  const id = await createdId(world);
  await serviceErrorOf(create(world, plan('second')), 'LimitExceededException');
  const update = () => world.handlers.UpdateBackupPlan({ BackupPlanId: id, BackupPlan: plan() }, world.context());
  await update();
  await serviceErrorOf(update(), 'InvalidParameterValueException', /2 versions/);
});

test('the tags of a plan are kept with it', async () => {
  const world = planWorld();
  const input = { BackupPlan: plan(), BackupPlanTags: { team: 'blue' } };
  const { BackupPlanArn = '' } = await world.handlers.CreateBackupPlan(input, world.context());
  const tags = await world.stores.tags.list(SCOPE.accountId, BackupPlanArn, { limit: 10 });
  assert.deepEqual(tags.items, [{ key: 'team', value: 'blue' }]);
});

test('coming runs can be looked at', async () => {
  const world = planWorld(Date.parse('2024-03-30T12:00:00Z'));
  const id = await createdId(world, plan('p', rule({ ScheduleExpressionTimezone: 'Europe/Vienna' })));
  const request = { BackupPlanId: id, MaxScheduledRunsPreview: 2 };
  const got = await world.handlers.GetBackupPlan(request, world.context());
  assert.deepEqual(
    got.ScheduledRunsPreview?.map((run) => run.ExecutionTime?.toISOString()),
    ['2024-03-31T03:00:00.000Z', '2024-04-01T03:00:00.000Z'],
  );
  const many = world.handlers.GetBackupPlan({ ...request, MaxScheduledRunsPreview: 11 }, world.context());
  await serviceErrorOf(many, 'InvalidParameterValueException');
});

test('every template is a valid plan', async () => {
  const world = planWorld();
  const { BackupPlanTemplatesList = [] } = await world.handlers.ListBackupPlanTemplates({}, world.context());
  assert.ok(BackupPlanTemplatesList.some((entry) => entry.BackupPlanTemplateName === 'Daily-Monthly-1yr-Retention'));
  for (const { BackupPlanTemplateId = '' } of BackupPlanTemplatesList) {
    const got = await world.handlers.GetBackupPlanFromTemplate({ BackupPlanTemplateId }, world.context());
    const { BackupPlanName = '', Rules = [] } = got.BackupPlanDocument ?? { BackupPlanName: '', Rules: [] };
    await create(world, { BackupPlanName, Rules: Rules.map(({ RuleId: _id, ...rest }) => rest as BackupRuleInput) });
  }
  const missing = world.handlers.GetBackupPlanFromTemplate({ BackupPlanTemplateId: 'nope' }, world.context());
  await serviceErrorOf(missing, 'ResourceNotFoundException');
});

test('an exported plan is read back unchanged, and refused when it was changed', async () => {
  const world = planWorld();
  const id = await createdId(world, plan('p', rule({ Lifecycle: { DeleteAfterDays: 30 } })));
  const exported = await world.handlers.ExportBackupPlanTemplate({ BackupPlanId: id }, world.context());
  const text = exported.BackupPlanTemplateJson ?? '';
  const read = await world.handlers.GetBackupPlanFromJSON({ BackupPlanTemplateJson: text }, world.context());
  assert.equal(read.BackupPlan?.Rules?.[0]?.Lifecycle?.DeleteAfterDays, 30);
  const changed = { BackupPlanTemplateJson: text.replace('30', '31') };
  const refused = world.handlers.GetBackupPlanFromJSON(changed, world.context());
  await serviceErrorOf(refused, 'InvalidParameterValueException', /was changed/);
});

test('a plan written by hand is read, numbers in texts included (PLAN-60)', async () => {
  const world = planWorld();
  const BackupPlan = {
    BackupPlanName: 'test-plan',
    Rules: [
      {
        RuleName: 'r',
        TargetBackupVaultName: 'test-vault',
        StartWindowMinutes: '480',
        Lifecycle: { DeleteAfterDays: 365 },
      },
    ],
  };
  for (const document of [{ BackupPlan }, BackupPlan]) {
    const input = { BackupPlanTemplateJson: JSON.stringify(document) };
    const read = await world.handlers.GetBackupPlanFromJSON(input, world.context());
    assert.equal(read.BackupPlan?.Rules?.[0]?.StartWindowMinutes, 480);
  }
  const readText = (BackupPlanTemplateJson: string) =>
    world.handlers.GetBackupPlanFromJSON({ BackupPlanTemplateJson }, world.context());
  await serviceErrorOf(readText('{'), 'InvalidParameterValueException', /not valid JSON/);
  await serviceErrorOf(readText('[]'), 'InvalidParameterValueException', /JSON object/);
  await serviceErrorOf(readText('{"BackupPlanName":"p"}'), 'MissingParameterValueException', /Rules/);
  await serviceErrorOf(readText('{"BackupPlanName":"p","Rules":[],"X":1}'), 'InvalidParameterValueException', /"X"/);
  await serviceErrorOf(readText('{"BackupPlanName":5,"Rules":[]}'), 'InvalidRequestException', /must be a text/);
});

test('an update that keeps a schedule neither loses nor repeats what is due', async () => {
  const world = planWorld();
  const id = await createdId(world);
  const dueAt = (await world.plans.listCursors(id))[0]?.nextFireAt;
  await world.clock.advance(DAY_MS);
  await world.handlers.UpdateBackupPlan({ BackupPlanId: id, BackupPlan: plan() }, world.context());
  assert.equal((await world.plans.listCursors(id))[0]?.nextFireAt, dueAt);
});
