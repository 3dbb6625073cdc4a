import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  DeleteBackupVaultCommand,
  DeleteRecoveryPointCommand,
  DescribeBackupVaultCommand,
  DescribeProtectedResourceCommand,
  DescribeRecoveryPointCommand,
  DisassociateRecoveryPointCommand,
  DisassociateRecoveryPointFromParentCommand,
  GetRecoveryPointRestoreMetadataCommand,
  ListProtectedResourcesByBackupVaultCommand,
  ListProtectedResourcesCommand,
  ListRecoveryPointsByBackupVaultCommand,
  ListRecoveryPointsByResourceCommand,
  PutBackupVaultLockConfigurationCommand,
  paginateListRecoveryPointsByBackupVault,
  UpdateRecoveryPointLifecycleCommand,
} from '@aws-sdk/client-backup';
import { aRecoveryPoint } from '../testing/a-recovery-point.ts';
import { FILE_SYSTEM_ARN, ROLE_ARN, type TestControl, testControl, withFileSystem } from '../testing/test-control.ts';
import { resumeDeletions } from './delete-recovery-point.ts';

const DAY_MS = 86_400_000;

async function withPoints(count = 1) {
  const control = await testControl();
  await withFileSystem(control);
  const arns: string[] = [];
  for (let index = 0; index < count; index += 1) arns.push(await aRecoveryPoint(control, { ageDays: count - index }));
  return { control, arns, first: arns[0] ?? '', [Symbol.asyncDispose]: () => control[Symbol.asyncDispose]() };
}

function inDefault(RecoveryPointArn: string) {
  return { BackupVaultName: 'Default', RecoveryPointArn };
}

async function statusOf(control: TestControl, arn: string): Promise<string | undefined> {
  const point = await control.client.send(new DescribeRecoveryPointCommand(inDefault(arn)));
  return point.Status;
}

test('restore metadata is what the connector noted', async () => {
  await using test = await withPoints();
  const answer = await test.control.client.send(new GetRecoveryPointRestoreMetadataCommand(inDefault(test.first)));
  assert.deepEqual(answer.RestoreMetadata, { 'file-system-id': 'fs-1' });
  assert.equal(answer.ResourceType, 'EFS');
  assert.equal(answer.BackupVaultArn, 'arn:aws:backup:us-east-1:123456789012:backup-vault:Default');
});

test('recovery points of a vault are listed newest first, page by page and by every filter', async () => {
  await using test = await withPoints(5);
  const { client, clock } = test.control;
  const listed: (string | undefined)[] = [];
  for await (const page of paginateListRecoveryPointsByBackupVault(
    { client, pageSize: 2 },
    { BackupVaultName: 'Default' },
  )) {
    listed.push(...(page.RecoveryPoints ?? []).map((point) => point.RecoveryPointArn));
  }
  assert.deepEqual(listed, [...test.arns].reverse());
  const count = async (filter: object) => {
    const input = { BackupVaultName: 'Default', ...filter };
    const { RecoveryPoints } = await client.send(new ListRecoveryPointsByBackupVaultCommand(input));
    return RecoveryPoints?.length;
  };
  assert.equal(await count({ ByCreatedAfter: new Date(clock.now() - 2.5 * DAY_MS) }), 2);
  assert.equal(await count({ ByCreatedBefore: new Date(clock.now() - 2.5 * DAY_MS) }), 3);
  assert.equal(await count({ ByResourceArn: FILE_SYSTEM_ARN, ByResourceType: 'EFS' }), 5);
  assert.equal(await count({ ByResourceType: 'S3' }), 0);
  assert.equal(await count({ ByBackupPlanId: 'plan' }), 0);
  assert.equal(await count({ ByParentRecoveryPointArn: test.first }), 0);
  await assert.rejects(count({ BackupVaultName: 'none' }), { name: 'ResourceNotFoundException' });
});

test('recovery points of a resource are listed with its own name for the size', async () => {
  await using test = await withPoints(2);
  const { client } = test.control;
  const list = (ResourceArn: string) => client.send(new ListRecoveryPointsByResourceCommand({ ResourceArn }));
  const { RecoveryPoints } = await list(FILE_SYSTEM_ARN);
  assert.deepEqual(
    RecoveryPoints?.map((point) => [point.RecoveryPointArn, point.BackupSizeBytes, point.BackupVaultName]),
    [...test.arns].reverse().map((arn) => [arn, 3, 'Default']),
  );
  await assert.rejects(list(FILE_SYSTEM_ARN.replace('fs-1', 'fs-9')), { name: 'ResourceNotFoundException' });
  await assert.rejects(list('no-arn'), { name: 'InvalidParameterValueException' });
});

