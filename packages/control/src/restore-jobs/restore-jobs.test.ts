import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  DeleteRecoveryPointCommand,
  DescribeProtectedResourceCommand,
  DescribeRecoveryPointCommand,
  DescribeRestoreJobCommand,
  GetRestoreJobMetadataCommand,
  ListRestoreJobsByProtectedResourceCommand,
  ListRestoreJobsCommand,
  type ListRestoreJobsCommandInput,
  StartRestoreJobCommand,
  type StartRestoreJobCommandInput,
} from '@aws-sdk/client-backup';
import { ConnectorError } from '@holdfast/connectors';
import { aRecoveryPoint } from '../testing/a-recovery-point.ts';
import { runJobs } from '../testing/run-jobs.ts';
import { FILE_SYSTEM_ARN, ROLE_ARN, SCOPE, testControl, withFileSystem } from '../testing/test-control.ts';

const METADATA = { 'file-system-id': 'fs-1', newFileSystem: 'true', Encrypted: 'true', CreationToken: 'c' };

async function withPoint() {
  const control = await testControl();
  await withFileSystem(control);
  const arn = await aRecoveryPoint(control, { ageDays: 2 });
  const start = (members: Partial<StartRestoreJobCommandInput> = {}) =>
    control.client.send(
      new StartRestoreJobCommand({ RecoveryPointArn: arn, Metadata: METADATA, IamRoleArn: ROLE_ARN, ...members }),
    );
  const restore = async (members: Partial<StartRestoreJobCommandInput> = {}) => {
    const { RestoreJobId } = await start(members);
    await runJobs(control);
    return control.client.send(new DescribeRestoreJobCommand({ RestoreJobId }));
  };
  return { control, arn, start, restore, [Symbol.asyncDispose]: () => control[Symbol.asyncDispose]() };
}

test('a restore makes a new resource, registers it, and is told by job, recovery point and protected resource', async () => {
  await using test = await withPoint();
  const { control, arn } = test;
  const job = await test.restore();
  assert.match(job.RestoreJobId ?? '', /^[0-9A-F-]{36}$/);
  assert.deepEqual(
    [job.Status, job.PercentDone, job.BackupSizeInBytes, job.ResourceType, job.SourceResourceArn, job.StatusMessage],
    ['COMPLETED', '100.0', 3, 'EFS', FILE_SYSTEM_ARN, undefined],
  );
  const created = await control.stores.resources.get(SCOPE, job.CreatedResourceArn ?? '');
  assert.deepEqual([created?.createdByRestoreJobId, created?.localTags], [job.RestoreJobId, {}]);
  const point = await control.client.send(
    new DescribeRecoveryPointCommand({ BackupVaultName: 'Default', RecoveryPointArn: arn }),
  );
  assert.equal(point.LastRestoreTime?.getTime(), control.clock.now());
  const resource = await control.client.send(new DescribeProtectedResourceCommand({ ResourceArn: FILE_SYSTEM_ARN }));
  assert.deepEqual(resource.LatestRestoreJobCreationDate, job.CreationDate);
  assert.deepEqual(resource.LatestRestoreRecoveryPointCreationDate, point.CreationDate);
  const metadata = await control.client.send(new GetRestoreJobMetadataCommand({ RestoreJobId: job.RestoreJobId }));
  assert.deepEqual(metadata.Metadata, METADATA);
});

test('tags of the source are copied when asked for, and never by an item-level restore', async () => {
  await using test = await withPoint();
  const tagsOf = async (arn = '') => (await test.control.stores.resources.get(SCOPE, arn))?.localTags;
  const copied = await test.restore({ CopySourceTagsToRestoredResource: true });
  assert.deepEqual(await tagsOf(copied.CreatedResourceArn), { team: 'blue' });
  await test.control.stores.resources.remove(SCOPE, copied.CreatedResourceArn ?? '');
  const items = { ...METADATA, itemsToRestore: '["/a.txt"]' };
  const partly = await test.restore({ CopySourceTagsToRestoredResource: true, Metadata: items });
  assert.deepEqual(await tagsOf(partly.CreatedResourceArn), {});
});

