/** What tests of continuous backups of databases share: the plan, the first base, the window, the restore. */
import assert from 'node:assert/strict';
import {
  type BackupClient,
  CreateBackupPlanCommand,
  CreateBackupSelectionCommand,
  DescribeRestoreJobCommand,
  type DescribeRestoreJobCommandOutput,
  GetRecoveryPointRestoreMetadataCommand,
  ListBackupJobsCommand,
  StartRestoreJobCommand,
} from '@aws-sdk/client-backup';
import type { MovedServer } from './moved-server.ts';
import { holdfast, type RunningHoldfast } from './running-server.ts';
import { until as lookUntil } from './until.ts';

export const SERVICE_ROLE = 'arn:aws:iam::123456789012:role/service-role/AWSBackupDefaultServiceRole';
const HOUR = 3_600_000;
const DAY = 24 * HOUR;

/** Looks for up to two minutes of a machine that is not busy. */
export const until = <T>(look: () => Promise<T | undefined>, what: string): Promise<T> => lookUntil(look, what, 1200);

/** @param settings as `key=value`; secrets by reference */
export async function addSource(
  server: Pick<RunningHoldfast, 'env' | 'directory'>,
  kind: string,
  name: string,
  settings: readonly string[],
): Promise<void> {
  const args = ['source', 'add', kind, name, ...settings.flatMap((setting) => ['--set', setting])];
  const added = await holdfast(server, args);
  assert.equal(added.code, 0, added.stderr);
}

/** Puts a resource under a continuous rule and waits for its first base. @returns the recovery point's ARN */
export async function protectContinuously(server: MovedServer, resourceArn: string): Promise<string> {
  await beginProtection(server, resourceArn);
  return firstBase(server.client, resourceArn);
}

/** A continuous rule, daily at 05:00, seven days; the clock moves to the next run. */
export async function beginProtection({ clock, client }: MovedServer, resourceArn: string): Promise<void> {
  const { BackupPlanId } = await client().send(
    new CreateBackupPlanCommand({
      BackupPlan: {
        BackupPlanName: 'databases',
        Rules: [
          {
            RuleName: 'continuous',
            TargetBackupVaultName: 'Default',
            ScheduleExpression: 'cron(0 5 ? * * *)',
            EnableContinuousBackup: true,
            Lifecycle: { DeleteAfterDays: 7 },
          },
        ],
      },
    }),
  );
  await client().send(
    new CreateBackupSelectionCommand({
      BackupPlanId,
      BackupSelection: { SelectionName: 'databases', IamRoleArn: SERVICE_ROLE, Resources: [resourceArn] },
    }),
  );
  clock.moveTo(Math.ceil((clock.now() - 5 * HOUR) / DAY) * DAY + 5 * HOUR + 1000);
}

/** Waits for the end of the job that makes the first base. @returns the recovery point's ARN */
export async function firstBase(client: () => BackupClient, resourceArn: string): Promise<string> {
  const job = await until(async () => {
    const { BackupJobs = [] } = await client().send(new ListBackupJobsCommand({ ByResourceArn: resourceArn }));
    return BackupJobs.find(
      ({ CompletionDate, CreatedBy }) => CompletionDate !== undefined && CreatedBy?.BackupPlanId !== undefined,
    );
  }, 'the first base');
  assert.equal(job.State, 'COMPLETED', job.StatusMessage);
  assert.match(job.RecoveryPointArn ?? '', /:recovery-point:continuous:/, job.StatusMessage);
  return job.RecoveryPointArn ?? '';
}

/** Waits until the window reaches a time in ms. @returns the restore metadata that the API states then */
export function windowReaching(
  client: () => BackupClient,
  RecoveryPointArn: string,
  at: number,
): Promise<Readonly<Record<string, string>>> {
  return until(async () => {
    const { RestoreMetadata = {} } = await client().send(
      new GetRecoveryPointRestoreMetadataCommand({ BackupVaultName: 'Default', RecoveryPointArn }),
    );
    return Number(RestoreMetadata.LatestRestorablePitrTimestamp ?? 0) >= at ? RestoreMetadata : undefined;
  }, 'the window that reaches the moment');
}

/** Starts a restore job and waits for its end, whatever that is. */
export async function restore(
  client: () => BackupClient,
  RecoveryPointArn: string,
  Metadata: Readonly<Record<string, string>>,
): Promise<DescribeRestoreJobCommandOutput> {
  return endOfRestore(client, await startRestore(client, RecoveryPointArn, Metadata));
}

/** @returns the identifier of the restore job */
export async function startRestore(
  client: () => BackupClient,
  RecoveryPointArn: string,
  Metadata: Readonly<Record<string, string>>,
): Promise<string> {
  const { RestoreJobId = '' } = await client().send(
    new StartRestoreJobCommand({ RecoveryPointArn, IamRoleArn: SERVICE_ROLE, Metadata: { ...Metadata } }),
  );
  return RestoreJobId;
}

/** Waits for the end of a restore job, whatever that is. */
export function endOfRestore(
  client: () => BackupClient,
  RestoreJobId: string,
): Promise<DescribeRestoreJobCommandOutput> {
  return until(async () => {
    const seen = await client().send(new DescribeRestoreJobCommand({ RestoreJobId }));
    return seen.Status !== 'PENDING' && seen.Status !== 'RUNNING' ? seen : undefined;
  }, 'the end of the restore');
}

/** The end of the second of a time in ms, as `RestoreTime` takes it. */
export function restoreTimeOf(at: number): string {
  return new Date(Math.ceil(at / 1000) * 1000).toISOString();
}
