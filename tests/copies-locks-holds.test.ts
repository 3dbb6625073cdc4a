import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import {
  type BackupClient,
  CancelLegalHoldCommand,
  CreateBackupVaultCommand,
  CreateLegalHoldCommand,
  DeleteRecoveryPointCommand,
  DescribeBackupJobCommand,
  DescribeCopyJobCommand,
  DescribeRecoveryPointCommand,
  DescribeRestoreJobCommand,
  GetRecoveryPointRestoreMetadataCommand,
  ListRecoveryPointsByBackupVaultCommand,
  PutBackupVaultLockConfigurationCommand,
  StartBackupJobCommand,
  StartCopyJobCommand,
  StartRestoreJobCommand,
} from '@aws-sdk/client-backup';
import { temporaryDirectory } from '@holdfast/testkit';
import { clientOf, holdfast, type RunningHoldfast, startHoldfast } from './support/running-server.ts';
import { until as lookUntil } from './support/until.ts';

const ROLE = 'arn:aws:iam::123456789012:role/service-role/AWSBackupDefaultServiceRole';

const until = <T>(look: () => Promise<T | undefined>, what: string): Promise<T> => lookUntil(look, what, 900);

interface Protected {
  readonly server: RunningHoldfast;
  readonly client: BackupClient;
  readonly resourceArn: string;
}

async function protectedDirectory(t: Parameters<typeof startHoldfast>[0]): Promise<Protected> {
  const server = await startHoldfast(t);
  const source = temporaryDirectory(t);
  mkdirSync(join(source, 'letters'));
  writeFileSync(join(source, 'letters', 'monday.txt'), 'Dear diary');
  assert.equal((await holdfast(server, ['source', 'add', 'directory', 'home', '--path', source])).code, 0);
  const [resource] = JSON.parse((await holdfast(server, ['resource', 'list', '--json'])).stdout) as { arn: string }[];
  return { server, client: clientOf(server), resourceArn: resource?.arn ?? '' };
}

async function backUp({ client, resourceArn }: Protected, vault: string, deleteAfterDays?: number) {
  const { BackupJobId = '' } = await client.send(
    new StartBackupJobCommand({
      BackupVaultName: vault,
      ResourceArn: resourceArn,
      IamRoleArn: ROLE,
      IdempotencyToken: randomUUID(),
      ...(deleteAfterDays === undefined ? {} : { Lifecycle: { DeleteAfterDays: deleteAfterDays } }),
    }),
  );
  return until(async () => {
    const job = await client.send(new DescribeBackupJobCommand({ BackupJobId }));
    return ['COMPLETED', 'FAILED', 'ABORTED'].includes(job.State ?? '') ? job : undefined;
  }, 'the end of the backup');
}

async function copy(client: BackupClient, recoveryPointArn: string, destinationVaultArn: string): Promise<string> {
  const { CopyJobId = '' } = await client.send(
    new StartCopyJobCommand({
      RecoveryPointArn: recoveryPointArn,
      SourceBackupVaultName: 'Default',
      DestinationBackupVaultArn: destinationVaultArn,
      IamRoleArn: ROLE,
      IdempotencyToken: randomUUID(),
    }),
  );
  const job = await until(async () => {
    const { CopyJob } = await client.send(new DescribeCopyJobCommand({ CopyJobId }));
    return ['COMPLETED', 'FAILED'].includes(CopyJob?.State ?? '') ? CopyJob : undefined;
  }, 'the end of the copy');
  assert.equal(job.State, 'COMPLETED', job.StatusMessage);
  return job.DestinationRecoveryPointArn ?? '';
}

