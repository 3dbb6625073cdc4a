import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  DeleteBackupPlanCommand,
  GetBackupPlanCommand,
  ListBackupPlansCommand,
  ListBackupSelectionsCommand,
} from '@aws-sdk/client-backup';
import {
  AttachPolicyCommand,
  CreateOrganizationCommand,
  CreatePolicyCommand,
  DetachPolicyCommand,
  EnablePolicyTypeCommand,
  ListRootsCommand,
  OrganizationsClient,
} from '@aws-sdk/client-organizations';
import { temporaryDirectory } from '@holdfast/testkit';
import { startMovedServer } from './support/moved-server.ts';
import { profileCredentials } from './support/running-server.ts';
import { until as lookUntil } from './support/until.ts';

const MINUTE = 60_000;
const assign = (value: string | readonly string[]) => ({ '@@assign': value });

/** A daily backup of what carries the tag, as a policy of the whole organisation. */
const POLICY = {
  plans: {
    'company-wide': {
      regions: { '@@append': ['us-east-1'] },
      rules: {
        daily: {
          schedule_expression: assign('cron(0 5 ? * * *)'),
          target_backup_vault_name: assign('Default'),
          lifecycle: { delete_after_days: assign('30') },
        },
      },
      selections: {
        tags: {
          tagged: {
            iam_role_arn: assign('arn:aws:iam::$account:role/service-role/AWSBackupDefaultServiceRole'),
            tag_key: assign('backup'),
            tag_value: assign(['daily']),
          },
        },
      },
    },
  },
};

test('a backup policy of the organisation becomes a plan that the account sees and cannot change', async (t) => {
  const server = await startMovedServer(t, temporaryDirectory(t));
  const { clock, client } = server;
  const organizationsClient = () =>
    new OrganizationsClient({
      endpoint: server.url,
      region: 'us-east-1',
      credentials: profileCredentials(server.data),
      maxAttempts: 1,
      systemClockOffset: clock.offsetMs,
    });
  const organizations = organizationsClient();
  await organizations.send(new CreateOrganizationCommand({ FeatureSet: 'ALL' }));
  const RootId = (await organizations.send(new ListRootsCommand({}))).Roots?.[0]?.Id ?? '';
  await organizations.send(new EnablePolicyTypeCommand({ RootId, PolicyType: 'BACKUP_POLICY' }));
  const { Policy } = await organizations.send(
    new CreatePolicyCommand({
      Name: 'company-wide',
      Description: '',
      Type: 'BACKUP_POLICY',
      Content: JSON.stringify(POLICY),
    }),
  );
  const target = { PolicyId: Policy?.PolicySummary?.Id ?? '', TargetId: RootId };
  await organizations.send(new AttachPolicyCommand(target));
  const plans = async () => (await client().send(new ListBackupPlansCommand({}))).BackupPlansList ?? [];
  clock.move(MINUTE);
  const [plan] = await lookUntil(async () => ((await plans()).length > 0 ? plans() : undefined), 'the plan', 900);
  const BackupPlanId = plan?.BackupPlanId ?? '';
  assert.match(BackupPlanId, /^orgs\//);
  const { BackupPlan } = await client().send(new GetBackupPlanCommand({ BackupPlanId }));
  assert.deepEqual(
    [BackupPlan?.BackupPlanName, BackupPlan?.Rules?.[0]?.Lifecycle?.DeleteAfterDays],
    ['company-wide', 30],
  );
  const selections = await client().send(new ListBackupSelectionsCommand({ BackupPlanId }));
  assert.equal(
    selections.BackupSelectionsList?.[0]?.IamRoleArn,
    'arn:aws:iam::123456789012:role/service-role/AWSBackupDefaultServiceRole',
  );
  await assert.rejects(client().send(new DeleteBackupPlanCommand({ BackupPlanId })), {
    name: 'InvalidRequestException',
    message: /organization/,
  });
  await organizationsClient().send(new DetachPolicyCommand(target));
  clock.move(2 * MINUTE);
  await lookUntil(async () => ((await plans()).length === 0 ? true : undefined), 'the end of the plan', 900);
});
