import assert from 'node:assert/strict';
import { test } from 'node:test';
import { aRecoveryPoint, aVault, type PlanWorld, SCOPE } from '../plans/testing/plan-world.ts';
import type { RecoveryPointRecord } from '../recovery-points/recovery-point-store.ts';
import { serviceErrorOf } from '../testing/service-error-of.ts';
import type { BackupVaultRecord } from '../vaults/vault-store.ts';
import { plannedCopies, withPlannedCopies } from './planned-copies.ts';
import { aCopyWorld, copied, DAY, FAR, FOREIGN, NEAR, NOW, POINT, run, SOURCE, start } from './testing/copy-world.ts';

test('a copy lands in the destination with the tags, the creation date and the expiry of its source', async () => {
  const world = await aCopyWorld();
  const started = await start(world, FAR);
  const { outcome, requests } = await run(world, started.CopyJobId);
  assert.equal(outcome.result, 'completed');
  const copy = await copied(world, FAR);
  assert.equal(copy?.region, 'eu-west-1');
  assert.equal(copy?.createdAt, POINT.createdAt);
  assert.equal(copy?.deleteAt, POINT.createdAt + 100 * DAY);
  assert.equal(copy?.encryptionKeyArn, FAR.encryptionKeyArn);
  assert.equal(copy?.storedBytes, 42);
  assert.equal(copy?.sourceBackupVaultArn, undefined, 'only for copies from another account');
  const tags = await world.stores.tags.list(SCOPE.accountId, copy?.arn ?? '', { limit: 10 });
  assert.deepEqual(tags.items, [{ key: 'team', value: 'blue' }]);
  assert.equal(requests[0]?.destinationRecoveryPointId, copy?.engineId);
  assert.equal(requests[0]?.retention.keepUntilAt, copy?.deleteAt);
  const described = await world.handlers.DescribeCopyJob({ CopyJobId: started.CopyJobId ?? '' }, world.context());
  assert.equal(described.CopyJob?.State, 'COMPLETED');
  assert.equal(described.CopyJob?.DestinationRecoveryPointArn, copy?.arn);
  assert.equal(described.CopyJob?.DestinationVaultLockState, 'UNLOCKED');
});

test('a lifecycle of its own counts from the creation of the source; never does not outlast the source (COPY-4, COPY-5)', async () => {
  const world = await aCopyWorld();
  const own = await start(world, NEAR, { Lifecycle: { DeleteAfterDays: 20 } });
  await run(world, own.CopyJobId);
  assert.equal((await copied(world, NEAR))?.deleteAt, POINT.createdAt + 20 * DAY);
  const never = await start(world, FAR, { Lifecycle: { MoveToColdStorageAfterDays: 5 } });
  await run(world, never.CopyJobId);
  const copy = await copied(world, FAR);
  assert.deepEqual(
    [copy?.deleteAt, copy?.moveToColdStorageAt],
    [POINT.createdAt + 100 * DAY, POINT.createdAt + 5 * DAY],
  );
});

test('a copy whose retention is over before it begins fails', async () => {
  const world = await aCopyWorld();
  const { CopyJobId } = await start(world, NEAR, { Lifecycle: { DeleteAfterDays: 10 } });
  const { outcome } = await run(world, CopyJobId);
  assert.equal(outcome.result, 'failed');
  assert.match('message' in outcome ? (outcome.message ?? '') : '', /is over already/);
});

test('a locked destination refuses a retention outside its limits; the source stays (VAULT-43)', async () => {
  const world = await aCopyWorld();
  await world.stores.vaults.setLock(NEAR.vaultId, { lockedAt: NOW, maxRetentionDays: 50 }, NOW);
  const { CopyJobId } = await start(world, NEAR);
  const { outcome } = await run(world, CopyJobId);
  assert.deepEqual([outcome.result, 'category' in outcome && outcome.category], ['failed', 'INVALID_LIFECYCLE']);
  const fitting = await start(world, NEAR, { Lifecycle: { DeleteAfterDays: 50 } });
  assert.equal((await run(world, fitting.CopyJobId)).outcome.result, 'completed');
});

