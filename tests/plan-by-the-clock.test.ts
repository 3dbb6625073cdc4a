import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { readdirSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import {
  type BackupClient,
  CreateBackupPlanCommand,
  CreateBackupSelectionCommand,
  CreateBackupVaultCommand,
  DeleteBackupPlanCommand,
  DeleteBackupSelectionCommand,
  ListBackupJobsCommand,
  ListCopyJobsCommand,
  ListProtectedResourcesCommand,
  ListRecoveryPointsByBackupVaultCommand,
} from '@aws-sdk/client-backup';
import { temporaryDirectory } from '@holdfast/testkit';
import { startMovedServer } from './support/moved-server.ts';
import { holdfast } from './support/running-server.ts';
import { until as lookUntil } from './support/until.ts';

const ROLE = 'arn:aws:iam::123456789012:role/service-role/AWSBackupDefaultServiceRole';
const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const CONTENT_BYTES = 3 << 20;

const until = <T>(look: () => Promise<T | undefined>, what: string): Promise<T> => lookUntil(look, what, 900);

function bytesBelow(directory: string): number {
  return readdirSync(directory, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .reduce((sum, entry) => sum + statSync(join(entry.parentPath, entry.name)).size, 0);
}

/** The plan: daily at 05:00, kept a day, a copy kept three days, for whatever carries the tag. */
async function makePlan(client: BackupClient): Promise<{ planId: string; selectionId: string }> {
  const { BackupVaultArn } = await client.send(new CreateBackupVaultCommand({ BackupVaultName: 'copies' }));
  const { BackupPlanId = '' } = await client.send(
    new CreateBackupPlanCommand({
      BackupPlan: {
        BackupPlanName: 'daily',
        Rules: [
          {
            RuleName: 'five',
            TargetBackupVaultName: 'Default',
            ScheduleExpression: 'cron(0 5 ? * * *)',
            StartWindowMinutes: 60,
            Lifecycle: { DeleteAfterDays: 1 },
            RecoveryPointTags: { made: 'by the clock' },
            CopyActions: [{ DestinationBackupVaultArn: BackupVaultArn, Lifecycle: { DeleteAfterDays: 3 } }],
          },
        ],
      },
    }),
  );
  const { SelectionId = '' } = await client.send(
    new CreateBackupSelectionCommand({
      BackupPlanId,
      BackupSelection: {
        SelectionName: 'tagged',
        IamRoleArn: ROLE,
        ListOfTags: [{ ConditionType: 'STRINGEQUALS', ConditionKey: 'backup', ConditionValue: 'daily' }],
      },
    }),
  );
  return { planId: BackupPlanId, selectionId: SelectionId };
}

test('a plan fires by the clock, its backup is copied and expires, and the space comes back', async (t) => {
  const source = temporaryDirectory(t);
  writeFileSync(join(source, 'noise'), randomBytes(CONTENT_BYTES));
  const server = await startMovedServer(t, source);
  const { clock, data, client } = server;
  const [resource] = await until(async () => {
    const { stdout } = await holdfast(server, ['resource', 'list', '--json']);
    const found = JSON.parse(stdout) as { arn: string }[];
    return found.length > 0 ? found : undefined;
  }, 'the discovery of the source');
  const resourceArn = resource?.arn ?? '';
  assert.equal((await holdfast(server, ['resource', 'tag', resourceArn, 'backup=daily'])).code, 0);
  const { planId, selectionId } = await makePlan(client());
  const jobs = async () => (await client().send(new ListBackupJobsCommand({}))).BackupJobs ?? [];
  assert.deepEqual(await jobs(), [], 'nothing is due yet');

  const fiveAt = Math.ceil((clock.now() - 5 * HOUR) / DAY) * DAY + 5 * HOUR;
  clock.moveTo(fiveAt + 1000);
  const job = await until(
    async () => (await jobs()).find(({ State }) => State === 'COMPLETED'),
    'the scheduled backup',
  );
  assert.deepEqual([job.ResourceArn, job.CreatedBy?.BackupPlanId], [resourceArn, planId]);
  assert.equal((await jobs()).length, 1);
  const points = async (BackupVaultName: string) => {
    const list = await client().send(new ListRecoveryPointsByBackupVaultCommand({ BackupVaultName }));
    return list.RecoveryPoints ?? [];
  };
  const [point] = await points('Default');
  assert.equal(point?.CalculatedLifecycle?.DeleteAt?.getTime(), (point?.CreationDate?.getTime() ?? 0) + DAY);
  await until(async () => {
    const { CopyJobs = [] } = await client().send(new ListCopyJobsCommand({ ByState: 'COMPLETED' }));
    return CopyJobs.find((copy) => copy.CreatedByBackupJobId === job.BackupJobId);
  }, 'the copy');
  const [copy] = await points('copies');
  assert.equal(copy?.CalculatedLifecycle?.DeleteAt?.getTime(), (point?.CreationDate?.getTime() ?? 0) + 3 * DAY);
  const stored = bytesBelow(join(data, 'regions'));
  assert.ok(stored > 2 * CONTENT_BYTES, `${stored} bytes in two vaults`);

  await client().send(new DeleteBackupSelectionCommand({ BackupPlanId: planId, SelectionId: selectionId }));
  await client().send(new DeleteBackupPlanCommand({ BackupPlanId: planId }));
  clock.move(DAY - 2 * HOUR);
  assert.equal((await points('Default')).length, 1, 'not before its time');
  // A day after it was made, and the eight hours over which expiries are spread.
  clock.move(2 * HOUR + 8 * HOUR);
  await until(async () => ((await points('Default')).length === 0 ? true : undefined), 'the expiry');
  assert.equal((await points('copies')).length, 1);
  clock.move(2 * DAY + HOUR);
  await until(async () => ((await points('copies')).length === 0 ? true : undefined), 'the expiry of the copy');
  const left = await client().send(new ListProtectedResourcesCommand({}));
  assert.deepEqual(left.Results, []);
  assert.equal((await jobs()).length, 1, 'no second job for the one occurrence');

  await until(async () => {
    clock.move(HOUR);
    return bytesBelow(join(data, 'regions')) < CONTENT_BYTES / 2 ? true : undefined;
  }, 'the end of the bytes');
});