test('protected resources tell of their newest recovery point; one that was never backed up is unknown', async () => {
  await using test = await withPoints(2);
  const { client } = test.control;
  const newest = test.arns.at(-1);
  const { Results } = await client.send(new ListProtectedResourcesCommand({}));
  assert.deepEqual(
    Results?.map((resource) => [resource.ResourceArn, resource.LastRecoveryPointArn, resource.ResourceName]),
    [[FILE_SYSTEM_ARN, newest, 'home']],
  );
  const inVault = await client.send(new ListProtectedResourcesByBackupVaultCommand({ BackupVaultName: 'Default' }));
  assert.equal(inVault.Results?.length, 1);
  const described = await client.send(new DescribeProtectedResourceCommand({ ResourceArn: FILE_SYSTEM_ARN }));
  assert.deepEqual([described.LastRecoveryPointArn, described.LatestRestoreJobCreationDate], [newest, undefined]);
  const unknown = FILE_SYSTEM_ARN.replace('fs-1', 'fs-9');
  await assert.rejects(client.send(new DescribeProtectedResourceCommand({ ResourceArn: unknown })), {
    name: 'ResourceNotFoundException',
  });
  await assert.rejects(client.send(new ListProtectedResourcesByBackupVaultCommand({ BackupVaultName: 'none' })), {
    name: 'ResourceNotFoundException',
  });
});

test('deleting frees the bytes; the vault can go as soon as the recovery point is not found', async () => {
  await using test = await withPoints();
  const { control, first } = test;
  await control.client.send(new DeleteRecoveryPointCommand(inDefault(first)));
  await control.settle();
  await assert.rejects(control.client.send(new DescribeRecoveryPointCommand(inDefault(first))), {
    name: 'ResourceNotFoundException',
  });
  const [repository] = control.repositories.values();
  assert.equal(repository?.points.size, 0);
  const vault = await control.client.send(new DescribeBackupVaultCommand({ BackupVaultName: 'Default' }));
  assert.equal(vault.NumberOfRecoveryPoints, 0);
});

test('a recovery point being deleted is DELETING and busy; a stop in between is finished at the next start', async () => {
  await using test = await withPoints();
  const { control, first } = test;
  const { vaultId } = control.stores.recoveryPoints.all()[0] ?? { vaultId: '' };
  await control.stores.recoveryPoints.change(vaultId, first, { status: 'DELETING' });
  assert.equal(await statusOf(control, first), 'DELETING');
  await assert.rejects(control.client.send(new DeleteRecoveryPointCommand(inDefault(first))), {
    name: 'InvalidResourceStateException',
  });
  await assert.rejects(control.client.send(new DeleteBackupVaultCommand({ BackupVaultName: 'Default' })), {
    name: 'InvalidRequestException',
  });
  await resumeDeletions(control.ports);
  await control.settle();
  await assert.rejects(statusOf(control, first), { name: 'ResourceNotFoundException' });
});

test('without a usable role the answer is 200 and the recovery point stays, EXPIRED, until the role works again', async () => {
  await using test = await withPoints();
  const { control, first } = test;
  control.switches.roles.clear();
  await control.client.send(new DeleteRecoveryPointCommand(inDefault(first)));
  await control.settle();
  assert.equal(await statusOf(control, first), 'EXPIRED');
  control.switches.roles.add(ROLE_ARN);
  await control.client.send(new DeleteRecoveryPointCommand(inDefault(first)));
  await control.settle();
  await assert.rejects(statusOf(control, first), { name: 'ResourceNotFoundException' });
});

test('a store that refuses leaves the recovery point EXPIRED with the reason', async () => {
  await using test = await withPoints();
  const { control, first } = test;
  const [repository] = control.repositories.values();
  repository?.refusals.set(first.split(':').at(-1) ?? '', 'the object is locked until 2030');
  await control.client.send(new DeleteRecoveryPointCommand(inDefault(first)));
  await control.settle();
  const point = await control.client.send(new DescribeRecoveryPointCommand(inDefault(first)));
  assert.deepEqual([point.Status, point.StatusMessage], ['EXPIRED', 'the object is locked until 2030']);
});

