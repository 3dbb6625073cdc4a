import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { BackupPlanDocument } from './backup-plan.ts';
import { dueOccurrences } from './due-occurrences.ts';
import { overlapRules } from './overlapping-rules.ts';
import { cursorsOf } from './rule-identity.ts';
import { aRule } from './testing/plan-builders.ts';

const HOUR = 3_600_000;
const DAY_0 = Date.UTC(2024, 0, 1);
const OWNER = { accountId: '123456789012', region: 'us-east-1', planId: 'plan' };

function plan(...Rules: BackupPlanDocument['Rules']): BackupPlanDocument {
  return { BackupPlanName: 'p', Rules };
}

const HOURLY = aRule({
  RuleId: 'hourly',
  ScheduleExpression: 'cron(0 * ? * * *)',
  StartWindowMinutes: 60,
  Lifecycle: { DeleteAfterDays: 1 },
});
const TWICE_A_DAY = aRule({
  RuleId: 'twice',
  ScheduleExpression: 'cron(0 0/12 ? * * *)',
  StartWindowMinutes: 480,
  Lifecycle: { DeleteAfterDays: 7 },
});

/** Hours of a day at which each rule makes a backup. */
function hoursKept(document: BackupPlanDocument): Record<string, number[]> {
  const overlap = overlapRules(document, 'snapshot', () => DAY_0 - 100 * 24 * HOUR);
  const kept: Record<string, number[]> = {};
  for (let hour = 0; hour < 24; hour += 1) {
    for (const rule of document.Rules) {
      const isDue = rule.RuleId === 'hourly' || hour % 12 === 0;
      const occurrence = { rule, scheduledAt: DAY_0 + hour * HOUR };
      if (!isDue || overlap.suppressorOf(occurrence) !== undefined) continue;
      kept[rule.RuleId] = [...(kept[rule.RuleId] ?? []), hour];
    }
  }
  return kept;
}

test('the worked example: 2 backups of the 12-hourly rule and 8 of the hourly rule in a day (PLAN-75)', () => {
  assert.deepEqual(hoursKept(plan(HOURLY, TWICE_A_DAY)), {
    twice: [0, 12],
    hourly: [8, 9, 10, 11, 20, 21, 22, 23],
  });
});

test('with equal retention the rule that comes first in the plan makes the backup', () => {
  const twin = aRule({ ...TWICE_A_DAY, RuleId: 'twin' });
  const overlap = overlapRules(plan(TWICE_A_DAY, twin), 'snapshot', () => 0);
  assert.equal(overlap.suppressorOf({ rule: TWICE_A_DAY, scheduledAt: DAY_0 }), undefined);
  assert.equal(overlap.suppressorOf({ rule: twin, scheduledAt: DAY_0 })?.rule.RuleId, 'twice');
});

test('indefinite retention is the longest', () => {
  const { Lifecycle: _none, ...rest } = HOURLY;
  const forever = aRule({ ...rest, RuleId: 'hourly' });
  assert.equal(hoursKept(plan(forever, TWICE_A_DAY)).twice, undefined);
});

test('a rule that is suppressed itself suppresses nothing', () => {
  const year = aRule({
    RuleId: 'year',
    ScheduleExpression: 'cron(0 0 * * ? *)',
    StartWindowMinutes: 60,
    Lifecycle: { DeleteAfterDays: 365 },
  });
  // `year` takes the place of `twice` at 00:00, so the hourly rule is free again from 01:00 on.
  assert.deepEqual(hoursKept(plan(HOURLY, TWICE_A_DAY, year)).hourly?.slice(0, 3), [1, 2, 3]);
});

test('occurrences before a rule had its schedule suppress nothing', () => {
  const overlap = overlapRules(plan(HOURLY, TWICE_A_DAY), 'snapshot', () => DAY_0 + 30 * 60_000);
  assert.equal(overlap.suppressorOf({ rule: HOURLY, scheduledAt: DAY_0 + HOUR }), undefined);
});

