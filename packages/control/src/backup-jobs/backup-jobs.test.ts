import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  CreateLogicallyAirGappedBackupVaultCommand,
  DescribeBackupJobCommand,
  DescribeRecoveryPointCommand,
  ListBackupJobsCommand,
  type ListBackupJobsCommandInput,
  ListTagsCommand,
  PutBackupVaultLockConfigurationCommand,
  StartBackupJobCommand,
  type StartBackupJobCommandInput,
  StopBackupJobCommand,
  UpdateRegionSettingsCommand,
} from '@aws-sdk/client-backup';
import { ConnectorError } from '@holdfast/connectors';
import { type JobHandle, LeaseLostError } from '@holdfast/jobs';
import { runJobs } from '../testing/run-jobs.ts';
import {
  FILE_SYSTEM_ARN,
  ROLE_ARN,
  SCOPE,
  type TestControl,
  testControl,
  withFileSystem,
} from '../testing/test-control.ts';
import { backupJobExecutor } from './run-backup-job.ts';

const REQUEST: StartBackupJobCommandInput = {
  BackupVaultName: 'Default',
  ResourceArn: FILE_SYSTEM_ARN,
  IamRoleArn: ROLE_ARN,
};
const DAY_MS = 86_400_000;

function start(control: TestControl, members: Partial<StartBackupJobCommandInput> = {}) {
  return control.client.send(new StartBackupJobCommand({ ...REQUEST, ...members }));
}

async function backUp(control: TestControl, members: Partial<StartBackupJobCommandInput> = {}) {
  const { BackupJobId = '', RecoveryPointArn = '' } = await start(control, members);
  await runJobs(control);
  const job = await control.client.send(new DescribeBackupJobCommand({ BackupJobId }));
  return { job, RecoveryPointArn };
}

test('an on-demand job runs to a recovery point with lifecycle, tags and sizes', async () => {
  await using control = await testControl();
  await withFileSystem(control);
  const { job, RecoveryPointArn } = await backUp(control, {
    Lifecycle: { MoveToColdStorageAfterDays: 10, DeleteAfterDays: 100 },
    RecoveryPointTags: { purpose: 'test' },
  });
  assert.match(RecoveryPointArn, /^arn:aws:backup:us-east-1:123456789012:recovery-point:[0-9a-f-]{36}$/);
  assert.match(job.BackupJobId ?? '', /^[0-9A-F-]{36}$/);
  assert.deepEqual(
    [job.State, job.MessageCategory, job.PercentDone, job.BackupSizeInBytes, job.IsEncrypted, job.VaultLockState],
    ['COMPLETED', 'SUCCESS', '100.0', 3, true, 'UNLOCKED'],
  );
  assert.deepEqual(job.RecoveryPointLifecycle, { MoveToColdStorageAfterDays: 10, DeleteAfterDays: 100 });
  const point = await control.client.send(
    new DescribeRecoveryPointCommand({ BackupVaultName: 'Default', RecoveryPointArn }),
  );
  const createdAt = point.CreationDate?.getTime() ?? 0;
  assert.deepEqual([point.Status, point.StorageClass, point.ResourceName], ['COMPLETED', 'WARM', 'home']);
  assert.equal(point.CalculatedLifecycle?.DeleteAt?.getTime(), createdAt + 100 * DAY_MS);
  assert.equal(point.CalculatedLifecycle?.MoveToColdStorageAt?.getTime(), createdAt + 10 * DAY_MS);
  const tags = await control.client.send(new ListTagsCommand({ ResourceArn: RecoveryPointArn }));
  assert.deepEqual(tags.Tags, { purpose: 'test', team: 'blue' });
  assert.deepEqual(control.connector.released, [true]);
  assert.equal(control.connector.openCount, 0);
});

test('the second backup gets the first as parent, with the state that the connector left', async () => {
  await using control = await testControl();
  await withFileSystem(control);
  const first = await backUp(control);
  await backUp(control);
  const [, second] = control.connector.backups;
  assert.equal(second?.parent?.recoveryPointArn, first.RecoveryPointArn);
  assert.deepEqual(second?.parent?.state, new Uint8Array([1]));
  const [repository] = control.repositories.values();
  assert.equal(repository?.requests[1]?.parentId, first.RecoveryPointArn.split(':').at(-1));
});