test('a recovery point that somebody reads stays DELETING and goes when the reader has gone', async () => {
  await using test = await withPoints();
  const { control, first } = test;
  const [repository] = control.repositories.values();
  assert.ok(repository);
  for (const reason of ['in-use', 'frozen', 'held'] as const) {
    repository.refusalReason = reason;
    control.switches.isReleasing = reason === 'held';
    repository.refusals.set(first.split(':').at(-1) ?? '', `it is ${reason}`);
    if (reason === 'in-use') await control.client.send(new DeleteRecoveryPointCommand(inDefault(first)));
    else await resumeDeletions(control.ports);
    await control.settle();
    const point = await control.client.send(new DescribeRecoveryPointCommand(inDefault(first)));
    assert.deepEqual([point.Status, point.StatusMessage], ['DELETING', `it is ${reason}`]);
  }
  repository.refusals.clear();
  await resumeDeletions(control.ports);
  await control.settle();
  await assert.rejects(control.client.send(new DescribeRecoveryPointCommand(inDefault(first))), {
    name: 'ResourceNotFoundException',
  });
});

test('a hold that only the engine knows leaves the recovery point EXPIRED', async () => {
  await using test = await withPoints();
  const { control, first } = test;
  const [repository] = control.repositories.values();
  assert.ok(repository);
  repository.refusalReason = 'held';
  repository.refusals.set(first.split(':').at(-1) ?? '', 'it is under legal hold');
  await control.client.send(new DeleteRecoveryPointCommand(inDefault(first)));
  await control.settle();
  assert.equal(await statusOf(control, first), 'EXPIRED');
});

test('a legal hold that comes after the deletion was asked for takes the recovery point back', async () => {
  await using test = await withPoints();
  const { control, first } = test;
  const point = await control.stores.recoveryPoints.getByArn('123456789012', first);
  await control.stores.recoveryPoints.change(point?.vaultId ?? '', first, { status: 'DELETING' });
  control.switches.holds = ['a case: arn:aws:backup:us-east-1:123456789012:legal-hold:1'];
  await resumeDeletions(control.ports);
  await control.settle();
  assert.equal(await statusOf(control, first), 'COMPLETED');
});

test('a store that cannot be reached leaves the recovery point DELETING, and the next round finishes', async () => {
  await using test = await withPoints();
  const { control, first } = test;
  const [entry] = control.repositories.entries();
  assert.ok(entry);
  control.repositories.clear();
  await control.client.send(new DeleteRecoveryPointCommand(inDefault(first)));
  await control.settle();
  const point = await control.client.send(new DescribeRecoveryPointCommand(inDefault(first)));
  assert.deepEqual([point.Status, /no repository/.test(point.StatusMessage ?? '')], ['DELETING', true]);
  control.repositories.set(...entry);
  await resumeDeletions(control.ports);
  await control.settle();
  await assert.rejects(statusOf(control, first), { name: 'ResourceNotFoundException' });
});

test('locks and legal holds refuse deletion as invalid requests that name the reason', async () => {
  await using test = await withPoints();
  const { control, first } = test;
  control.switches.holds = ['arn:aws:backup:us-east-1:123456789012:legal-hold:1'];
  await assert.rejects(control.client.send(new DeleteRecoveryPointCommand(inDefault(first))), {
    name: 'InvalidRequestException',
    message: /legal-hold:1/,
  });
  control.switches.holds = [];
  await control.client.send(new PutBackupVaultLockConfigurationCommand({ BackupVaultName: 'Default' }));
  await assert.rejects(control.client.send(new DeleteRecoveryPointCommand(inDefault(first))), {
    name: 'InvalidRequestException',
    message: /locked/,
  });
});

test('a recovery point that is being copied is busy', async () => {
  await using test = await withPoints();
  test.control.switches.isCopying = true;
  await assert.rejects(test.control.client.send(new DeleteRecoveryPointCommand(inDefault(test.first))), {
    name: 'InvalidResourceStateException',
    message: /being copied/,
  });
});

test('unknown recovery points are not found by any action', async () => {
  await using test = await withPoints();
  const input = inDefault('arn:aws:backup:us-east-1:123456789012:recovery-point:none');
  for (const command of [
    new DescribeRecoveryPointCommand(input),
    new DeleteRecoveryPointCommand(input),
    new GetRecoveryPointRestoreMetadataCommand(input),
    new DisassociateRecoveryPointCommand(input),
    new DisassociateRecoveryPointFromParentCommand(input),
    new UpdateRecoveryPointLifecycleCommand(input),
    new DescribeRecoveryPointCommand({ ...inDefault(test.first), BackupVaultName: 'none' }),
  ]) {
    await assert.rejects(test.control.client.send(command as never), { name: 'ResourceNotFoundException' });
  }
});

