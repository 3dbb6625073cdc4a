import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isAtMostHourly } from './frequency.ts';
import { firesBetween, nextFireAt } from './next-fire-at.ts';
import { parseSchedule } from './parse-schedule.ts';
import { ScheduleExpressionError } from './schedule.ts';

const at = (text: string): number => Date.parse(text);

function fires(expression: string, zone: string, from: string, count: number): readonly string[] {
  const schedule = parseSchedule(expression, zone);
  return firesBetween(schedule, at(from), Number.MAX_SAFE_INTEGER, at(from), count).map((fire) =>
    new Date(fire).toISOString().replace(':00.000Z', 'Z'),
  );
}

test('a daily expression fires at its local time on both sides of a clock change', () => {
  assert.deepEqual(fires('cron(0 1 ? * * *)', 'America/Los_Angeles', '2024-03-08T12:00Z', 4), [
    '2024-03-09T09:00Z',
    '2024-03-10T09:00Z',
    '2024-03-11T08:00Z',
    '2024-03-12T08:00Z',
  ]);
});

test('a local time that daylight saving skips does not fire that day', () => {
  assert.deepEqual(fires('cron(30 2 * * ? *)', 'America/New_York', '2024-03-09T12:00Z', 2), [
    '2024-03-11T06:30Z',
    '2024-03-12T06:30Z',
  ]);
});

test('a local time that comes twice fires once, the first time', () => {
  assert.deepEqual(fires('cron(30 1 * * ? *)', 'America/New_York', '2024-11-02T12:00Z', 2), [
    '2024-11-03T05:30Z',
    '2024-11-04T06:30Z',
  ]);
  const schedule = parseSchedule('cron(30 1 * * ? *)', 'America/New_York');
  assert.equal(nextFireAt(schedule, at('2024-11-03T06:10Z')), at('2024-11-04T06:30Z'), 'asked in the repeated hour');
});

test('a day that a zone left out never fires (Samoa, 30 December 2011)', () => {
  assert.deepEqual(fires('cron(0 12 * * ? *)', 'Pacific/Apia', '2011-12-29T00:00Z', 2), [
    '2011-12-29T22:00Z',
    '2011-12-30T22:00Z',
  ]);
});

test('an increment in the hours field stays inside the day (PLAN-72)', () => {
  assert.equal(fires('cron(0 13/12 * * ? *)', 'Etc/UTC', '2024-01-01T00:00Z', 3).length, 3);
  assert.deepEqual(fires('cron(0 13/12 * * ? *)', 'Etc/UTC', '2024-01-01T00:00Z', 2), [
    '2024-01-01T13:00Z',
    '2024-01-02T13:00Z',
  ]);
  assert.deepEqual(fires('cron(0 1/12 * * ? *)', 'Etc/UTC', '2024-01-01T00:00Z', 2), [
    '2024-01-01T01:00Z',
    '2024-01-01T13:00Z',
  ]);
});

test('L is the last day of the month, LW its last weekday, nW the weekday nearest to a day', () => {
  assert.deepEqual(fires('cron(0 0 L * ? *)', 'Etc/UTC', '2024-01-31T12:00Z', 2), [
    '2024-02-29T00:00Z',
    '2024-03-31T00:00Z',
  ]);
  assert.deepEqual(fires('cron(0 0 LW * ? *)', 'Etc/UTC', '2024-03-01T12:00Z', 1), ['2024-03-29T00:00Z']);
  assert.deepEqual(fires('cron(0 0 1W 6 ? *)', 'Etc/UTC', '2024-01-01T12:00Z', 1), ['2024-06-03T00:00Z']);
  assert.deepEqual(fires('cron(0 0 15W 9 ? *)', 'Etc/UTC', '2024-01-01T12:00Z', 1), ['2024-09-16T00:00Z']);
  assert.deepEqual(fires('cron(0 0 31W * ? *)', 'Etc/UTC', '2024-03-01T12:00Z', 2), [
    '2024-03-29T00:00Z',
    '2024-05-31T00:00Z',
  ]);
});

test('day-of-week takes 6L for the last Friday, 2#1 for the first Monday, L for Saturday, and ranges over the week end', () => {
  assert.deepEqual(fires('cron(0 10 ? * 6L *)', 'Etc/UTC', '2024-03-01T12:00Z', 1), ['2024-03-29T10:00Z']);
  assert.deepEqual(fires('cron(0 10 ? * 2#1 *)', 'Etc/UTC', '2024-03-01T12:00Z', 1), ['2024-03-04T10:00Z']);
  assert.deepEqual(fires('cron(0 10 ? * MON#5 *)', 'Etc/UTC', '2024-03-01T12:00Z', 1), ['2024-04-29T10:00Z']);
  assert.deepEqual(fires('cron(0 10 ? * L *)', 'Etc/UTC', '2024-03-01T12:00Z', 1), ['2024-03-02T10:00Z']);
  assert.deepEqual(fires('cron(0 10 ? * FRI-MON *)', 'Etc/UTC', '2024-03-04T12:00Z', 2), [
    '2024-03-08T10:00Z',
    '2024-03-09T10:00Z',
  ]);
});