test('a lost detail completes with a message, missing data fails', async () => {
  await using test = await withPoint();
  const issue = { code: 'attribute-not-kept', message: 'no device files here', dataMissing: false };
  test.control.connector.restoreIssue = issue;
  const detail = await test.restore();
  assert.deepEqual([detail.Status, /1 items? lost a detail/.test(detail.StatusMessage ?? '')], ['COMPLETED', true]);
  test.control.connector.restoreIssue = { ...issue, dataMissing: true };
  const failed = await test.restore();
  assert.equal(failed.Status, 'FAILED');
  assert.match(failed.StatusMessage ?? '', /could not be restored/);
  assert.ok(failed.CreatedResourceArn);
});

test('what the connector throws fails the job with its message', async () => {
  await using test = await withPoint();
  test.control.connector.failures.set('restore', new ConnectorError('permanent', 'the disk is full'));
  const job = await test.restore();
  assert.deepEqual([job.Status, job.StatusMessage], ['FAILED', 'the disk is full']);
  assert.equal(test.control.connector.openCount, 0);
});

test('a recovery point cannot be deleted while a restore of it waits', async () => {
  await using test = await withPoint();
  await test.start();
  const input = { BackupVaultName: 'Default', RecoveryPointArn: test.arn };
  await assert.rejects(test.control.client.send(new DeleteRecoveryPointCommand(input)), {
    name: 'InvalidResourceStateException',
    message: /being restored/,
  });
});

test('a restore waits without a worker until content in cold storage is readable', async () => {
  await using test = await withPoint();
  const { vaultId, engineId } = test.control.stores.recoveryPoints.all()[0] ?? { vaultId: '', engineId: '' };
  await test.restore();
  assert.deepEqual(test.control.warmedUp, []);
  await test.control.stores.recoveryPoints.change(vaultId, test.arn, { storageClass: 'COLD' });
  test.control.coldLooks.push('first', 'second');
  const waiting = await test.restore();
  assert.deepEqual([waiting.Status, waiting.StatusMessage?.includes('0 of 1')], ['RUNNING', true]);
  assert.equal(test.control.jobStore.all().find(({ state }) => state === 'RUNNING')?.lease, undefined);
  for (let look = 0; look < 2; look += 1) {
    test.control.clock.jump(300_000);
    await runJobs(test.control);
  }
  const job = await test.control.client.send(new DescribeRestoreJobCommand({ RestoreJobId: waiting.RestoreJobId }));
  assert.deepEqual([job.Status, job.StatusMessage], ['COMPLETED', undefined]);
  assert.deepEqual(test.control.warmedUp, [engineId, engineId, engineId]);
});

test('requests that cannot be are refused with the modelled error', async () => {
  await using test = await withPoint();
  for (const [members, name] of [
    [{ RecoveryPointArn: 'arn:aws:backup:us-east-1:123456789012:recovery-point:none' }, 'ResourceNotFoundException'],
    [{ Metadata: { nonsense: 'x' } }, 'InvalidParameterValueException'],
    [{ Metadata: { ...METADATA, big: 'x'.repeat(205_000) } }, 'InvalidParameterValueException'],
    [{ Metadata: undefined }, 'MissingParameterValueException'],
    [{ ResourceType: 'S3' }, 'InvalidParameterValueException'],
    [{ IamRoleArn: 'arn:aws:iam::123456789012:role/none' }, 'InvalidParameterValueException'],
  ] as [Partial<StartRestoreJobCommandInput>, string][]) {
    await assert.rejects(test.start(members), { name }, `${JSON.stringify(members).slice(0, 80)} should be ${name}`);
  }
  const { vaultId } = test.control.stores.recoveryPoints.all()[0] ?? { vaultId: '' };
  await test.control.stores.recoveryPoints.change(vaultId, test.arn, { status: 'DELETING' });
  await assert.rejects(test.start(), { name: 'InvalidRequestException' });
  await assert.rejects(test.control.client.send(new DescribeRestoreJobCommand({ RestoreJobId: 'none' })), {
    name: 'ResourceNotFoundException',
  });
  await assert.rejects(test.control.client.send(new GetRestoreJobMetadataCommand({ RestoreJobId: 'none' })), {
    name: 'ResourceNotFoundException',
  });
});