test('a copy to another region lies in that region and restores by itself', async (t) => {
  const given = await protectedDirectory(t);
  const job = await backUp(given, 'Default');
  const abroad = clientOf(given.server, 'eu-west-1');
  const { BackupVaultArn = '' } = await abroad.send(new CreateBackupVaultCommand({ BackupVaultName: 'abroad' }));
  const copyArn = await copy(given.client, job.RecoveryPointArn ?? '', BackupVaultArn);
  assert.match(copyArn, /^arn:aws:backup:eu-west-1:123456789012:recovery-point:/);
  assert.ok(existsSync(join(given.server.data, 'regions', 'eu-west-1', '123456789012')));

  await given.client.send(
    new DeleteRecoveryPointCommand({ BackupVaultName: 'Default', RecoveryPointArn: job.RecoveryPointArn }),
  );
  const { RestoreMetadata = {} } = await abroad.send(
    new GetRecoveryPointRestoreMetadataCommand({ BackupVaultName: 'abroad', RecoveryPointArn: copyArn }),
  );
  // A restore needs a source in its own region: here a directory that takes new file systems.
  const place = temporaryDirectory(t);
  const added = await holdfast(given.server, [
    '--region',
    'eu-west-1',
    'source',
    'add',
    'directory',
    'there',
    '--path',
    place,
  ]);
  assert.equal(added.code, 0, added.stderr);
  const { RestoreJobId = '' } = await abroad.send(
    new StartRestoreJobCommand({
      RecoveryPointArn: copyArn,
      IamRoleArn: ROLE,
      ResourceType: 'EFS',
      Metadata: { ...RestoreMetadata, newFileSystem: 'true', CreationToken: 'copy' },
    }),
  );
  const restored = await until(async () => {
    const seen = await abroad.send(new DescribeRestoreJobCommand({ RestoreJobId }));
    return ['COMPLETED', 'FAILED'].includes(seen.Status ?? '') ? seen : undefined;
  }, 'the end of the restore');
  assert.equal(restored.Status, 'COMPLETED', restored.StatusMessage);
  const root = join(given.server.data, 'restored');
  const file = readdirSync(root, { recursive: true, encoding: 'utf8' }).find((path) => path.endsWith('monday.txt'));
  assert.ok(file !== undefined);
  assert.equal(readFileSync(join(root, file), 'utf8'), 'Dear diary');
});

test('a locked vault keeps its recovery points and refuses too short a retention', async (t) => {
  const given = await protectedDirectory(t);
  const { client } = given;
  await client.send(new CreateBackupVaultCommand({ BackupVaultName: 'locked' }));
  const lock = { BackupVaultName: 'locked', MinRetentionDays: 7, MaxRetentionDays: 100 };
  await client.send(new PutBackupVaultLockConfigurationCommand(lock));
  const short = await backUp(given, 'locked', 1);
  assert.equal(short.State, 'FAILED');
  assert.match(short.StatusMessage ?? '', /retention/i);
  const job = await backUp(given, 'locked', 30);
  assert.equal(job.State, 'COMPLETED', job.StatusMessage);
  const target = { BackupVaultName: 'locked', RecoveryPointArn: job.RecoveryPointArn };
  await assert.rejects(client.send(new DeleteRecoveryPointCommand(target)), /Lock|lock/);
  const point = await client.send(new DescribeRecoveryPointCommand(target));
  assert.equal(point.Status, 'COMPLETED');
});

test('a legal hold keeps a recovery point until it is cancelled', async (t) => {
  const given = await protectedDirectory(t);
  const { client, resourceArn } = given;
  const job = await backUp(given, 'Default');
  const target = { BackupVaultName: 'Default', RecoveryPointArn: job.RecoveryPointArn };
  const { LegalHoldId = '' } = await client.send(
    new CreateLegalHoldCommand({
      Title: 'a case',
      Description: 'kept for a case',
      RecoveryPointSelection: { ResourceIdentifiers: [resourceArn] },
    }),
  );
  await assert.rejects(client.send(new DeleteRecoveryPointCommand(target)), /hold/i);
  await client.send(new CancelLegalHoldCommand({ LegalHoldId, CancelDescription: 'the case is closed' }));
  await until(
    () =>
      client.send(new DeleteRecoveryPointCommand(target)).then(
        () => true,
        () => undefined,
      ),
    'the deletion after the hold',
  );
  await until(async () => {
    const { RecoveryPoints = [] } = await client.send(
      new ListRecoveryPointsByBackupVaultCommand({ BackupVaultName: 'Default' }),
    );
    return RecoveryPoints.length === 0 ? true : undefined;
  }, 'the end of the deletion');
});