test('a lifecycle change answers what is now in force; -1 keeps for ever', async () => {
  await using test = await withPoints();
  const { control, first } = test;
  const update = (Lifecycle: object) =>
    control.client.send(new UpdateRecoveryPointLifecycleCommand({ ...inDefault(first), Lifecycle }));
  const createdAt = control.clock.now() - DAY_MS;
  const changed = await update({ MoveToColdStorageAfterDays: 2, DeleteAfterDays: 92 });
  assert.deepEqual(changed.Lifecycle, { MoveToColdStorageAfterDays: 2, DeleteAfterDays: 92 });
  assert.equal(changed.CalculatedLifecycle?.DeleteAt?.getTime(), createdAt + 92 * DAY_MS);
  const engineId = first.split(':').at(-1) ?? '';
  assert.deepEqual(control.retentions.get(engineId), { keepUntilAt: createdAt + 92 * DAY_MS });
  const forever = await update({ DeleteAfterDays: -1, MoveToColdStorageAfterDays: -1 });
  assert.deepEqual([forever.Lifecycle, forever.CalculatedLifecycle], [undefined, undefined]);
  assert.deepEqual(control.retentions.get(engineId), {});
});

test('a lifecycle that breaks a rule is refused', async () => {
  await using test = await withPoints();
  const { control, first } = test;
  const update = (Lifecycle: object) =>
    control.client.send(new UpdateRecoveryPointLifecycleCommand({ ...inDefault(first), Lifecycle }));
  await assert.rejects(update({ MoveToColdStorageAfterDays: 5, DeleteAfterDays: 94 }), {
    name: 'InvalidParameterValueException',
  });
  await assert.rejects(update({ MoveToColdStorageAfterDays: 1 }), { name: 'InvalidParameterValueException' });
  const { vaultId } = control.stores.recoveryPoints.all()[0] ?? { vaultId: '' };
  await control.stores.recoveryPoints.change(vaultId, first, { storageClass: 'COLD' });
  await assert.rejects(update({ MoveToColdStorageAfterDays: 30 }), { name: 'InvalidRequestException' });
  await control.client.send(new PutBackupVaultLockConfigurationCommand({ BackupVaultName: 'Default' }));
  await assert.rejects(update({ DeleteAfterDays: 3 }), { name: 'InvalidRequestException', message: /locked/ });
});

test('snapshots cannot be disassociated, and a point without parent has none to leave', async () => {
  await using test = await withPoints();
  const { control, first } = test;
  await assert.rejects(control.client.send(new DisassociateRecoveryPointCommand(inDefault(first))), {
    name: 'InvalidRequestException',
  });
  await assert.rejects(control.client.send(new DisassociateRecoveryPointFromParentCommand(inDefault(first))), {
    name: 'InvalidRequestException',
  });
});

test('a composite goes after what is nested in it, and is PARTIAL once something left it', async () => {
  await using test = await withPoints();
  const { control } = test;
  const parent = await aRecoveryPoint(control, { isParent: true });
  const children = [];
  for (let index = 0; index < 2; index += 1) {
    children.push(await aRecoveryPoint(control, { parentRecoveryPointArn: parent }));
  }
  const [first = '', second = ''] = children;
  const nested = async () => {
    const input = { BackupVaultName: 'Default', ByParentRecoveryPointArn: parent };
    const { RecoveryPoints = [] } = await control.client.send(new ListRecoveryPointsByBackupVaultCommand(input));
    return RecoveryPoints.map((point) => point.RecoveryPointArn).sort();
  };
  assert.deepEqual(await nested(), [...children].sort());
  const remove = (arn: string) => control.client.send(new DeleteRecoveryPointCommand(inDefault(arn)));
  await assert.rejects(remove(parent), { name: 'InvalidRequestException', message: /still holds nested/ });
  await control.client.send(new DisassociateRecoveryPointFromParentCommand(inDefault(first)));
  const left = await control.client.send(new DescribeRecoveryPointCommand(inDefault(parent)));
  assert.equal(left.Status, 'PARTIAL');
  await remove(second);
  await control.settle();
  assert.deepEqual(await nested(), []);
  await remove(parent);
  const kept = await control.client.send(new DescribeRecoveryPointCommand(inDefault(first)));
  assert.deepEqual([kept.Status, kept.ParentRecoveryPointArn], ['COMPLETED', undefined]);
});