test('what is sealed with the content suffices to know the recovery point again', async () => {
  await using control = await testControl();
  await withFileSystem(control);
  const { RecoveryPointArn } = await backUp(control, { RecoveryPointTags: { purpose: 'test' } });
  const [repository] = control.repositories.values();
  const facts = repository?.requests[0]?.facts as { recoveryPoint: { arn: string; vaultName: string }; tags: object };
  assert.equal(facts.recoveryPoint.arn, RecoveryPointArn);
  assert.equal(facts.recoveryPoint.vaultName, 'Default');
  assert.deepEqual(facts.tags, { purpose: 'test', team: 'blue' });
});

test('a lost detail completes with a message, missing data makes job and recovery point PARTIAL', async () => {
  await using control = await testControl();
  await withFileSystem(control);
  const system = control.connector.systems.get(FILE_SYSTEM_ARN);
  assert.ok(system);
  const detail = { path: 'a.txt', code: 'attribute-not-kept', message: 'no ACL', dataMissing: false };
  control.connector.put({ ...system, issues: [detail] });
  const { job: withIssues } = await backUp(control);
  assert.equal(withIssues.State, 'COMPLETED');
  assert.notEqual(withIssues.MessageCategory, 'SUCCESS');
  assert.match(withIssues.StatusMessage ?? '', /1 item lost a detail/);
  control.connector.put({ ...system, issues: [{ ...detail, dataMissing: true }] });
  const { job: partial, RecoveryPointArn } = await backUp(control);
  assert.equal(partial.State, 'PARTIAL');
  const point = await control.client.send(
    new DescribeRecoveryPointCommand({ BackupVaultName: 'Default', RecoveryPointArn }),
  );
  assert.equal(point.Status, 'PARTIAL');
  const issues = await control.stores.backupJobs.listIssues(partial.BackupJobId ?? '', { limit: 10 });
  assert.deepEqual(
    issues.items.map(({ code, sequence }) => [code, sequence]),
    [['attribute-not-kept', 1]],
  );
});

test('what a connector throws decides between failed and tried again', async () => {
  await using control = await testControl();
  await withFileSystem(control);
  control.connector.failures.set(
    'openBackup',
    new ConnectorError('denied', 'no right to read', { hint: 'Run as root.' }),
  );
  const { job } = await backUp(control);
  assert.deepEqual(
    [job.State, job.MessageCategory, job.StatusMessage],
    ['FAILED', 'ACCESS_DENIED', 'no right to read Run as root.'],
  );
  control.connector.failures.set('openBackup', new ConnectorError('unavailable', 'the disk is not mounted'));
  const { job: waiting } = await backUp(control);
  assert.equal(waiting.State, 'CREATED');
  assert.equal(waiting.StatusMessage, 'the disk is not mounted');
  assert.equal(control.connector.openCount, 0);
});

test('the retention limits of a locked vault fail the job, also for an unlimited retention', async () => {
  await using control = await testControl();
  await withFileSystem(control);
  const lock = { BackupVaultName: 'Default', MinRetentionDays: 7, MaxRetentionDays: 30 };
  await control.client.send(new PutBackupVaultLockConfigurationCommand(lock));
  for (const Lifecycle of [{ DeleteAfterDays: 6 }, { DeleteAfterDays: 31 }, undefined]) {
    const { job } = await backUp(control, { Lifecycle });
    assert.deepEqual([job.State, job.MessageCategory], ['FAILED', 'INVALID_LIFECYCLE']);
  }
  const { job } = await backUp(control, { Lifecycle: { DeleteAfterDays: 7 } });
  assert.deepEqual([job.State, job.VaultLockState], ['COMPLETED', 'LOCKED']);
  const [repository] = control.repositories.values();
  assert.equal(repository?.requests[0]?.retention.lockMode, undefined);
});

test('in a vault whose lock is immutable the retention is sealed with the content', async () => {
  await using control = await testControl();
  await withFileSystem(control);
  const vault = await control.stores.vaults.get(SCOPE, 'Default');
  const now = control.clock.now();
  control.stores.vaults.change(vault?.vaultId ?? '', { lock: { lockedAt: now, lockDateAt: now } });
  await backUp(control, { Lifecycle: { DeleteAfterDays: 7 } });
  const [repository] = control.repositories.values();
  assert.deepEqual(repository?.requests[0]?.retention, {
    keepUntilAt: now + 7 * DAY_MS,
    lockedUntilAt: now + 7 * DAY_MS,
    lockMode: 'compliance',
  });
});