test('a continuous rule and a snapshot rule both work on a resource that can be continuous', () => {
  const continuous = aRule({ ...TWICE_A_DAY, RuleId: 'c', EnableContinuousBackup: true });
  const shorter = aRule({ ...continuous, RuleId: 'c2', Lifecycle: { DeleteAfterDays: 3 } });
  const forContinuous = overlapRules(plan(HOURLY, continuous, shorter), 'continuous', () => 0);
  const forSnapshot = overlapRules(plan(HOURLY, continuous, shorter), 'snapshot', () => 0);
  const at = DAY_0;
  assert.deepEqual([HOURLY, continuous, shorter].map(forContinuous.roleOf), ['snapshot', 'continuous', 'ignored']);
  assert.equal(forContinuous.suppressorOf({ rule: HOURLY, scheduledAt: at }), undefined);
  assert.equal(forSnapshot.suppressorOf({ rule: HOURLY, scheduledAt: at })?.rule.RuleId, 'c');
});

const DAILY = aRule({ RuleId: 'daily', ScheduleExpression: 'cron(0 5 ? * * *)', StartWindowMinutes: 120 });

test('an occurrence starts at its time and its cursor moves on', () => {
  const document = plan(DAILY);
  const cursors = cursorsOf(OWNER, document, DAY_0);
  const at = DAY_0 + 5 * HOUR;
  assert.equal(cursors[0]?.nextFireAt, at);
  assert.deepEqual(dueOccurrences(document, cursors, at - 1).due, []);
  const { due, missed, cursors: moved } = dueOccurrences(document, cursors, at);
  assert.deepEqual(
    due.map((entry) => [entry.scheduledAt, entry.isExpired]),
    [[at, false]],
  );
  assert.deepEqual(missed, []);
  assert.equal(moved[0]?.decidedUntil, at);
  assert.equal(moved[0]?.nextFireAt, at + 24 * HOUR);
  assert.deepEqual(dueOccurrences(document, moved, at + HOUR).due, [], 'never twice');
});

test('a server that comes back within the start window starts the occurrence late', () => {
  const document = plan(DAILY);
  const now = DAY_0 + 6.9 * HOUR;
  const { due, missed } = dueOccurrences(document, cursorsOf(OWNER, document, DAY_0), now);
  assert.deepEqual([due[0]?.scheduledAt, due[0]?.isExpired, missed.length], [DAY_0 + 5 * HOUR, false, 0]);
});

test('after the start window the occurrence expires and is recorded as missed', () => {
  const document = plan(DAILY);
  const now = DAY_0 + 7 * HOUR;
  const { due, missed } = dueOccurrences(document, cursorsOf(OWNER, document, DAY_0), now);
  assert.equal(due[0]?.isExpired, true);
  assert.deepEqual(missed[0], {
    planId: 'plan',
    ruleId: 'daily',
    firstAt: DAY_0 + 5 * HOUR,
    lastAt: DAY_0 + 5 * HOUR,
    count: 1,
    recordedAt: now,
  });
});

test('of several overdue occurrences of a rule only the newest starts, the others are recorded', () => {
  const document = plan(aRule({ ...HOURLY, StartWindowMinutes: 480 }));
  const now = DAY_0 + 4.5 * HOUR;
  const { due, missed } = dueOccurrences(document, cursorsOf(OWNER, document, DAY_0), now);
  assert.deepEqual(
    due.map((entry) => entry.scheduledAt),
    [DAY_0 + 4 * HOUR],
  );
  assert.deepEqual([missed[0]?.count, missed[0]?.firstAt], [3, DAY_0 + HOUR]);
});

test('a rule whose schedule stays the same keeps its cursor through an update, another starts anew', () => {
  const before = plan(DAILY, HOURLY);
  const cursors = cursorsOf(OWNER, before, DAY_0);
  const after = plan(
    aRule({ ...DAILY, StartWindowMinutes: 600 }),
    aRule({ ...HOURLY, ScheduleExpression: 'rate(2 hours)' }),
  );
  const updated = cursorsOf(OWNER, after, DAY_0 + 5 * HOUR + 1, { document: before, cursors });
  assert.equal(updated[0]?.nextFireAt, DAY_0 + 5 * HOUR, 'what was due stays due');
  assert.equal(updated[1]?.nextFireAt, DAY_0 + 7 * HOUR + 1);
});