test('a recovery point in a vault that another account shares is restored with own role and source', async () => {
  await using test = await withPoint();
  const { control } = test;
  const [point] = control.stores.recoveryPoints.all();
  const vault = await control.stores.vaults.getById(point?.vaultId ?? '');
  assert.ok(point !== undefined && vault !== undefined);
  const owner = { accountId: '999999999999' };
  const vaultId = 'f'.repeat(32);
  await control.stores.vaults.create({ ...vault, ...owner, vaultId, name: 'theirs' }, {}, 9);
  const arn = point.arn.replace('123456789012', '999999999999');
  await control.stores.recoveryPoints.commit({ recoveryPoint: { ...point, ...owner, arn, vaultId }, tags: {} });
  const repository = control.repositories.get(vault.vaultId);
  assert.ok(repository);
  control.repositories.set(vaultId, repository);
  await assert.rejects(test.start({ RecoveryPointArn: arn }), { name: 'ResourceNotFoundException' });
  control.switches.sharedVaultIds = [vaultId];
  const job = await test.restore({ RecoveryPointArn: arn });
  assert.deepEqual([job.Status, job.AccountId], ['COMPLETED', '123456789012']);
});

test('without a role the default role is used; a token starts one job', async () => {
  await using test = await withPoint();
  const first = await test.start({ IamRoleArn: undefined, IdempotencyToken: 'token' });
  const again = await test.start({ IamRoleArn: undefined, IdempotencyToken: 'token' });
  assert.equal(again.RestoreJobId, first.RestoreJobId);
  const { RestoreJobId } = first;
  const job = await test.control.client.send(new DescribeRestoreJobCommand({ RestoreJobId }));
  assert.equal(job.IamRoleArn, ROLE_ARN);
  await assert.rejects(test.start({ IdempotencyToken: 'token' }), { name: 'InvalidRequestException' });
});

test('jobs are listed by every filter; one that waits is PENDING', async () => {
  await using test = await withPoint();
  const { control } = test;
  const done = await test.restore();
  control.clock.jump(60_000);
  const { RestoreJobId: waiting } = await test.start();
  const ids = async (query: ListRestoreJobsCommandInput) => {
    const { RestoreJobs } = await control.client.send(new ListRestoreJobsCommand(query));
    return RestoreJobs?.map((job) => job.RestoreJobId);
  };
  const createdAt = done.CreationDate?.getTime() ?? 0;
  assert.deepEqual(await ids({}), [waiting, done.RestoreJobId]);
  assert.deepEqual(await ids({ ByStatus: 'PENDING' }), [waiting]);
  assert.deepEqual(await ids({ ByStatus: 'COMPLETED' }), [done.RestoreJobId]);
  assert.deepEqual(await ids({ ByResourceType: 'S3' }), []);
  assert.deepEqual(await ids({ ByCreatedAfter: new Date(createdAt + 1000) }), [waiting]);
  assert.deepEqual(await ids({ ByCreatedBefore: new Date(createdAt + 1000) }), [done.RestoreJobId]);
  assert.deepEqual(await ids({ ByCompleteAfter: new Date(createdAt - 1000) }), [done.RestoreJobId]);
  assert.deepEqual(await ids({ ByCompleteBefore: new Date(createdAt - 1000) }), []);
  assert.deepEqual(await ids({ ByRestoreTestingPlanArn: 'none' }), []);
  assert.deepEqual(await ids({ ByAccountId: '123456789012', MaxResults: 1 }), [waiting]);
  await assert.rejects(ids({ ByAccountId: '999999999999' }), { name: 'AccessDeniedException' });
});

test('restores of a protected resource are filtered by the dates of its recovery points', async () => {
  await using test = await withPoint();
  const { control } = test;
  const done = await test.restore();
  const twoDaysAgo = control.clock.now() - 2 * 86_400_000;
  const list = async (members: object) => {
    const input = { ResourceArn: FILE_SYSTEM_ARN, ...members };
    const { RestoreJobs } = await control.client.send(new ListRestoreJobsByProtectedResourceCommand(input));
    return RestoreJobs?.map((job) => job.RestoreJobId);
  };
  assert.deepEqual(await list({}), [done.RestoreJobId]);
  assert.deepEqual(await list({ ByRecoveryPointCreationDateAfter: new Date(twoDaysAgo - 1000) }), [done.RestoreJobId]);
  assert.deepEqual(await list({ ByRecoveryPointCreationDateBefore: new Date(twoDaysAgo - 1000) }), []);
  assert.deepEqual(await list({ ByStatus: 'FAILED' }), []);
  const unknown = FILE_SYSTEM_ARN.replace('fs-1', 'fs-9');
  await assert.rejects(list({ ResourceArn: unknown }), { name: 'ResourceNotFoundException' });
  await assert.rejects(list({ ResourceArn: 'no-arn' }), { name: 'InvalidParameterValueException' });
});
