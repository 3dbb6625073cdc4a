import assert from 'node:assert/strict';
import { test } from 'node:test';
import { newBackupJob } from '../backup-jobs/new-backup-job.ts';
import { aRecoveryPoint, aResource, aVault, planWorld, ROLE_ARN, SCOPE } from '../plans/testing/plan-world.ts';
import { newCopyJob } from './new-copy-job.ts';
import { plannedCopies, withPlannedCopies } from './planned-copies.ts';
import { aCopyWorld, copied, DAY, FAR, NEAR, NOW, POINT, run, SOURCE, start } from './testing/copy-world.ts';

test('a composite is copied with what is nested in it, each by a job of its own', async () => {
  const world = await aCopyWorld({ ...POINT, isParent: true });
  const nested = { parentRecoveryPointArn: POINT.arn, createdAt: POINT.createdAt };
  for (const point of [
    aRecoveryPoint('files', SOURCE, { ...nested, compositeMemberIdentifier: 'Files' }),
    aRecoveryPoint('hana', SOURCE, { ...nested, resourceType: 'SAP HANA on Amazon EC2', resourceArn: 'arn:hana' }),
  ]) {
    await world.stores.recoveryPoints.commit({ recoveryPoint: point, tags: {} });
  }
  const started = await start(world, FAR);
  assert.equal(started.IsParent, true);
  const parentId = started.CopyJobId;
  assert.equal((await run(world, parentId)).outcome.result, 'wait');
  const { CopyJobs = [] } = await world.handlers.ListCopyJobs({ ByParentJobId: parentId }, world.context());
  assert.deepEqual(
    CopyJobs.map((job) => [job.SourceRecoveryPointArn?.split(':').at(-1), job.CompositeMemberIdentifier]),
    [['files', 'Files']],
  );
  assert.equal((await run(world, parentId)).outcome.result, 'wait');
  assert.equal(await copied(world, FAR), undefined, 'the composite comes last');
  assert.equal((await run(world, CopyJobs[0]?.CopyJobId)).outcome.result, 'completed');
  const { outcome, requests } = await run(world, parentId);
  assert.deepEqual([outcome.result, requests], ['partial', []]);
  assert.match('message' in outcome ? (outcome.message ?? '') : '', /lacks 1 nested.*arn:hana/);
  const copies = await world.stores.recoveryPoints.list({ vaultId: FAR.vaultId }, { limit: 10 });
  const parent = copies.items.find(({ isParent }) => isParent);
  const child = copies.items.find(({ isParent }) => !isParent);
  assert.deepEqual([parent?.status, child?.status], ['PARTIAL', 'COMPLETED']);
  assert.deepEqual([child?.parentRecoveryPointArn, child?.compositeMemberIdentifier], [parent?.arn, 'Files']);
  assert.equal(copies.items.length, 2);
});

test('a plan copies a composite with its nested recovery points, not those once more', async () => {
  const world = await aCopyWorld();
  const rule = {
    RuleName: 'r',
    TargetBackupVaultName: 'source',
    CopyActions: [{ DestinationBackupVaultArn: FAR.arn }],
  };
  const BackupPlan = { BackupPlanName: 'p', Rules: [rule] };
  const plan = await world.handlers.CreateBackupPlan({ BackupPlan }, world.context());
  const version = await world.plans.getVersion(plan.BackupPlanId ?? '', plan.VersionId ?? '');
  const createdBy = {
    backupPlanId: plan.BackupPlanId ?? '',
    backupPlanArn: '',
    backupPlanVersion: plan.VersionId ?? '',
    backupRuleId: version?.document.Rules[0]?.RuleId ?? '',
  };
  const planned = { ...POINT, createdBy, backupJobId: 'J' };
  assert.equal((await plannedCopies(world, { ...planned, isParent: true })).length, 1);
  assert.equal((await plannedCopies(world, { ...planned, parentRecoveryPointArn: 'arn:parent' })).length, 0);
});

test('a copy whose worker vanished waits until that one can no longer write, then takes over what it stored', async () => {
  const world = await aCopyWorld();
  const { CopyJobId = '' } = await start(world, FAR);
  await world.copyJobs.setFacts(CopyJobId, { engineFences: [3] });
  const job = await world.jobStore.get(CopyJobId);
  assert.ok(job);
  await world.jobStore.save({ ...job, state: 'RUNNING', lossCount: 1 });
  const { outcome } = await run(world, CopyJobId);
  assert.deepEqual([outcome.result, 'delayMs' in outcome && outcome.delayMs], ['wait', 120_000]);
  const second = await run(world, CopyJobId);
  assert.equal(second.outcome.result, 'completed');
  assert.deepEqual(second.requests[0]?.resumeFences, [3]);
  assert.deepEqual((await world.copyJobs.get(SCOPE, CopyJobId))?.engineFences, [3, 8]);
});

test('a temporary recovery point is due once it was copied into its air-gapped vault, and only then', async () => {
  const gapped = aVault('gapped', { type: 'LOGICALLY_AIR_GAPPED_BACKUP_VAULT' });
  for (const isLocked of [false, true]) {
    const world = planWorld(NOW);
    for (const vault of [SOURCE, NEAR, gapped]) await world.stores.vaults.create(vault, {}, 10);
    if (isLocked) await world.stores.vaults.setLock(SOURCE.vaultId, { lockedAt: NOW }, NOW);
    const job = newBackupJob(world, {
      resource: aResource('arn:aws:ec2:us-east-1:123456789012:volume/v', 'EBS'),
      vault: SOURCE,
      iamRoleArn: ROLE_ARN,
      recoveryPointTags: {},
      backupOptions: {},
      scheduledAt: NOW,
      airGappedVaultArn: gapped.arn,
    });
    await world.stores.backupJobs.create(job);
    const lifecycle = { deleteAfterDays: 30, deleteAfterEvent: 'DELETE_AFTER_COPY' } as const;
    const temporary = { createdAt: NOW, backupJobId: job.jobId, lifecycle, deleteAt: NOW + 30 * DAY };
    const point = aRecoveryPoint('temporary', SOURCE, temporary);
    await withPlannedCopies(world.stores.recoveryPoints, world).commit({ recoveryPoint: point, tags: {} });
    const other = newCopyJob(world, {
      source: point,
      destinationVaultArn: NEAR.arn,
      iamRoleArn: ROLE_ARN,
      createdByBackupJobId: job.jobId,
    });
    await world.copyJobs.create(other);
    const deleteAt = async () => (await world.stores.recoveryPoints.get(SOURCE.vaultId, point.arn))?.deleteAt;
    await run(world, other.jobId);
    assert.equal(await deleteAt(), NOW + 30 * DAY, 'another copy is not the one that it waits for');
    const { CopyJobs = [] } = await world.handlers.ListCopyJobs({ ByDestinationVaultArn: gapped.arn }, world.context());
    assert.equal((await run(world, CopyJobs[0]?.CopyJobId)).outcome.result, 'completed');
    assert.equal(await deleteAt(), isLocked ? NOW + 30 * DAY : NOW);
    const copy = await copied(world, gapped);
    assert.deepEqual([copy?.lifecycle, copy?.deleteAt], [{ deleteAfterDays: 30 }, NOW + 30 * DAY]);
  }
});
