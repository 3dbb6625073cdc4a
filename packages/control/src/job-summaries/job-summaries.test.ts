import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  ListBackupJobSummariesCommand,
  ListCopyJobSummariesCommand,
  ListRestoreJobSummariesCommand,
} from '@aws-sdk/client-backup';
import { queuedJob } from '../testing/memory-backup-job-stores.ts';
import { SCOPE, type TestControl, testControl } from '../testing/test-control.ts';

const DAY_MS = 86_400_000;

function addJob(control: TestControl, jobId: string, members: Partial<Parameters<typeof queuedJob>[0]> = {}): void {
  const createdAt = control.clock.now();
  control.jobStore.add(
    queuedJob({
      ...SCOPE,
      jobId,
      kind: 'backup',
      resourceType: 'EFS',
      createdAt,
      state: 'COMPLETED',
      messageCategory: 'SUCCESS',
      ...members,
    }),
  );
}

test('completed with issues is the difference of two summaries, as the guide counts it (API2-29)', async () => {
  await using control = await testControl();
  addJob(control, '1');
  addJob(control, '2', { messageCategory: 'PARTIAL_DATA' });
  addJob(control, '3', { state: 'FAILED', messageCategory: 'ACCESS_DENIED' });
  addJob(control, '4', { createdAt: control.clock.now() - 20 * DAY_MS });
  const count = async (members: object) => {
    const input = { AggregationPeriod: 'FOURTEEN_DAYS', State: 'COMPLETED', ...members } as const;
    const answer = await control.client.send(new ListBackupJobSummariesCommand(input));
    return answer.BackupJobSummaries?.reduce((sum, row) => sum + (row.Count ?? 0), 0);
  };
  assert.equal(await count({}), 2);
  assert.equal(await count({ MessageCategory: 'Success' }), 1);
  assert.equal(await count({ MessageCategory: 'AGGREGATE_ALL' }), 2);
  assert.equal(await count({ ResourceType: 'S3' }), 0);
});

test('rows tell region, account and stretch of time, and come page by page', async () => {
  await using control = await testControl();
  addJob(control, '1');
  addJob(control, '2', { createdAt: control.clock.now() - DAY_MS });
  addJob(control, '3', { kind: 'restore', state: 'CREATED' });
  addJob(control, '4', { kind: 'copy' });
  const first = await control.client.send(new ListBackupJobSummariesCommand({ MaxResults: 1 }));
  assert.equal(first.AggregationPeriod, 'ONE_DAY');
  const [row] = first.BackupJobSummaries ?? [];
  assert.deepEqual(
    [row?.Region, row?.AccountId, row?.State, row?.Count],
    ['us-east-1', '123456789012', 'COMPLETED', 1],
  );
  assert.equal((row?.EndTime?.getTime() ?? 0) - (row?.StartTime?.getTime() ?? 0), DAY_MS);
  const second = await control.client.send(
    new ListBackupJobSummariesCommand({ MaxResults: 1, NextToken: first.NextToken }),
  );
  assert.equal(second.NextToken, undefined);
  assert.ok((second.BackupJobSummaries?.[0]?.StartTime?.getTime() ?? 0) > (row?.StartTime?.getTime() ?? 0));
  const restores = await control.client.send(new ListRestoreJobSummariesCommand({}));
  assert.deepEqual(
    restores.RestoreJobSummaries?.map((summary) => summary.State),
    ['CREATED'],
  );
  const copies = await control.client.send(new ListCopyJobSummariesCommand({ AggregationPeriod: 'SEVEN_DAYS' }));
  assert.equal(copies.CopyJobSummaries?.length, 1);
});

test('a plain account sees itself whatever it asks for; the management account sees its organisation', async () => {
  await using control = await testControl();
  addJob(control, '1');
  addJob(control, '2', { accountId: '999999999999' });
  const accounts = async (AccountId: string) => {
    const answer = await control.client.send(
      new ListBackupJobSummariesCommand({ AccountId, AggregationPeriod: 'SEVEN_DAYS' }),
    );
    return answer.BackupJobSummaries?.map((row) => [row.AccountId, row.Count]);
  };
  assert.deepEqual(await accounts('ANY'), [['123456789012', 1]]);
  control.switches.membership = {
    organizationId: 'o-1',
    managementAccountId: '123456789012',
    isManagementAccount: true,
    isDelegatedAdministrator: false,
    accountIds: ['123456789012', '999999999999'],
  };
  assert.deepEqual(await accounts('ANY'), [
    ['123456789012', 1],
    ['999999999999', 1],
  ]);
  assert.deepEqual(await accounts('AGGREGATE_ALL'), [['AGGREGATE_ALL', 2]]);
  assert.deepEqual(await accounts('999999999999'), [['999999999999', 1]]);
});

test('values outside of the enumerations are refused', async () => {
  await using control = await testControl();
  for (const input of [{ State: 'SLEEPING' }, { AggregationPeriod: 'ONE_YEAR' }, { MaxResults: 1001 }]) {
    await assert.rejects(control.client.send(new ListBackupJobSummariesCommand(input as never)), {
      name: 'InvalidParameterValueException',
    });
  }
});
