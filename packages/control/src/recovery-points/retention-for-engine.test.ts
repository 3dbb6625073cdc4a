import assert from 'node:assert/strict';
import { test } from 'node:test';
import { retentionForEngine } from './retention-for-engine.ts';

const DAY_MS = 86_400_000;

test('without a lock only the end of the retention is told', () => {
  assert.deepEqual(retentionForEngine(0, undefined, undefined), {});
  assert.deepEqual(retentionForEngine(0, 5, undefined), { keepUntilAt: 5 });
});

test('a lock that can still be taken off is not sealed, one past its date is compliance', () => {
  assert.deepEqual(retentionForEngine(10, 20, { lockedAt: 0 }), { keepUntilAt: 20 });
  assert.deepEqual(retentionForEngine(10, 20, { lockedAt: 0, lockDateAt: 11 }), { keepUntilAt: 20 });
  assert.deepEqual(retentionForEngine(10, 20, { lockedAt: 0, lockDateAt: 10 }), {
    keepUntilAt: 20,
    lockedUntilAt: 20,
    lockMode: 'compliance',
  });
});

test('for ever under a lock is 100 years for a store that wants a date', () => {
  assert.equal(retentionForEngine(10, undefined, { lockedAt: 0, lockDateAt: 0 }).lockedUntilAt, 10 + 36_500 * DAY_MS);
});
