import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isImmutable, lockFromRequest, retentionRefusal } from './vault-lock-rules.ts';

const DAY_MS = 86_400_000;

test('the lock date is the time of the call and n times 24 hours (VAULT-45)', () => {
  const calledAt = Date.UTC(2022, 0, 1, 20);
  const lock = lockFromRequest({ changeableForDays: 30 }, calledAt);
  assert.equal(lock.lockDateAt, Date.UTC(2022, 0, 31, 20));
  assert.equal(isImmutable(lock, Date.UTC(2022, 0, 31, 20) - 1), false);
  assert.equal(isImmutable(lock, Date.UTC(2022, 0, 31, 20)), true);
});

test('a lock without a grace time can be changed for ever', () => {
  assert.equal(isImmutable(lockFromRequest({}, 0), 36_500 * DAY_MS), false);
  assert.equal(isImmutable(undefined, 0), false);
});

test('both ends of the range accept, one day beyond either end refuses', () => {
  const lock = { lockedAt: 0, minRetentionDays: 7, maxRetentionDays: 30 };
  assert.equal(retentionRefusal(lock, 7), undefined);
  assert.equal(retentionRefusal(lock, 30), undefined);
  assert.match(retentionRefusal(lock, 6) ?? '', /shorter than the vault's minimum of 7 days/);
  assert.match(retentionRefusal(lock, 31) ?? '', /longer than the vault's maximum of 30 days/);
});

test('an unlimited retention satisfies any minimum and breaks any maximum (VAULT-43)', () => {
  assert.equal(retentionRefusal({ lockedAt: 0, minRetentionDays: 7 }, undefined), undefined);
  assert.match(retentionRefusal({ lockedAt: 0, maxRetentionDays: 30 }, undefined) ?? '', /unlimited/);
  assert.equal(retentionRefusal({ lockedAt: 0 }, undefined), undefined);
  assert.equal(retentionRefusal(undefined, 1), undefined);
});
