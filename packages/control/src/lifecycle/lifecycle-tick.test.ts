import assert from 'node:assert/strict';
import { test } from 'node:test';
import { aRecoveryPoint, aVault, type PlanWorld, planWorld } from '../plans/testing/plan-world.ts';
import { calculateLifecycle } from '../recovery-points/lifecycle-rules.ts';
import type { Lifecycle, RecoveryPointRecord } from '../recovery-points/recovery-point-store.ts';
import { memoryDueRecoveryPoints } from '../testing/memory-due-recovery-points.ts';
import { EXPIRY_SPREAD_MS, expiryDelay } from './expiry-delay.ts';
import type { LifecyclePorts } from './lifecycle-ports.ts';
import { runLifecycleTick } from './lifecycle-tick.ts';

const NOW = Date.UTC(2024, 5, 1);
const DAY = 86_400_000;
const HOUR = 3_600_000;
const VAULT = aVault('Default');

interface LifecycleWorld extends PlanWorld {
  readonly lifecycle: LifecyclePorts;
  readonly deleted: string[];
  readonly movedToCold: string[];
  refusal: string | undefined;
}

async function aWorld(delayMs = 0): Promise<LifecycleWorld> {
  const world = planWorld(NOW);
  await world.stores.vaults.create(VAULT, {}, 10);
  const deleted: string[] = [];
  const movedToCold: string[] = [];
  const result = { ...world, deleted, movedToCold, refusal: undefined as string | undefined };
  const repository = {
    planDelete: async (ids: readonly string[]) => ({
      deletes: ids.map((recoveryPointId) => ({ recoveryPointId, logicalBytes: 1 })),
      refusals: [],
    }),
    executeDelete: async ({ deletes }: { deletes: readonly { recoveryPointId: string }[] }) => {
      const ids = deletes.map(({ recoveryPointId }) => recoveryPointId);
      if (result.refusal !== undefined) {
        const message = result.refusal;
        return { deleted: [], refused: ids.map((recoveryPointId) => ({ recoveryPointId, reason: 'locked', message })) };
      }
      deleted.push(...ids);
      return { deleted: ids, refused: [] };
    },
  };
  const lifecycle: LifecyclePorts = {
    ...world.ports,
    repositories: { ...world.ports.repositories, open: async () => repository as never },
    dueRecoveryPoints: memoryDueRecoveryPoints(world.stores.recoveryPoints, world.legalHolds),
    expiryDelay: () => delayMs,
    coldStorage: { moveToColdStorage: async ({ arn }) => void movedToCold.push(arn) },
  };
  return Object.assign(result, { lifecycle });
}

async function put(
  world: LifecycleWorld,
  id: string,
  ageDays: number,
  lifecycle: Lifecycle,
  members: Partial<RecoveryPointRecord> = {},
): Promise<void> {
  const createdAt = NOW - ageDays * DAY;
  const calculated = calculateLifecycle(lifecycle, createdAt, members.resourceType ?? 'EFS');
  const recoveryPoint = aRecoveryPoint(id, VAULT, { createdAt, lifecycle, ...calculated, ...members });
  await world.stores.recoveryPoints.commit({ recoveryPoint, tags: {} });
}

async function tick(world: LifecycleWorld) {
  const result = await runLifecycleTick(world.lifecycle);
  await new Promise((resolve) => setImmediate(resolve));
  return result;
}

function statusOf(world: LifecycleWorld, id: string): RecoveryPointRecord | undefined {
  return world.stores.recoveryPoints.all().find((point) => point.engineId === id);
}

test('what has expired goes, what has not stays', async () => {
  const world = await aWorld();
  await put(world, 'due', 7, { deleteAfterDays: 7 });
  await put(world, 'young', 6.9, { deleteAfterDays: 7 });
  await put(world, 'forever', 5000, {});
  assert.deepEqual(await tick(world), { deleted: 1, expired: 0, movedToColdStorage: 0, waiting: 0 });
  assert.deepEqual(world.deleted, ['due']);
  assert.equal(statusOf(world, 'due'), undefined);
});

