import assert from 'node:assert/strict';
import { chmodSync } from 'node:fs';
import { test } from 'node:test';
import {
  type BackupClient,
  CreateBackupPlanCommand,
  CreateBackupSelectionCommand,
  DeleteRecoveryPointCommand,
  DescribeRestoreJobCommand,
  GetRecoveryPointRestoreMetadataCommand,
  ListBackupJobsCommand,
  ListRecoveryPointsByResourceCommand,
  StartRestoreJobCommand,
} from '@aws-sdk/client-backup';
import { postgresBinDirectory, requireProgram, startPostgres, temporaryDirectory } from '@holdfast/testkit';
import { startMovedServer } from './support/moved-server.ts';
import { psql, stopInstance } from './support/postgres.ts';
import { holdfast } from './support/running-server.ts';
import { until as lookUntil } from './support/until.ts';

const ROLE = 'arn:aws:iam::123456789012:role/service-role/AWSBackupDefaultServiceRole';
const DATABASE_ARN = 'arn:aws:rds:us-east-1:123456789012:db:ledger';
const HOUR = 3_600_000;
const DAY = 24 * HOUR;

const until = <T>(look: () => Promise<T | undefined>, what: string): Promise<T> => lookUntil(look, what, 1200);

test('a PostgreSQL database under a continuous rule is restored to the second before a mistake; deletion gives it back', async (t) => {
  const program = requireProgram(t, 'psql', [postgresBinDirectory() ?? '']);
  if (program === undefined) return;
  const database = await startPostgres({ settings: { wal_level: 'replica' } });
  t.after(() => database.stop());
  const sql = (text: string) => psql(program, database.port, text);
  await sql('create table entries as select n as id from generate_series(1, 1000) n');
  const restored = temporaryDirectory(t);
  chmodSync(restored, 0o755);
  const server = await startMovedServer(t, temporaryDirectory(t), { continuous: { lagSeconds: 2, refreshMinutes: 5 } });
  const { clock, client } = server;
  const settings = ['host=127.0.0.1', `port=${database.port}`, `restorePath=${restored}`];
  const added = await holdfast(server, [
    ...['source', 'add', 'postgresql', 'ledger'],
    ...settings.flatMap((setting) => ['--set', setting]),
  ]);
  assert.equal(added.code, 0, added.stderr);
  await makePlan(client());
  clock.moveTo(Math.ceil((clock.now() - 5 * HOUR) / DAY) * DAY + 5 * HOUR + 1000);
  const RecoveryPointArn = await firstBase(client);

  await sql('insert into entries select generate_series(1001, 1500)');
  const goodAt = await databaseTime(sql);
  await sql('select pg_sleep(1.1)');
  await sql('delete from entries');
  const wrongAt = await databaseTime(sql);
  const { metadata } = await until(async () => {
    const { RestoreMetadata = {} } = await client().send(
      new GetRecoveryPointRestoreMetadataCommand({ BackupVaultName: 'Default', RecoveryPointArn }),
    );
    const latest = Number(RestoreMetadata.LatestRestorablePitrTimestamp ?? 0);
    return latest >= wrongAt ? { metadata: RestoreMetadata } : undefined;
  }, 'the window that reaches the mistake');
  const RestoreTime = new Date(Math.ceil(goodAt / 1000) * 1000).toISOString();
  const { RestoreJobId } = await client().send(
    new StartRestoreJobCommand({
      RecoveryPointArn,
      IamRoleArn: ROLE,
      Metadata: { ...metadata, DBInstanceIdentifier: 'ledger-before', RestoreTime },
    }),
  );
  t.after(() => stopInstance(database, `${restored}/ledger-before/data`));
  const job = await until(async () => {
    const seen = await client().send(new DescribeRestoreJobCommand({ RestoreJobId }));
    return seen.Status !== 'PENDING' && seen.Status !== 'RUNNING' ? seen : undefined;
  }, 'the end of the restore');
  assert.equal(job.Status, 'COMPLETED', job.StatusMessage);
  const port = /127\.0\.0\.1:(\d+)/.exec(job.StatusMessage ?? '')?.[1] ?? '';
  assert.equal(await psql(program, port, 'select count(*) from entries'), '1500');

  assert.equal(await sql('select count(*) from pg_replication_slots'), '1');
  await client().send(new DeleteRecoveryPointCommand({ BackupVaultName: 'Default', RecoveryPointArn }));
  await until(async () => {
    const slots = await sql('select count(*) from pg_replication_slots');
    const { RecoveryPoints = [] } = await client().send(
      new ListRecoveryPointsByResourceCommand({ ResourceArn: DATABASE_ARN }),
    );
    return slots === '0' && RecoveryPoints.length === 0 ? true : undefined;
  }, 'the end of the capture and of the recovery point');
});

async function databaseTime(sql: (text: string) => Promise<string>): Promise<number> {
  return Number(await sql('select floor(extract(epoch from clock_timestamp()) * 1000)'));
}

/** Daily at 05:00, continuous, seven days. */
async function makePlan(client: BackupClient): Promise<void> {
  const { BackupPlanId } = await client.send(
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
  await client.send(
    new CreateBackupSelectionCommand({
      BackupPlanId,
      BackupSelection: { SelectionName: 'ledger', IamRoleArn: ROLE, Resources: [DATABASE_ARN] },
    }),
  );
}

async function firstBase(client: () => BackupClient): Promise<string> {
  const job = await until(async () => {
    const { BackupJobs = [] } = await client().send(new ListBackupJobsCommand({}));
    const [first] = BackupJobs;
    return first?.CompletionDate === undefined ? undefined : first;
  }, 'the first base');
  assert.equal(job.State, 'COMPLETED', job.StatusMessage);
  assert.match(job.RecoveryPointArn ?? '', /:recovery-point:continuous:ledger-[0-9a-f]{8}$/, job.StatusMessage);
  return job.RecoveryPointArn ?? '';
}
