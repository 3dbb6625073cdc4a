/** Buckets of a real store, from the source to the restored bucket, through the running server. */
import assert from 'node:assert/strict';
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import {
  type BackupClient,
  CreateBackupPlanCommand,
  CreateBackupSelectionCommand,
  CreateBackupVaultCommand,
  DescribeRestoreJobCommand,
  GetRecoveryPointRestoreMetadataCommand,
  ListBackupJobsCommand,
  ListCopyJobsCommand,
  ListRecoveryPointsByBackupVaultCommand,
  StartRestoreJobCommand,
} from '@aws-sdk/client-backup';
import { type CephRgw, requireProgram, startCephRgw, temporaryDirectory } from '@holdfast/testkit';
import { startMovedServer } from './support/moved-server.ts';
import { holdfast, type RunningHoldfast, runProgram, startHoldfast } from './support/running-server.ts';
import { until as lookUntil } from './support/until.ts';

const ROLE = 'arn:aws:iam::123456789012:role/service-role/AWSBackupDefaultServiceRole';
const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const SIX_MINUTES = 360_000;

const until = <T>(look: () => Promise<T | undefined>, what: string): Promise<T> => lookUntil(look, what, 900);

type Json = Record<string, unknown>;

/** The `aws` command against the store or against Holdfast. */
class AwsCli {
  readonly #program: string;
  readonly #rgw: CephRgw;

  constructor(program: string, rgw: CephRgw) {
    this.#program = program;
    this.#rgw = rgw;
  }

  async store(...args: readonly string[]): Promise<string> {
    const { endpoint, region, accessKeyId, secretAccessKey } = this.#rgw;
    const credentials = { AWS_ACCESS_KEY_ID: accessKeyId, AWS_SECRET_ACCESS_KEY: secretAccessKey };
    const env = { PATH: process.env.PATH, HOME: process.env.HOME, ...credentials, AWS_PAGER: '' };
    return this.#run([...args, '--endpoint-url', endpoint, '--region', region], env);
  }

  async backup(server: RunningHoldfast, ...args: readonly string[]): Promise<Json> {
    const out = await this.#run(['backup', ...args, '--output', 'json', '--endpoint-url', server.url], server.env);
    return out.trim() === '' ? {} : (JSON.parse(out) as Json);
  }

  async makeBucket(bucket: string): Promise<void> {
    await this.store('s3api', 'create-bucket', '--bucket', bucket);
    const versioning = ['--bucket', bucket, '--versioning-configuration', 'Status=Enabled'];
    await this.store('s3api', 'put-bucket-versioning', ...versioning);
  }

  async #run(args: readonly string[], env: NodeJS.ProcessEnv): Promise<string> {
    const result = await runProgram(this.#program, args, { env });
    assert.equal(result.code, 0, `aws ${args.join(' ')}\n${result.stderr}`);
    return result.stdout;
  }
}

async function addSource(server: Pick<RunningHoldfast, 'env' | 'directory'>, rgw: CephRgw): Promise<void> {
  const secretFile = join(server.directory, 'store-secret');
  writeFileSync(secretFile, `${rgw.secretAccessKey}\n`, { mode: 0o600 });
  const credentials = JSON.stringify({ accessKeyId: rgw.accessKeyId, secretAccessKey: `file:${secretFile}` });
  const settings = [`endpoint=${rgw.endpoint}`, `region=${rgw.region}`, `credentials=${credentials}`];
  const flags = settings.flatMap((setting) => ['--set', setting]);
  const added = await holdfast(server, ['source', 'add', 's3', 'store', ...flags, '--json']);
  assert.equal(added.code, 0, added.stderr);
  assert.ok(!added.stdout.includes(rgw.secretAccessKey), 'the secret is shown');
}

