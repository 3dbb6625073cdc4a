import assert from 'node:assert/strict';
import { test } from 'node:test';
import { runSchedulerTick } from '../plans/scheduler-tick.ts';
import { aResource, aVault, type PlanWorld, planWorld, ROLE_ARN, SCOPE } from '../plans/testing/plan-world.ts';
import { serviceErrorOf } from '../testing/service-error-of.ts';
import type { EffectiveBackupPolicy } from './organization-plan-ports.ts';
import { organizationPlanRounds, reconcileOrganizationPlans } from './organization-plans.ts';
import type { PolicyBranch } from './policy-reader.ts';

const MANAGEMENT = '111111111111';
const HOUR = 3_600_000;

/** The guide's example (ORG-43), without its operators. */
const EXAMPLE = {
  regions: ['us-east-1', 'eu-north-1'],
  rules: {
    Hourly: {
      schedule_expression: 'cron(0 0/1 ? * * *)',
      start_backup_window_minutes: '60',
      complete_backup_window_minutes: '604800',
      target_backup_vault_name: 'FortKnox',
      recovery_point_tags: { owner: { tag_key: 'Owner', tag_value: 'Backup' } },
      lifecycle: { delete_after_days: '365', move_to_cold_storage_after_days: '180' },
      copy_actions: {
        'arn:aws:backup:eu-north-1:$account:backup-vault:myTargetBackupVault': {
          target_backup_vault_arn: 'arn:aws:backup:eu-north-1:$account:backup-vault:myTargetBackupVault',
          lifecycle: { delete_after_days: '365', move_to_cold_storage_after_days: '180' },
        },
      },
    },
  },
  selections: {
    tags: {
      SelectionDataType: {
        iam_role_arn: 'arn:aws:iam::$account:role/MyIamRole',
        tag_key: 'dataType',
        tag_value: ['PII', 'RED'],
      },
    },
  },
  backup_plan_tags: { stage: { tag_key: 'Stage', tag_value: 'Beta' } },
};

function aWorld() {
  const world = planWorld();
  let policies: readonly EffectiveBackupPolicy[] = [];
  const warnings: string[] = [];
  const ports = {
    ...world.ports,
    effectivePolicies: { listBackupPolicies: async () => policies },
    log: (level: string, _message: string, fields?: object) => {
      if (level === 'warn') warnings.push(JSON.stringify(fields));
    },
  };
  const setPlans = (plans: PolicyBranch, accountId = SCOPE.accountId): void => {
    policies = [{ accountId, organizationId: 'o-1', managementAccountId: MANAGEMENT, policy: { plans } }];
  };
  const clear = (): void => {
    policies = [];
  };
  return { world, ports, warnings, setPlans, clear };
}

async function plansOf(world: PlanWorld, region = SCOPE.region) {
  const context = world.context('Test', { ...SCOPE, region });
  const { BackupPlansList = [] } = await world.handlers.ListBackupPlans({}, context);
  return BackupPlansList;
}