test('a vault that is deleted while a backup into it runs fails the job and keeps nothing', async () => {
  await using control = await testControl();
  await withFileSystem(control);
  const [repository] = control.repositories.values();
  control.connector.afterEntries = async () => {
    await control.stores.vaults.deleteIfEmpty(SCOPE, 'Default');
  };
  const { job } = await backUp(control);
  assert.deepEqual([job.State, job.MessageCategory], ['FAILED', 'RESOURCE_NOT_FOUND']);
  assert.equal(repository?.points.size, 0);
});

test('a role, vault or resource that goes before the job runs fails it with its category', async () => {
  await using control = await testControl();
  await withFileSystem(control);
  const roleGone = await start(control);
  control.switches.roles.clear();
  await runJobs(control);
  control.switches.roles.add(ROLE_ARN);
  const resourceGone = await start(control);
  const resource = await control.stores.resources.get(SCOPE, FILE_SYSTEM_ARN);
  assert.ok(resource);
  await control.stores.resources.upsert([{ ...resource, status: 'vanished' }]);
  await runJobs(control);
  await control.stores.resources.upsert([resource]);
  const vaultGone = await start(control);
  await control.stores.vaults.deleteIfEmpty(SCOPE, 'Default');
  await runJobs(control);
  const ends = [];
  for (const { BackupJobId } of [roleGone, resourceGone, vaultGone]) {
    const job = await control.client.send(new DescribeBackupJobCommand({ BackupJobId }));
    ends.push([job.State, job.MessageCategory]);
    if (BackupJobId === vaultGone.BackupJobId) {
      assert.equal(
        job.StatusMessage,
        'Backup job failed because backup vault arn:aws:backup:us-east-1:123456789012:backup-vault:Default does not exist.',
      );
    }
  }
  assert.deepEqual(ends, [
    ['FAILED', 'ACCESS_DENIED'],
    ['FAILED', 'RESOURCE_NOT_FOUND'],
    ['FAILED', 'RESOURCE_NOT_FOUND'],
  ]);
});

test('a waiting job that is stopped is ABORTED; one that has ended cannot be stopped', async () => {
  await using control = await testControl();
  await withFileSystem(control);
  const { BackupJobId = '' } = await start(control);
  await control.client.send(new StopBackupJobCommand({ BackupJobId }));
  const job = await control.client.send(new DescribeBackupJobCommand({ BackupJobId }));
  assert.deepEqual([job.State, job.StatusMessage], ['ABORTED', 'Backup job was stopped by user.']);
  await assert.rejects(control.client.send(new StopBackupJobCommand({ BackupJobId })), {
    name: 'InvalidRequestException',
  });
  await assert.rejects(control.client.send(new StopBackupJobCommand({ BackupJobId: 'none' })), {
    name: 'ResourceNotFoundException',
  });
});

test('a job that is stopped while it runs leaves no recovery point, in the catalog or in the vault', async () => {
  await using control = await testControl();
  await withFileSystem(control);
  const { BackupJobId = '' } = await start(control);
  let stopped = false;
  control.connector.betweenEntries = async () => {
    if (stopped) return;
    stopped = true;
    await control.client.send(new StopBackupJobCommand({ BackupJobId }));
  };
  await runJobs(control);
  const job = await control.client.send(new DescribeBackupJobCommand({ BackupJobId }));
  assert.equal(job.State, 'ABORTED');
  assert.equal(control.stores.recoveryPoints.all().length, 0);
  const [repository] = control.repositories.values();
  assert.equal(repository?.points.size, 0);
  assert.deepEqual(control.connector.released, [false]);
});

