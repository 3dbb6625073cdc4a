import assert from 'node:assert/strict';
import { test } from 'node:test';
import { calculateLifecycle, presentLifecycle, readLifecycle } from './lifecycle-rules.ts';

const DAY_MS = 86_400_000;

test('retention must be at least 90 days more than the transition to cold storage (TYPE-39)', () => {
  assert.throws(() => readLifecycle({ MoveToColdStorageAfterDays: 30, DeleteAfterDays: 119 }), /at least 90 days/);
  assert.deepEqual(readLifecycle({ MoveToColdStorageAfterDays: 30, DeleteAfterDays: 120 }), {
    moveToColdStorageAfterDays: 30,
    deleteAfterDays: 120,
  });
});

test('days are whole, from 1 to 36,500, or -1 for never', () => {
  for (const days of [0, -2, 1.5, 36_501])
    assert.throws(() => readLifecycle({ DeleteAfterDays: days }), /from 1 to 36500/);
  assert.deepEqual(readLifecycle({ DeleteAfterDays: -1, MoveToColdStorageAfterDays: -1 }), {});
  assert.equal(readLifecycle(undefined), undefined);
});

test('types that cannot go cold ignore the transition without error (TYPE-41), EBS without the archive opt-in too', () => {
  const lifecycle = { moveToColdStorageAfterDays: 1, deleteAfterDays: 91 };
  assert.deepEqual(calculateLifecycle(lifecycle, 0, 'S3'), { deleteAt: 91 * DAY_MS });
  assert.deepEqual(calculateLifecycle(lifecycle, 0, 'EFS'), { deleteAt: 91 * DAY_MS, moveToColdStorageAt: DAY_MS });
  assert.deepEqual(calculateLifecycle(lifecycle, 0, 'EBS'), { deleteAt: 91 * DAY_MS });
  const archived = { ...lifecycle, optInToArchiveForSupportedResources: true };
  assert.equal(calculateLifecycle(archived, 0, 'EBS').moveToColdStorageAt, DAY_MS);
});

test('an empty lifecycle is not shown', () => {
  assert.equal(presentLifecycle({}), undefined);
  assert.equal(presentLifecycle(undefined), undefined);
});

test('the event that the service sets is refused in requests', () => {
  assert.throws(() => readLifecycle({ DeleteAfterDays: 5, DeleteAfterEvent: 'DELETE_AFTER_COPY' }), /service alone/);
});
