import assert from 'node:assert/strict';
import { test } from 'node:test';
import { aResource, planWorld, ROLE_ARN } from '../plans/testing/plan-world.ts';
import { serviceErrorOf } from '../testing/service-error-of.ts';
import { previewPlanAction } from './actions/plan-actions.ts';

const HOUR = 3_600_000;
const START = Date.UTC(2024, 0, 1);

async function aWorld() {
  const world = planWorld(START);
  await world.stores.resources.upsert([
    aResource('arn:aws:s3:::photos', 'S3', { backup: 'yes' }),
    aResource('arn:aws:s3:::trash', 'S3'),
  ]);
  const rule = (RuleName: string, ScheduleExpression: string, DeleteAfterDays: number) => ({
    RuleName,
    ScheduleExpression,
    TargetBackupVaultName: 'Default',
    StartWindowMinutes: 60,
    Lifecycle: { DeleteAfterDays },
  });
  const Rules = [rule('hourly', 'cron(0 * ? * * *)', 1), rule('daily', 'cron(0 5 ? * * *)', 30)];
  const created = await world.handlers.CreateBackupPlan(
    { BackupPlan: { BackupPlanName: 'p', Rules } },
    world.context(),
  );
  const BackupPlanId = created.BackupPlanId ?? '';
  const Conditions = { StringEquals: [{ ConditionKey: 'aws:ResourceTag/backup', ConditionValue: 'yes' }] };
  const BackupSelection = { SelectionName: 'tagged', IamRoleArn: ROLE_ARN, Resources: ['*'], Conditions };
  await world.handlers.CreateBackupSelection({ BackupPlanId, BackupSelection }, world.context());
  return { world, BackupPlanId, preview: previewPlanAction(world.ports) };
}

test('a preview of a stored plan shows its runs, what takes their place, and the reason for every resource', async () => {
  const { world, BackupPlanId, preview } = await aWorld();
  const ToDate = new Date(START + 5.5 * HOUR);
  const shown = await preview({ BackupPlanId, ToDate, MaxResults: 10 }, world.context());
  assert.equal(shown.RunCount, 6);
  const fifth = shown.Runs.filter((run) => run.ScheduledDate.getTime() === START + 5 * HOUR);
  assert.deepEqual(
    fifth.map((run) => [run.RuleName, run.Effects[0]?.JobCount, run.Effects[0]?.SuppressedByRuleName]),
    [
      ['hourly', 0, 'daily'],
      ['daily', 1, undefined],
    ],
  );
  assert.deepEqual(
    [shown.IncludedCount, shown.TotalCount, shown.Included[0]?.SelectionName, shown.Included[0]?.Reason],
    [1, 2, 'tagged', 'resources'],
  );
  assert.deepEqual(
    [shown.Excluded[0]?.ResourceArn, shown.Excluded[0]?.Reason, shown.Excluded[0]?.Detail],
    ['arn:aws:s3:::trash', 'condition', 'StringEquals aws:ResourceTag/backup = yes'],
  );
});

test('a preview cuts its lists, not its counts', async () => {
  const { world, BackupPlanId, preview } = await aWorld();
  const shown = await preview({ BackupPlanId, MaxResults: 1 }, world.context());
  assert.deepEqual([shown.Runs.length, shown.RunCount], [1, 7 * 25]);
});

test('a preview needs a plan that exists and a span that is not endless', async () => {
  const { world, BackupPlanId, preview } = await aWorld();
  await serviceErrorOf(preview({ BackupPlanId: 'nope' }, world.context()), 'ResourceNotFoundException');
  const before = preview({ BackupPlanId, ToDate: new Date(START - 1) }, world.context());
  await serviceErrorOf(before, 'InvalidParameterValueException', /ToDate/);
  const endless = preview({ BackupPlanId, ToDate: new Date(START + 9000 * HOUR) }, world.context());
  await serviceErrorOf(endless, 'InvalidParameterValueException', /366/);
});