test('copies into another account need one organisation, the switch, a shareable vault and its policy', async () => {
  const world = await aCopyWorld();
  await serviceErrorOf(start(world, FOREIGN), 'InvalidRequestException', /cross-account backup/);
  world.switches.membership = {
    organizationId: 'o-1',
    managementAccountId: '111111111111',
    isManagementAccount: false,
    isDelegatedAdministrator: false,
    accountIds: [SCOPE.accountId, FOREIGN.accountId],
  } as NonNullable<PlanWorld['switches']['membership']>;
  await serviceErrorOf(start(world, FOREIGN), 'InvalidRequestException', /switched on/);
  const settings = { isCrossAccountBackupEnabled: 'true' };
  await world.stores.settings.mergeGlobalSettings('111111111111', { settings, updatedAt: NOW });
  world.switches.copyPolicy = { ok: false, reason: 'the vault does not allow backup:CopyIntoBackupVault' };
  await serviceErrorOf(start(world, FOREIGN), 'AccessDeniedException', /CopyIntoBackupVault/);
  world.switches.copyPolicy = { ok: true };
  const { CopyJobId } = await start(world, FOREIGN);
  assert.equal((await run(world, CopyJobId)).outcome.result, 'completed');
  const copy = await copied(world, FOREIGN);
  assert.deepEqual([copy?.accountId, copy?.sourceBackupVaultArn], [FOREIGN.accountId, SOURCE.arn]);
  for (const vault of [
    aVault('Default', { accountId: FOREIGN.accountId }),
    aVault('plain', { accountId: FOREIGN.accountId, encryptionKeyType: 'AWS_OWNED_KMS_KEY' }),
  ]) {
    await world.stores.vaults.create(vault, {}, 10);
    await serviceErrorOf(start(world, vault), 'InvalidRequestException', /default backup vault|customer managed key/);
  }
  const missing = FOREIGN.arn.replace('foreign', 'unknown');
  await serviceErrorOf(start(world, missing), 'AccessDeniedException');
});

const TYPES: readonly (readonly [
  what: string,
  members: Partial<RecoveryPointRecord>,
  vault: BackupVaultRecord,
  message: RegExp,
])[] = [
  [
    'FSx for ONTAP',
    { resourceType: 'FSx', resourceArn: 'arn:aws:fsx:us-east-1:123456789012:volume/fs-1/fsvol-1' },
    NEAR,
    /ONTAP cannot be copied/,
  ],
  ['SAP HANA', { resourceType: 'SAP HANA on Amazon EC2' }, FAR, /cannot be copied/],
  [
    'an RDS cluster',
    { resourceType: 'RDS', resourceArn: 'arn:aws:rds:us-east-1:123456789012:cluster:c' },
    FAR,
    /Multi-AZ cluster cannot be copied/,
  ],
  ['a continuous backup', { resourceType: 'S3', isContinuous: true }, FAR, /cannot be copied on demand/],
  ['what is being deleted', { status: 'DELETING' }, FAR, /DELETING/],
];

for (const [what, members, vault, message] of TYPES) {
  test(`${what} is not copied on demand`, async () => {
    const world = await aCopyWorld({ ...POINT, ...members });
    await serviceErrorOf(start(world, vault), 'InvalidRequestException', message);
  });
}

test('RDS is copied to another region or another account, not to both at once (COPY-2)', async () => {
  const world = await aCopyWorld({
    ...POINT,
    resourceType: 'RDS',
    resourceArn: 'arn:aws:rds:us-east-1:123456789012:db:d',
  });
  const both = aVault('both', { accountId: FOREIGN.accountId, region: 'eu-west-1' });
  await world.stores.vaults.create(both, {}, 10);
  await serviceErrorOf(start(world, both), 'InvalidRequestException', /at once/);
  await start(world, FAR);
});

test('DynamoDB is copied only with its advanced features', async () => {
  const world = await aCopyWorld({
    ...POINT,
    resourceType: 'DynamoDB',
    resourceArn: 'arn:aws:dynamodb:us-east-1:123456789012:table/t',
  });
  await start(world, FAR);
  await world.stores.settings.mergeRegionSettings(SCOPE, { optIn: {}, management: { DynamoDB: false } });
  await serviceErrorOf(start(world, FAR), 'InvalidRequestException', /DynamoDB, basic cannot be copied/);
});

test('bad requests are refused with their documented errors', async () => {
  const world = await aCopyWorld();
  await serviceErrorOf(start(world, 'no-arn'), 'InvalidParameterValueException', /DestinationBackupVaultArn/);
  await serviceErrorOf(start(world, NEAR.arn.replace('near', 'unknown')), 'ResourceNotFoundException');
  await serviceErrorOf(start(world, SOURCE), 'InvalidRequestException', /already/);
  await serviceErrorOf(start(world, NEAR, { RecoveryPointArn: 'arn:x' }), 'ResourceNotFoundException');
  await serviceErrorOf(start(world, NEAR, { SourceBackupVaultName: 'unknown' }), 'ResourceNotFoundException');
  await serviceErrorOf(start(world, NEAR, { IamRoleArn: 'x' }), 'InvalidParameterValueException');
  const short = { MoveToColdStorageAfterDays: 1, DeleteAfterDays: 30 };
  await serviceErrorOf(start(world, NEAR, { Lifecycle: short }), 'InvalidParameterValueException', /90 days/);
  const unknown = world.handlers.DescribeCopyJob({ CopyJobId: 'nope' }, world.context());
  await serviceErrorOf(unknown, 'ResourceNotFoundException');
});

test('the same token makes one copy', async () => {
  const world = await aCopyWorld();
  const first = await start(world, NEAR, { IdempotencyToken: 'token' });
  assert.deepEqual(await start(world, NEAR, { IdempotencyToken: 'token' }), first);
  await serviceErrorOf(start(world, FAR, { IdempotencyToken: 'token' }), 'InvalidRequestException', /IdempotencyToken/);
});