/** Relative paths of all files below with their content. */
function filesBelow(directory: string): Record<string, string> {
  const files = readdirSync(directory, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  const paths = files.map((entry) => join(entry.parentPath, entry.name)).sort();
  return Object.fromEntries(paths.map((path) => [path.slice(directory.length + 1), readFileSync(path, 'latin1')]));
}

test('buckets are backed up and restored through the server', async (t) => {
  const program = requireProgram(t, 'aws');
  if (program === undefined) return;
  await using rgw = await startCephRgw(t, temporaryDirectory(t));
  if (rgw === undefined) return;
  const cli = new AwsCli(program, rgw);
  await t.test('with the aws command, into a new bucket', (t) => byCommand(t, cli, rgw));
  await t.test('by a continuous rule, to a second of its window and from a copy', (t) => byContinuousRule(t, cli, rgw));
});

interface CleansUp {
  after(fn: () => void | Promise<void>): void;
}

async function byCommand(t: CleansUp, cli: AwsCli, rgw: CephRgw): Promise<void> {
  const files = temporaryDirectory(t);
  mkdirSync(join(files, 'photos', '2024'), { recursive: true });
  writeFileSync(join(files, 'photos', '2024', 'beach.jpg'), Buffer.alloc(200_000, 'sand'));
  writeFileSync(join(files, 'notes.txt'), 'notes');
  writeFileSync(join(files, 'empty'), '');
  await cli.makeBucket('holiday');
  await cli.store('s3', 'sync', files, 's3://holiday', '--quiet');
  const server = await startHoldfast(t);
  await addSource(server, rgw);
  const started = await cli.backup(
    server,
    'start-backup-job',
    ...['--backup-vault-name', 'Default'],
    ...['--resource-arn', 'arn:aws:s3:::holiday'],
    ...['--iam-role-arn', ROLE],
  );
  const job = await until(async () => {
    const seen = await cli.backup(server, 'describe-backup-job', '--backup-job-id', String(started['BackupJobId']));
    return ['COMPLETED', 'FAILED', 'PARTIAL', 'ABORTED'].includes(String(seen['State'])) ? seen : undefined;
  }, 'the end of the backup job');
  assert.deepEqual([job['State'], job['ResourceType']], ['COMPLETED', 'S3'], JSON.stringify(job));
  const recoveryPoint = ['--recovery-point-arn', String(job['RecoveryPointArn'])];
  const stated = await cli.backup(
    server,
    'get-recovery-point-restore-metadata',
    ...['--backup-vault-name', 'Default'],
    ...recoveryPoint,
  );
  const metadata = {
    ...(stated['RestoreMetadata'] as Json),
    DestinationBucketName: 'holiday-restored',
    NewBucket: 'true',
    CreationToken: 'e2e-1',
  };
  const restore = await cli.backup(
    server,
    'start-restore-job',
    ...recoveryPoint,
    ...['--iam-role-arn', ROLE],
    ...['--resource-type', 'S3'],
    ...['--metadata', JSON.stringify(metadata)],
  );
  const restored = await until(async () => {
    const seen = await cli.backup(server, 'describe-restore-job', '--restore-job-id', String(restore['RestoreJobId']));
    return ['COMPLETED', 'FAILED', 'ABORTED'].includes(String(seen['Status'])) ? seen : undefined;
  }, 'the end of the restore job');
  assert.deepEqual(
    [restored['Status'], restored['CreatedResourceArn']],
    ['COMPLETED', 'arn:aws:s3:::holiday-restored'],
    JSON.stringify(restored),
  );
  const back = temporaryDirectory(t);
  await cli.store('s3', 'sync', 's3://holiday-restored', back, '--quiet');
  assert.deepEqual(filesBelow(back), filesBelow(files));
}

async function byContinuousRule(t: CleansUp, cli: AwsCli, rgw: CephRgw): Promise<void> {
  await cli.makeBucket('ledger');
  const put = async (text: string): Promise<number> => {
    const file = join(temporaryDirectory(t), 'doc');
    writeFileSync(file, text);
    await cli.store('s3', 'cp', file, 's3://ledger/doc', '--quiet');
    const listed = await cli.store('s3api', 'list-object-versions', '--bucket', 'ledger', '--output', 'json');
    const { Versions } = JSON.parse(listed) as { Versions: { LastModified: string }[] };
    return Date.parse(Versions[0]?.LastModified ?? '');
  };
  await put('one');
  const server = await startMovedServer(t, temporaryDirectory(t));
  const { clock, client } = server;
  await addSource(server, rgw);
  await makePlan(client);
  clock.moveTo(Math.ceil((clock.now() - 5 * HOUR) / DAY) * DAY + 5 * HOUR + 1000);
  const point = await until(async () => {
    const { BackupJobs = [] } = await client().send(new ListBackupJobsCommand({}));
    const failed = BackupJobs.find(({ State }) => State === 'FAILED' || State === 'ABORTED');
    assert.equal(failed?.StatusMessage, undefined);
    const { RecoveryPoints = [] } = await client().send(
      new ListRecoveryPointsByBackupVaultCommand({ BackupVaultName: 'Default' }),
    );
    return RecoveryPoints.find(({ RecoveryPointArn }) => RecoveryPointArn?.includes(':continuous:'));
  }, 'the first base');
  const RecoveryPointArn = point.RecoveryPointArn ?? '';

  const changedAt = await put('two');
  let looks = 0;
  await until(async () => {
    // The next base is due five minutes after the last one; it needs some rounds to be made.
    if (looks % 50 === 0) clock.move(SIX_MINUTES);
    looks += 1;
    const { RestoreMetadata = {} } = await client().send(
      new GetRecoveryPointRestoreMetadataCommand({ BackupVaultName: 'Default', RecoveryPointArn }),
    );
    return Number(RestoreMetadata['LatestRestorablePitrTimestamp']) >= changedAt ? true : undefined;
  }, 'the window that reaches the change');
  const before = new Date(Math.floor((changedAt - 1) / 1000) * 1000).toISOString().replace('.000Z', 'Z');
  const doc = (bucket: string) => cli.store('s3', 'cp', `s3://${bucket}/doc`, '-');
  await restoreInto(client, RecoveryPointArn, 'ledger-before', { RestoreTime: before });
  assert.equal(await doc('ledger-before'), 'one');
  await restoreInto(client, RecoveryPointArn, 'ledger-latest', { RestoreTime: 'latest' });
  assert.equal(await doc('ledger-latest'), 'two');

  const copy = await until(async () => {
    const { CopyJobs = [] } = await client().send(new ListCopyJobsCommand({ ByState: 'COMPLETED' }));
    return CopyJobs[0];
  }, 'the copy');
  await restoreInto(client, copy.DestinationRecoveryPointArn ?? '', 'ledger-copy', {});
  assert.match(await doc('ledger-copy'), /^(one|two)$/);
}

/** Continuous, seven days, copied into another vault. */
async function makePlan(client: () => BackupClient): Promise<void> {
  const { BackupVaultArn } = await client().send(new CreateBackupVaultCommand({ BackupVaultName: 'copies' }));
  const { BackupPlanId } = await client().send(
    new CreateBackupPlanCommand({
      BackupPlan: {
        BackupPlanName: 'buckets',
        Rules: [
          {
            RuleName: 'continuous',
            TargetBackupVaultName: 'Default',
            ScheduleExpression: 'cron(0 5 ? * * *)',
            EnableContinuousBackup: true,
            Lifecycle: { DeleteAfterDays: 7 },
            CopyActions: [{ DestinationBackupVaultArn: BackupVaultArn }],
          },
        ],
      },
    }),
  );
  await client().send(
    new CreateBackupSelectionCommand({
      BackupPlanId,
      BackupSelection: { SelectionName: 'ledger', IamRoleArn: ROLE, Resources: ['arn:aws:s3:::ledger'] },
    }),
  );
}

async function restoreInto(
  client: () => BackupClient,
  RecoveryPointArn: string,
  bucket: string,
  more: Readonly<Record<string, string>>,
): Promise<void> {
  const { RestoreJobId } = await client().send(
    new StartRestoreJobCommand({
      RecoveryPointArn,
      IamRoleArn: ROLE,
      ResourceType: 'S3',
      Metadata: {
        DestinationBucketName: bucket,
        NewBucket: 'true',
        Encrypted: 'false',
        EncryptionType: 'original',
        CreationToken: bucket,
        ...more,
      },
    }),
  );
  const job = await until(async () => {
    const seen = await client().send(new DescribeRestoreJobCommand({ RestoreJobId }));
    return seen.Status !== 'PENDING' && seen.Status !== 'RUNNING' ? seen : undefined;
  }, `the end of the restore into ${bucket}`);
  assert.equal(job.Status, 'COMPLETED', job.StatusMessage);
}