test('lists, names in any case, steps and years are read', () => {
  assert.deepEqual(fires('cron(15 8,20 1 jan,JUL ? 2024-2025)', 'Etc/UTC', '2024-07-01T09:00Z', 5), [
    '2024-07-01T20:15Z',
    '2025-01-01T08:15Z',
    '2025-01-01T20:15Z',
    '2025-07-01T08:15Z',
    '2025-07-01T20:15Z',
  ]);
  assert.deepEqual(fires('cron(0 0 1 1 ? 2024/100)', 'Etc/UTC', '2024-06-01T00:00Z', 5), ['2124-01-01T00:00Z']);
});

test('a rate counts elapsed time from its anchor, across clock changes', () => {
  const schedule = parseSchedule('rate(1 day)', 'America/New_York');
  assert.equal(nextFireAt(schedule, at('2024-03-10T12:00Z'), at('2024-03-09T12:00Z')), at('2024-03-11T12:00Z'));
  assert.equal(nextFireAt(schedule, at('2024-03-09T11:00Z'), at('2024-03-09T12:00Z')), at('2024-03-10T12:00Z'));
});

test('only one value in the minutes field keeps a schedule at most hourly (PLAN-68)', () => {
  assert.equal(isAtMostHourly(parseSchedule('cron(15 * ? * * *)')), true);
  assert.equal(isAtMostHourly(parseSchedule('cron(0,30 1 ? * * *)')), false);
  assert.equal(isAtMostHourly(parseSchedule('cron(0/30 * ? * * *)')), false);
  assert.equal(isAtMostHourly(parseSchedule('rate(60 minutes)')), true);
  assert.equal(isAtMostHourly(parseSchedule('rate(59 minutes)')), false);
});

const WRONG: readonly (readonly [expression: string, complaint: RegExp])[] = [
  ['cron(0 12 * * * *)', /exactly one/],
  ['cron(0 12 ? * ? *)', /exactly one/],
  ['cron(0 12 * * ?)', /6 fields/],
  ['cron(60 12 * * ? *)', /minutes field/],
  ['cron(0 24 * * ? *)', /hours field/],
  ['cron(0 0 32 * ? *)', /day-of-month field/],
  ['cron(0 0 * 13 ? *)', /month field/],
  ['cron(0 0 ? * 8 *)', /day-of-week field/],
  ['cron(0 0 ? * 0 *)', /day-of-week field/],
  ['cron(0 0 ? * 2#6 *)', /day-of-week field/],
  ['cron(0 0 * * ? 1969)', /year field/],
  ['cron(0 0 * * ? 2200)', /year field/],
  ['cron(0 0 * * ? 2030-2020)', /backwards/],
  ['cron(*/0 0 * * ? *)', /step/],
  ['cron(0 0 30 2 ? *)', /do not exist/],
  ['cron(0 0 1W,15 * ? *)', /day-of-month field/],
  ['rate(0 hours)', /positive/],
  ['rate(1 hours)', /singular/],
  ['rate(2 hour)', /singular/],
  ['rate(1 fortnight)', /positive/],
  ['0 12 * * ? *', /is written/],
  ['at(2024-01-01T00:00:00)', /is written/],
];

for (const [expression, complaint] of WRONG) {
  test(`${expression} is refused with a reason`, () => {
    assert.throws(
      () => parseSchedule(expression),
      (error) => error instanceof ScheduleExpressionError && complaint.test(error.message),
    );
  });
}

test('an unknown time zone or a bare offset is refused', () => {
  assert.throws(() => parseSchedule('cron(0 1 ? * * *)', 'Mars/Olympus'), ScheduleExpressionError);
  assert.throws(() => parseSchedule('cron(0 1 ? * * *)', '+02:00'), ScheduleExpressionError);
  assert.equal(parseSchedule('cron(0 1 ? * * *)', 'Pacific/Tahiti').kind, 'cron');
});

test('an expression whose years are over has no next occurrence', () => {
  assert.equal(nextFireAt(parseSchedule('cron(0 0 1 1 ? 2020)'), at('2020-01-01T00:00Z')), undefined);
});
