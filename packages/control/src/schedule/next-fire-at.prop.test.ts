import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fc } from '@holdfast/testkit/properties';
import { nextFireAt } from './next-fire-at.ts';
import { parseSchedule } from './parse-schedule.ts';
import { slowNextFireAt } from './testing/slow-calendar.ts';

const ZONES = [
  'Etc/UTC',
  'America/New_York',
  'Europe/Vienna',
  'Australia/Lord_Howe',
  'Asia/Kathmandu',
  'America/Santiago',
  'Africa/Casablanca',
  'Pacific/Apia',
  'Asia/Tehran',
];
/** Instants shortly before clock changes (2024 to 2026 in the zones above, and some older oddities). */
const CLOCK_CHANGES = [
  '2024-03-10T00:00Z',
  '2024-11-02T22:00Z',
  '2025-03-29T22:00Z',
  '2025-10-25T21:00Z',
  '2025-04-05T10:00Z',
  '2025-10-04T10:00Z',
  '2024-04-06T20:00Z',
  '2024-09-07T20:00Z',
  '2025-02-22T20:00Z',
  '2011-12-29T06:00Z',
  '2022-03-21T12:00Z',
].map((text) => Date.parse(text));
const HORIZON_DAYS = 34;

const DAY_FIELDS = fc.oneof(
  fc.constantFrom('* * ?', '? * *', '*/3 * ?', 'L * ?', 'LW * ?', '1W * ?', '31W * ?', '15W 1/2 ?', '1,15,28-31 * ?'),
  fc.constantFrom('? * MON-FRI', '? * 1,7', '? * FRI-MON', '? * L', '? * 6L', '? * 2#1', '? * THU#5', '? MAR-NOV SUN'),
  fc.tuple(fc.integer({ min: 1, max: 31 }), fc.constantFrom('*', '1-6', '*/2', '2-3')).map(([d, m]) => `${d} ${m} ?`),
);
const MINUTE_FIELD = fc.oneof(
  fc.integer({ min: 0, max: 59 }).map(String),
  fc.constantFrom('0', '30', '*/20', '5/25', '10-12', '55-5'),
);
const HOUR_FIELD = fc.oneof(
  fc.integer({ min: 0, max: 23 }).map(String),
  fc.constantFrom('*', '0', '1', '2', '3', '*/6', '13/12', '22-4', '0-3', '1,2'),
);
const START = fc.oneof(
  fc.tuple(fc.constantFrom(...CLOCK_CHANGES), fc.integer({ min: -600, max: 3000 })).map(([t, m]) => t + m * 60_000),
  fc.integer({ min: Date.parse('1975-01-01'), max: Date.parse('2095-01-01') }),
);

test('the next occurrence equals the one found by looking at the wall clock minute by minute', () => {
  fc.assert(
    fc.property(
      MINUTE_FIELD,
      HOUR_FIELD,
      DAY_FIELDS,
      fc.constantFrom('*', '1970-2199', '2024-2030', '2024/2'),
      fc.constantFrom(...ZONES),
      START,
      (minute, hour, days, year, zone, startAt) => {
        const fields = `${minute} ${hour} ${days} ${year}`;
        const horizonAt = startAt + HORIZON_DAYS * 86_400_000;
        const expected = slowNextFireAt(fields, zone, startAt, horizonAt);
        const actual = nextFireAt(parseSchedule(`cron(${fields})`, zone), startAt);
        assert.equal(actual !== undefined && actual <= horizonAt ? actual : undefined, expected);
      },
    ),
    { numRuns: 100 },
  );
});

test('successive occurrences ascend and asking again from any moment before one gives the same one', () => {
  fc.assert(
    fc.property(HOUR_FIELD, DAY_FIELDS, fc.constantFrom(...ZONES), START, (hour, days, zone, startAt) => {
      const schedule = parseSchedule(`cron(0 ${hour} ${days} *)`, zone);
      let at = nextFireAt(schedule, startAt);
      for (let count = 0; count < 5 && at !== undefined; count += 1) {
        const next = nextFireAt(schedule, at);
        if (next === undefined) return;
        assert.ok(next > at);
        assert.equal(nextFireAt(schedule, Math.floor((at + next) / 2)), next);
        assert.equal(nextFireAt(schedule, next - 1), next);
        at = next;
      }
    }),
    { numRuns: 150 },
  );
});