test('deletion waits for its moment within eight hours of the expiry (BKP-36)', async () => {
  const world = await aWorld(3 * HOUR);
  await put(world, 'due', 7, { deleteAfterDays: 7 });
  assert.equal((await tick(world)).waiting, 1);
  await world.clock.advance(3 * HOUR - 1);
  assert.equal((await tick(world)).deleted, 0);
  await world.clock.advance(1);
  assert.equal((await tick(world)).deleted, 1);
});

test('the moments of expiry are spread over the eight hours and stay the same', () => {
  const delay = expiryDelay('seed');
  const points = Array.from({ length: 2000 }, (_, index) => aRecoveryPoint(String(index), VAULT));
  const delays = points.map(delay);
  assert.ok(delays.every((ms) => ms >= 0 && ms < EXPIRY_SPREAD_MS));
  const quarters = [0, 1, 2, 3].map((quarter) =>
    delays.filter((ms) => Math.floor((ms * 4) / EXPIRY_SPREAD_MS) === quarter),
  );
  assert.ok(quarters.every((part) => part.length > 400 && part.length < 600));
  assert.deepEqual(points.map(expiryDelay('seed')), delays);
  assert.notDeepEqual(points.map(expiryDelay('other')), delays);
});

test('recovery points move to cold storage on their day, where their type has it', async () => {
  const world = await aWorld();
  const lifecycle = { moveToColdStorageAfterDays: 30, deleteAfterDays: 200 };
  await put(world, 'cold', 30, lifecycle);
  await put(world, 'warm', 29, lifecycle);
  await put(world, 'bucket', 31, lifecycle, { resourceType: 'S3' });
  await put(world, 'volume', 31, lifecycle, { resourceType: 'EBS' });
  await put(
    world,
    'archived',
    31,
    { ...lifecycle, optInToArchiveForSupportedResources: true },
    { resourceType: 'EBS' },
  );
  assert.equal((await tick(world)).movedToColdStorage, 2);
  assert.deepEqual(
    ['cold', 'warm', 'bucket', 'volume', 'archived'].map((id) => statusOf(world, id)?.storageClass),
    ['COLD', 'WARM', 'WARM', 'WARM', 'COLD'],
  );
  assert.equal((await tick(world)).movedToColdStorage, 0, 'once');
});

test('a legal hold postpones deletion and cold storage until it is cancelled (HOLD-1)', async () => {
  const world = await aWorld();
  await put(world, 'due', 8, { deleteAfterDays: 7 });
  await put(world, 'cold', 30, { moveToColdStorageAfterDays: 30 });
  const request = { Title: 't', Description: 'd', RecoveryPointSelection: { VaultNames: ['Default'] } };
  const { LegalHoldId = '' } = await world.handlers.CreateLegalHold(request, world.context());
  assert.deepEqual(
    await tick(world),
    { deleted: 0, expired: 0, movedToColdStorage: 0, waiting: 0 },
    'not even looked at',
  );
  assert.equal(statusOf(world, 'due')?.status, 'COMPLETED');
  await world.handlers.CancelLegalHold({ LegalHoldId, CancelDescription: 'over' }, world.context());
  assert.deepEqual(await tick(world), { deleted: 1, expired: 0, movedToColdStorage: 1, waiting: 0 });
});

test('a legal hold does not prolong a continuous backup (HOLD-3)', async () => {
  const world = await aWorld();
  await put(world, 'due', 36, { deleteAfterDays: 35 }, { isContinuous: true });
  const request = { Title: 't', Description: 'd', RecoveryPointSelection: { VaultNames: ['Default'] } };
  await world.handlers.CreateLegalHold(request, world.context());
  assert.equal((await tick(world)).deleted, 1);
});