test('the example of the guide becomes a plan with its selection in each region', async () => {
  const { world, ports, setPlans } = aWorld();
  setPlans({ PiiBackupPlan: EXAMPLE });
  assert.deepEqual(await reconcileOrganizationPlans(ports), { created: 2, updated: 0, deleted: 0, invalid: [] });
  const [plan] = await plansOf(world);
  assert.match(plan?.BackupPlanId ?? '', /^orgs\/[0-9a-f-]{36}$/);
  assert.match(plan?.BackupPlanArn ?? '', /:backup-plan:orgs\//);
  assert.equal((await plansOf(world, 'eu-north-1')).length, 1);
  const BackupPlanId = plan?.BackupPlanId ?? '';
  const { BackupPlan } = await world.handlers.GetBackupPlan({ BackupPlanId }, world.context());
  const [rule] = BackupPlan?.Rules ?? [];
  const lifecycle = { DeleteAfterDays: 365, MoveToColdStorageAfterDays: 180 };
  assert.deepEqual(
    [rule?.TargetBackupVaultName, rule?.StartWindowMinutes, rule?.CompletionWindowMinutes, rule?.RecoveryPointTags],
    ['FortKnox', 60, 604_800, { Owner: 'Backup' }],
  );
  assert.deepEqual(rule?.Lifecycle, lifecycle);
  assert.deepEqual(rule?.CopyActions, [
    {
      DestinationBackupVaultArn: `arn:aws:backup:eu-north-1:${SCOPE.accountId}:backup-vault:myTargetBackupVault`,
      Lifecycle: lifecycle,
    },
  ]);
  const [selection] = await world.selections.listOfPlan(BackupPlanId);
  assert.equal(selection?.document.IamRoleArn, `arn:aws:iam::${SCOPE.accountId}:role/MyIamRole`);
  assert.deepEqual(
    selection?.document.ListOfTags?.map(({ ConditionKey, ConditionValue }) => [ConditionKey, ConditionValue]),
    [
      ['dataType', 'PII'],
      ['dataType', 'RED'],
    ],
  );
  const tags = await world.stores.tags.list(SCOPE.accountId, plan?.BackupPlanArn ?? '', { limit: 9 });
  assert.deepEqual(tags.items, [{ key: 'Stage', value: 'Beta' }]);
});

test('a plan follows its policy, keeps the cursors of rules that stay, and goes with it', async () => {
  const { world, ports, setPlans, clear } = aWorld();
  setPlans({ Pii: EXAMPLE });
  await reconcileOrganizationPlans(ports);
  assert.deepEqual(await reconcileOrganizationPlans(ports), { created: 0, updated: 0, deleted: 0, invalid: [] });
  const [before] = await plansOf(world);
  const BackupPlanId = before?.BackupPlanId ?? '';
  const cursors = await world.plans.listCursors(BackupPlanId);
  const { Hourly } = EXAMPLE.rules;
  const longer = { ...EXAMPLE, rules: { Hourly: { ...Hourly, lifecycle: { delete_after_days: '400' } } } };
  const role = { iam_role_arn: ROLE_ARN, resource_types: ['arn:aws:ec2:*:*:volume/*'] };
  setPlans({ Pii: { ...longer, regions: 'us-east-1', selections: { resources: { Volumes: role } } } });
  await world.clock.advance(1000);
  const round = await reconcileOrganizationPlans(ports);
  assert.deepEqual([round.updated, round.deleted], [1, 1], 'one region changed, the other left');
  const [after] = await plansOf(world);
  assert.deepEqual([after?.BackupPlanId, after?.VersionId === before?.VersionId], [BackupPlanId, false]);
  assert.deepEqual(await world.plans.listCursors(BackupPlanId), cursors);
  const [selection] = await world.selections.listOfPlan(BackupPlanId);
  assert.deepEqual(selection?.document.Resources, ['arn:aws:ec2:*:*:volume/*']);
  clear();
  assert.equal((await reconcileOrganizationPlans(ports)).deleted, 1);
  assert.deepEqual(await plansOf(world), []);
  assert.deepEqual(await world.selections.listOfPlan(BackupPlanId), []);
});

test('users of the account cannot change such a plan, and may have one of the same name', async () => {
  const { world, ports, setPlans } = aWorld();
  setPlans({ daily: EXAMPLE });
  await reconcileOrganizationPlans(ports);
  const [plan] = await plansOf(world);
  const BackupPlanId = plan?.BackupPlanId ?? '';
  const BackupPlan = { BackupPlanName: 'daily', Rules: [{ RuleName: 'r', TargetBackupVaultName: 'Default' }] };
  const { handlers } = world;
  const context = world.context();
  const own = /organization o-1/;
  await serviceErrorOf(
    handlers.UpdateBackupPlan({ BackupPlanId, BackupPlan }, context),
    'InvalidParameterValueException',
    own,
  );
  await serviceErrorOf(handlers.DeleteBackupPlan({ BackupPlanId }, context), 'InvalidRequestException', own);
  const BackupSelection = { SelectionName: 's', IamRoleArn: ROLE_ARN, Resources: ['*'] };
  await serviceErrorOf(
    handlers.CreateBackupSelection({ BackupPlanId, BackupSelection }, context),
    'InvalidParameterValueException',
    own,
  );
  const [selection] = await world.selections.listOfPlan(BackupPlanId);
  const SelectionId = selection?.selectionId ?? '';
  await serviceErrorOf(
    handlers.DeleteBackupSelection({ BackupPlanId, SelectionId }, context),
    'InvalidParameterValueException',
    own,
  );
  await handlers.CreateBackupPlan({ BackupPlan }, context);
  await reconcileOrganizationPlans(ports);
  assert.equal((await plansOf(world)).length, 2, 'both run (ORG-51)');
});

test('what is optional and wrong is dropped or moved into its range; without what is mandatory there is no plan', async () => {
  const { world, ports, warnings, setPlans } = aWorld();
  const { Hourly } = EXAMPLE.rules;
  const odd = {
    ...Hourly,
    start_backup_window_minutes: '5',
    complete_backup_window_minutes: 'soon',
    lifecycle: { delete_after_days: '100', move_to_cold_storage_after_days: '30' },
    copy_actions: { nowhere: { target_backup_vault_arn: 'no-arn' } },
  };
  const { selections: _, ...withoutSelections } = EXAMPLE;
  const rounds = organizationPlanRounds(ports);
  setPlans({
    odd: { ...EXAMPLE, regions: ['us-east-1'], rules: { Hourly: odd } },
    'no-selection': withoutSelections,
    'no-schedule': { ...EXAMPLE, rules: { r: { target_backup_vault_name: 'v' } } },
    'bad-schedule': { ...EXAMPLE, rules: { Hourly: { ...Hourly, schedule_expression: 'cron(never)' } } },
  });
  const { created, invalid } = await rounds();
  assert.equal(created, 1);
  assert.deepEqual(invalid.map(({ name }) => name).sort(), ['bad-schedule', 'no-schedule', 'no-selection']);
  assert.equal(warnings.length, 3);
  await rounds();
  assert.equal(warnings.length, 3, 'each is told of once');
  const [plan] = await plansOf(world);
  const found = await world.plans.get(SCOPE, plan?.BackupPlanId ?? '');
  const [rule] = found?.document.Rules ?? [];
  assert.deepEqual([rule?.StartWindowMinutes, rule?.CompletionWindowMinutes], [60, 10_080]);
  assert.deepEqual(rule?.Lifecycle, { DeleteAfterDays: 120, MoveToColdStorageAfterDays: 30 });
  assert.equal(rule?.CopyActions, undefined);
});

test('the opt-in settings of the management account count for such a plan (ORG-59)', async () => {
  const { world, ports, setPlans } = aWorld();
  await world.stores.vaults.create(aVault('FortKnox'), {}, 10);
  await world.stores.resources.upsert([
    aResource('arn:aws:elasticfilesystem:us-east-1:123456789012:file-system/fs-1', 'EFS', { dataType: 'PII' }),
    aResource('arn:aws:s3:::photos', 'S3', { dataType: 'PII' }),
  ]);
  await world.stores.settings.mergeRegionSettings(SCOPE, { optIn: { EFS: false }, management: {} });
  const management = { accountId: MANAGEMENT, region: SCOPE.region };
  await world.stores.settings.mergeRegionSettings(management, { optIn: { S3: false }, management: {} });
  setPlans({ Pii: { ...EXAMPLE, regions: ['us-east-1'] } });
  await reconcileOrganizationPlans(ports);
  await world.clock.advance(HOUR);
  await runSchedulerTick(world.ports);
  const query = { accountIds: [SCOPE.accountId], region: SCOPE.region, windowStart: 0 };
  const { items } = await world.stores.backupJobs.list(query, { limit: 10 });
  assert.deepEqual(
    items.map(({ resourceType }) => resourceType),
    ['EFS'],
  );
});