test('a job that is stopped after its content was sealed gives the content up', async () => {
  await using control = await testControl();
  await withFileSystem(control);
  const { BackupJobId = '' } = await start(control);
  control.connector.afterEntries = async () => {
    await control.client.send(new StopBackupJobCommand({ BackupJobId }));
  };
  await runJobs(control);
  const job = await control.client.send(new DescribeBackupJobCommand({ BackupJobId }));
  assert.equal(job.State, 'ABORTED');
  assert.equal(control.stores.recoveryPoints.all().length, 0);
  const [repository] = control.repositories.values();
  assert.equal(repository?.requests.length, 1);
  assert.equal(repository?.points.size, 0);
});

test('a job that goes on after a crash adopts what was sealed and does not store it again', async () => {
  await using control = await testControl();
  await withFileSystem(control);
  const { BackupJobId = '', RecoveryPointArn = '' } = await start(control);
  const executor = backupJobExecutor(control.ports);
  const job = await control.jobStore.get(BackupJobId);
  assert.ok(job);
  const signal = new AbortController().signal;
  const handle = { fencingToken: 1, signal, begin: async () => {}, progress: () => {} };
  const crashed = { ...handle, isResumed: false, end: () => Promise.reject(new LeaseLostError(BackupJobId)) };
  await assert.rejects(executor.execute(job, crashed), LeaseLostError);
  const resumed: JobHandle = {
    ...handle,
    isResumed: true,
    end: async (outcome, within) => {
      await within?.();
      return outcome;
    },
  };
  const outcome = await executor.execute(job, resumed);
  assert.equal(outcome.result, 'completed');
  const [repository] = control.repositories.values();
  assert.equal(repository?.requests.length, 1);
  assert.deepEqual(
    control.stores.recoveryPoints.all().map(({ arn, sizeBytes }) => [arn, sizeBytes]),
    [[RecoveryPointArn, 3]],
  );
});

test('an idempotency token starts one job; with other content it is refused', async () => {
  await using control = await testControl();
  await withFileSystem(control);
  const first = await start(control, { IdempotencyToken: 'token' });
  const retried = await start(control, { IdempotencyToken: 'token' });
  assert.deepEqual([retried.BackupJobId, retried.RecoveryPointArn], [first.BackupJobId, first.RecoveryPointArn]);
  const other = await start(control, { IdempotencyToken: 'another' });
  assert.notEqual(other.BackupJobId, first.BackupJobId);
  await assert.rejects(start(control, { IdempotencyToken: 'token', StartWindowMinutes: 60 }), {
    name: 'InvalidRequestException',
  });
});

test('requests that cannot be are refused with the modelled error', async () => {
  await using control = await testControl();
  await withFileSystem(control);
  await control.client.send(
    new CreateLogicallyAirGappedBackupVaultCommand({
      BackupVaultName: 'gap',
      MinRetentionDays: 7,
      MaxRetentionDays: 9,
    }),
  );
  for (const [members, name] of [
    [{ BackupVaultName: 'none' }, 'ResourceNotFoundException'],
    [{ BackupVaultName: 'gap' }, 'InvalidRequestException'],
    [{ ResourceArn: FILE_SYSTEM_ARN.replace('fs-1', 'fs-2') }, 'ResourceNotFoundException'],
    [{ ResourceArn: 'arn:aws:dynamodb:us-east-1:123456789012:table/t' }, 'InvalidParameterValueException'],
    [{ ResourceArn: 'no-arn' }, 'InvalidParameterValueException'],
    [{ IamRoleArn: 'arn:aws:iam::123456789012:role/none' }, 'InvalidParameterValueException'],
    [{ IamRoleArn: 'no-role' }, 'InvalidParameterValueException'],
    [{ Index: 'ENABLED' }, 'InvalidParameterValueException'],
    [{ StartWindowMinutes: 59 }, 'InvalidParameterValueException'],
    [{ CompleteWindowMinutes: 52_560_001 }, 'InvalidParameterValueException'],
    [{ Lifecycle: { MoveToColdStorageAfterDays: 1, DeleteAfterDays: 90 } }, 'InvalidParameterValueException'],
    [{ Lifecycle: { DeleteAfterDays: 36_501 } }, 'InvalidParameterValueException'],
    [{ BackupOptions: { WindowsVSS: 'enabled' } }, 'InvalidParameterValueException'],
    [{ RecoveryPointTags: { 'aws:x': 'y' } }, 'InvalidParameterValueException'],
    [
      { RecoveryPointTags: Object.fromEntries(Array.from({ length: 51 }, (_, i) => [`k${i}`, 'v'])) },
      'LimitExceededException',
    ],
    [{ IamRoleArn: undefined }, 'MissingParameterValueException'],
    [
      { LogicallyAirGappedBackupVaultArn: 'arn:aws:backup:us-east-1:123456789012:backup-vault:Default' },
      'InvalidParameterValueException',
    ],
  ] as [Partial<StartBackupJobCommandInput>, string][]) {
    await assert.rejects(start(control, members), { name }, `${JSON.stringify(members)} should be ${name}`);
  }
  await control.client.send(new UpdateRegionSettingsCommand({ ResourceTypeOptInPreference: { EFS: false } }));
  await assert.rejects(start(control), { name: 'InvalidRequestException', message: /not opted in/ });
  await assert.rejects(control.client.send(new DescribeBackupJobCommand({ BackupJobId: 'none' })), {
    name: 'ResourceNotFoundException',
  });
});