test('a role that is gone when the job runs fails the job', async () => {
  const world = await aCopyWorld();
  const { CopyJobId } = await start(world, NEAR);
  world.switches.role = { ok: false, reason: 'the role does not exist' };
  const { outcome } = await run(world, CopyJobId);
  assert.deepEqual([outcome.result, 'category' in outcome && outcome.category], ['failed', 'ACCESS_DENIED']);
});

test('a copy waits while as many copies run as the limits allow (QUOTA-2)', async () => {
  const world = await aCopyWorld();
  const { CopyJobId } = await start(world, FAR);
  world.copyJobs.countRunning = async () => ({ fromAccountToRegion: 100, intoVault: 5, ofResourceToRegion: 0 });
  const { outcome } = await run(world, CopyJobId);
  assert.deepEqual([outcome.result, 'category' in outcome && outcome.category], ['retry', 'LIMIT_EXCEEDED']);
  world.copyJobs.countRunning = async () => ({ fromAccountToRegion: 100, intoVault: 4, ofResourceToRegion: 99 });
  assert.equal((await run(world, CopyJobId)).outcome.result, 'completed');
});

test('copy jobs are listed by their filters', async () => {
  const world = await aCopyWorld();
  const near = await start(world, NEAR);
  await start(world, FAR);
  await run(world, near.CopyJobId);
  const list = async (filters: object) =>
    ((await world.handlers.ListCopyJobs(filters, world.context('ListCopyJobs'))).CopyJobs ?? []).length;
  assert.equal(await list({}), 2);
  assert.equal(await list({ ByState: 'COMPLETED' }), 1);
  assert.equal(await list({ ByState: 'CREATED', ByDestinationVaultArn: FAR.arn.replace('backup-vault', 'vault') }), 1);
  assert.equal(await list({ ByResourceType: 'efs' }), 2);
  assert.equal(await list({ ByMessageCategory: 'success' }), 1);
  assert.equal(await list({ ByMessageCategory: 'ANY' }), 2);
});

async function plannedPoint(world: PlanWorld, members: Partial<RecoveryPointRecord>): Promise<RecoveryPointRecord> {
  const CopyActions = [
    { DestinationBackupVaultArn: FAR.arn, Lifecycle: { DeleteAfterDays: 365 } },
    { DestinationBackupVaultArn: NEAR.arn },
  ];
  const Rules = [{ RuleName: 'r', TargetBackupVaultName: 'source', CopyActions }];
  const created = await world.handlers.CreateBackupPlan(
    { BackupPlan: { BackupPlanName: 'p', Rules } },
    world.context(),
  );
  const plan = await world.plans.get(SCOPE, created.BackupPlanId ?? '');
  assert.ok(plan);
  const createdBy = {
    backupPlanId: plan.planId,
    backupPlanArn: plan.arn,
    backupPlanVersion: plan.versionId,
    backupRuleId: plan.document.Rules[0]?.RuleId ?? '',
  };
  return aRecoveryPoint('planned', SOURCE, { createdAt: NOW, createdBy, backupJobId: 'JOB', ...members });
}

test('the copy actions of a rule make one job each when its backup is committed', async () => {
  const world = await aCopyWorld();
  const store = withPlannedCopies(world.stores.recoveryPoints, world.ports);
  const recoveryPoint = await plannedPoint(world, {});
  await store.commit({ recoveryPoint, tags: {} });
  const { CopyJobs = [] } = await world.handlers.ListCopyJobs({}, world.context('ListCopyJobs'));
  assert.deepEqual(CopyJobs.map((job) => job.DestinationBackupVaultArn).sort(), [FAR.arn, NEAR.arn].sort());
  assert.ok(CopyJobs.every((job) => job.CreatedByBackupJobId === 'JOB' && job.CreatedBy?.BackupPlanId !== undefined));
  const far = CopyJobs.find((job) => job.DestinationBackupVaultArn === FAR.arn);
  await run(world, far?.CopyJobId);
  const copy = await copied(world, FAR);
  assert.equal(copy?.deleteAt, NOW + 365 * DAY);
  assert.deepEqual(await plannedCopies(world.ports, copy as RecoveryPointRecord), [], 'a copy is not copied on');
});

test('the copy of a continuous backup is a snapshot of the time of the rule (COPY-3)', async () => {
  const world = await aCopyWorld();
  const store = withPlannedCopies(world.stores.recoveryPoints, world.ports);
  const members = { isContinuous: true, resourceType: 'S3', status: 'AVAILABLE', createdAt: NOW - 20 * DAY } as const;
  await store.commit({ recoveryPoint: await plannedPoint(world, members), tags: {} });
  const { CopyJobs = [] } = await world.handlers.ListCopyJobs({}, world.context('ListCopyJobs'));
  const far = CopyJobs.find((job) => job.DestinationBackupVaultArn === FAR.arn);
  assert.equal((await run(world, far?.CopyJobId)).outcome.result, 'completed');
  const copy = await copied(world, FAR);
  assert.deepEqual([copy?.isContinuous, copy?.createdAt], [false, NOW]);
});
