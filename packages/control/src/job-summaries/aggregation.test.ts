import assert from 'node:assert/strict';
import { test } from 'node:test';
import { aggregate, dimension, summaryPeriods } from './aggregation.ts';

const DAY_MS = 86_400_000;
const NOON = Date.UTC(2024, 4, 17, 12);
const PERIOD = { from: 0, to: 1 };
const EACH = { account: dimension('ANY', String), state: dimension('ANY', String) };

const COUNTS = [
  { accountId: '1', state: 'COMPLETED', resourceType: 'EFS', messageCategory: 'SUCCESS', count: 3 },
  { accountId: '1', state: 'COMPLETED', resourceType: 'S3', messageCategory: 'SUCCESS', count: 2 },
  { accountId: '1', state: 'FAILED', resourceType: 'EFS', messageCategory: 'ACCESS_DENIED', count: 1 },
  { accountId: '2', state: 'RUNNING', resourceType: 'EFS', count: 4 },
];

test('ONE_DAY is 14 days of UTC, today the last; the others are one stretch that ends with today', () => {
  const days = summaryPeriods('ONE_DAY', NOON);
  assert.equal(days.length, 14);
  assert.deepEqual(days.at(-1), { from: Date.UTC(2024, 4, 17), to: Date.UTC(2024, 4, 18) });
  assert.deepEqual(days[0], { from: Date.UTC(2024, 4, 4), to: Date.UTC(2024, 4, 5) });
  for (const [period, length] of [
    ['SEVEN_DAYS', 7],
    ['FOURTEEN_DAYS', 14],
  ] as const) {
    assert.deepEqual(summaryPeriods(period, NOON), [
      { from: Date.UTC(2024, 4, 18) - length * DAY_MS, to: Date.UTC(2024, 4, 18) },
    ]);
  }
});

test('ANY makes a row per value, AGGREGATE_ALL sums, a value selects', () => {
  const all = aggregate(
    COUNTS,
    { ...EACH, resourceType: dimension(undefined, String), messageCategory: dimension(undefined, String) },
    PERIOD,
  );
  assert.equal(all.length, 4);
  const summed = aggregate(
    COUNTS,
    {
      account: dimension('AGGREGATE_ALL', String),
      state: dimension('AGGREGATE_ALL', String),
      resourceType: dimension('AGGREGATE_ALL', String),
      messageCategory: dimension('AGGREGATE_ALL', String),
    },
    PERIOD,
  );
  assert.deepEqual(
    summed.map(({ count, accountId, state }) => [count, accountId, state]),
    [[10, 'AGGREGATE_ALL', 'AGGREGATE_ALL']],
  );
  const completed = aggregate(
    COUNTS,
    {
      ...EACH,
      state: dimension('COMPLETED', String),
      resourceType: dimension('AGGREGATE_ALL', String),
      messageCategory: dimension('SUCCESS', String),
    },
    PERIOD,
  );
  assert.deepEqual(
    completed.map(({ count, resourceType }) => [count, resourceType]),
    [[5, 'AGGREGATE_ALL']],
  );
});