test('without a usable role the recovery point becomes EXPIRED and says why (API-139)', async () => {
  const world = await aWorld();
  await put(world, 'due', 8, { deleteAfterDays: 7 });
  world.switches.role = { ok: false, reason: 'the role does not exist' };
  assert.equal((await tick(world)).expired, 1);
  const point = statusOf(world, 'due');
  assert.equal(point?.status, 'EXPIRED');
  assert.match(point?.statusMessage ?? '', /role .* the role does not exist/);
  assert.equal((await tick(world)).expired, 0, 'somebody must act now');
});

test('what the store refuses to delete becomes EXPIRED with the reason of the store', async () => {
  const world = await aWorld();
  await put(world, 'due', 8, { deleteAfterDays: 7 });
  world.refusal = 'The object is locked until 2030.';
  await tick(world);
  assert.deepEqual(
    [statusOf(world, 'due')?.status, statusOf(world, 'due')?.statusMessage],
    ['EXPIRED', 'The object is locked until 2030.'],
  );
});

test('a locked vault lets go what has served its retention (VAULT-32)', async () => {
  const world = await aWorld();
  await put(world, 'due', 8, { deleteAfterDays: 7 });
  await world.stores.vaults.setLock(
    VAULT.vaultId,
    { lockedAt: NOW - DAY, lockDateAt: NOW - HOUR, minRetentionDays: 30 },
    NOW,
  );
  assert.equal((await tick(world)).deleted, 1);
});

test('a composite goes after its nested recovery points', async () => {
  const world = await aWorld();
  const parent = aRecoveryPoint('parent', VAULT).arn;
  await put(world, 'parent', 8, { deleteAfterDays: 7 }, { isParent: true });
  await put(world, 'child', 8, { deleteAfterDays: 7 }, { parentRecoveryPointArn: parent });
  await tick(world);
  await tick(world);
  assert.deepEqual(world.deleted, ['child', 'parent']);
});

test('a composite follows the last of its nested recovery points, whatever its own date; a lock keeps it', async () => {
  for (const isLocked of [false, true]) {
    const world = await aWorld();
    const parent = aRecoveryPoint('parent', VAULT).arn;
    await put(world, 'parent', 8, { deleteAfterDays: 100 }, { isParent: true });
    await put(world, 'early', 8, { deleteAfterDays: 7 }, { parentRecoveryPointArn: parent });
    await put(world, 'late', 8, { deleteAfterDays: 30 }, { parentRecoveryPointArn: parent });
    if (isLocked) await world.stores.vaults.setLock(VAULT.vaultId, { lockedAt: NOW - DAY }, NOW);
    await tick(world);
    assert.deepEqual([world.deleted, statusOf(world, 'parent')?.status], [['early'], 'PARTIAL']);
    world.clock.jump(30 * DAY);
    await tick(world);
    await tick(world);
    assert.deepEqual(world.deleted, isLocked ? ['early', 'late'] : ['early', 'late', 'parent']);
  }
});

test('what a copy reads is deleted after the copy', async () => {
  const world = await aWorld();
  await put(world, 'due', 8, { deleteAfterDays: 7 });
  world.copyJobs.isCopying = async () => true;
  assert.deepEqual([(await tick(world)).waiting, statusOf(world, 'due')?.status], [1, 'COMPLETED']);
  world.copyJobs.isCopying = async () => false;
  assert.equal((await tick(world)).deleted, 1);
});

test('what was made to be copied goes at once when it is due, without the spread of expiries', async () => {
  const world = await aWorld(EXPIRY_SPREAD_MS - 1);
  await put(world, 'expired', 8, { deleteAfterDays: 8 });
  await put(world, 'copied', 8, { deleteAfterDays: 30, deleteAfterEvent: 'DELETE_AFTER_COPY' }, { deleteAt: NOW });
  await tick(world);
  assert.deepEqual(world.deleted, ['copied']);
});