test('windows count from the request', async () => {
  await using control = await testControl();
  await withFileSystem(control);
  const { BackupJobId, CreationDate } = await start(control, { StartWindowMinutes: 60 });
  const job = await control.client.send(new DescribeBackupJobCommand({ BackupJobId }));
  assert.equal(job.StartBy?.getTime(), (CreationDate?.getTime() ?? 0) + 3_600_000);
  const byDefault = await start(control);
  const other = await control.client.send(new DescribeBackupJobCommand({ BackupJobId: byDefault.BackupJobId }));
  assert.equal(other.StartBy?.getTime(), (byDefault.CreationDate?.getTime() ?? 0) + 8 * 3_600_000);
});

test('jobs are listed by every filter, newest first', async () => {
  await using control = await testControl();
  await withFileSystem(control);
  const old = await backUp(control);
  const createdAt = old.job.CreationDate?.getTime() ?? 0;
  control.clock.jump(60_000);
  const { BackupJobId: waiting } = await start(control);
  const ids = async (query: ListBackupJobsCommandInput) => {
    const { BackupJobs } = await control.client.send(new ListBackupJobsCommand(query));
    return BackupJobs?.map((job) => job.BackupJobId);
  };
  const [done] = [old.job.BackupJobId];
  assert.deepEqual(await ids({}), [waiting, done]);
  assert.deepEqual(await ids({ ByState: 'COMPLETED' }), [done]);
  assert.deepEqual(await ids({ ByMessageCategory: 'success' }), [done]);
  assert.deepEqual(await ids({ ByMessageCategory: '*' }), [waiting, done]);
  assert.deepEqual(await ids({ ByResourceType: 'EFS', ByResourceArn: FILE_SYSTEM_ARN }), [waiting, done]);
  assert.deepEqual(await ids({ ByResourceType: 'S3' }), []);
  assert.deepEqual(await ids({ ByBackupVaultName: 'other' }), []);
  assert.deepEqual(await ids({ ByCreatedAfter: new Date(createdAt + 1000) }), [waiting]);
  assert.deepEqual(await ids({ ByCreatedBefore: new Date(createdAt + 1000) }), [done]);
  assert.deepEqual(await ids({ ByCompleteAfter: new Date(createdAt - 1000) }), [done]);
  assert.deepEqual(await ids({ ByCompleteBefore: new Date(createdAt - 1000) }), []);
  assert.deepEqual(await ids({ ByParentJobId: 'none' }), []);
  assert.deepEqual(await ids({ ByAccountId: '*' }), [waiting, done]);
  await assert.rejects(ids({ ByAccountId: '999999999999' }), { name: 'AccessDeniedException' });
});

test('the list reaches back 30 days, and further only for what still runs', async () => {
  await using control = await testControl();
  await withFileSystem(control);
  await backUp(control);
  const { BackupJobId } = await start(control);
  const lister = { ...control.ports, clock: { now: () => control.clock.now() + 31 * DAY_MS } };
  const { listBackupJobs } = await import('./actions/list-backup-jobs.ts');
  const context = { ...SCOPE, operation: 'ListBackupJobs', now: lister.clock.now() } as never;
  const { BackupJobs } = await listBackupJobs(lister)({}, context);
  assert.deepEqual(
    BackupJobs?.map((job) => job.BackupJobId),
    [BackupJobId],
  );
});
