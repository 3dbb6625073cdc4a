import assert from 'node:assert/strict';
import { test } from 'node:test';
import { changedRetention, expiresAt, keepFromAt, keptDays } from './continuous-retention.ts';

const DAY = 86_400_000;
const NOW = Date.UTC(2026, 0, 1);

test('raising the retention counts at once', () => {
  const raised = changedRetention({ days: 20 }, 35, NOW);
  assert.deepEqual(raised, { days: 35 });
  assert.equal(keptDays(raised, NOW), 35);
});

test('lowering from 35 to 20 days keeps 35 until 15 days have passed (BKP-76)', () => {
  const lowered = changedRetention({ days: 35 }, 20, NOW);
  assert.deepEqual(
    [0, 14.99, 15, 30].map((days) => keptDays(lowered, NOW + days * DAY)),
    [35, 35, 20, 20],
  );
  assert.equal(keepFromAt(lowered, NOW + DAY), NOW - 34 * DAY);
});

test('a further change counts from what is kept at its time', () => {
  const lowered = changedRetention({ days: 35 }, 20, NOW);
  const again = changedRetention(lowered, 10, NOW + 5 * DAY);
  assert.equal(keptDays(again, NOW + 29 * DAY), 35);
  assert.equal(keptDays(again, NOW + 30 * DAY), 10);
  const up = changedRetention(lowered, 30, NOW + 5 * DAY);
  assert.equal(keptDays(up, NOW + 9 * DAY), 35, 'less than what is kept is lowering too');
  assert.equal(keptDays(up, NOW + 10 * DAY), 30);
  assert.deepEqual(changedRetention(lowered, 35, NOW + 5 * DAY), { days: 35 });
  assert.equal(changedRetention(lowered, 20, NOW + 5 * DAY), lowered, 'no change is none');
});

test('what has ended goes when its last moment has left the retention', () => {
  assert.equal(expiresAt({ days: 7 }, NOW), NOW + 7 * DAY);
  assert.equal(expiresAt(changedRetention({ days: 35 }, 20, NOW), NOW), NOW + 35 * DAY);
});
