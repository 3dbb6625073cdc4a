import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { ContinuousBase } from './continuous-backup-store.ts';
import { baseFor, isCutOff, restorableWindow } from './restorable-window.ts';
import { planTrim } from './trim-continuous.ts';

const DAY = 86_400_000;

function base(engineId: string, startAt: number, consistentAt = startAt): ContinuousBase {
  const counts = { sizeBytes: 1, storedBytes: 1, itemCount: 1, issueCount: 0 };
  return {
    continuousId: 'c',
    engineId,
    startAt,
    consistentAt,
    completedAt: consistentAt,
    restoreMetadata: {},
    ...counts,
  };
}

const LOG = { nature: 'log', retention: { days: 2 }, logGaps: [] } as const;

test('a database can be restored from its first consistent base on to the end of its log', () => {
  const facts = { ...LOG, latestAt: DAY };
  assert.equal(restorableWindow(facts, [], DAY), undefined);
  assert.equal(restorableWindow({ ...facts, latestAt: 50 }, [base('a', 10, 60)], DAY), undefined, 'not yet consistent');
  assert.deepEqual(restorableWindow(facts, [base('a', 10, 60), base('b', 500)], DAY), {
    earliestAt: 60,
    latestAt: DAY,
    gaps: [],
  });
  assert.equal(baseFor(facts, [base('a', 10, 60), base('b', 500)], 499)?.engineId, 'a');
  assert.equal(baseFor(facts, [base('a', 10, 60), base('b', 500)], 500)?.engineId, 'b');
  assert.equal(baseFor(facts, [base('a', 10, 60)], 59), undefined);
});

test('the window never reaches further back than the retention', () => {
  const facts = { ...LOG, latestAt: 10 * DAY };
  assert.equal(restorableWindow(facts, [base('a', 0)], 10 * DAY)?.earliestAt, 8 * DAY);
  assert.equal(restorableWindow({ ...facts, latestAt: 7 * DAY }, [base('a', 0)], 10 * DAY), undefined);
});

test('a gap lasts until the next base, since no log leads over it', () => {
  const facts = { ...LOG, latestAt: 1000, logGaps: [{ fromAt: 300, untilAt: 320 }] };
  const bases = [base('a', 0), base('b', 400, 450)];
  assert.deepEqual(restorableWindow(facts, bases, 1000), {
    earliestAt: 0,
    latestAt: 1000,
    gaps: [{ fromAt: 300, untilAt: 450 }],
  });
  assert.deepEqual(
    [300, 301, 449, 450].map((at) => baseFor(facts, bases, at)?.engineId),
    ['a', undefined, undefined, 'b'],
  );
  assert.deepEqual([isCutOff(facts, bases.slice(0, 1)), isCutOff(facts, bases)], [true, false]);
  assert.equal(
    restorableWindow(facts, bases.slice(0, 1), 1000)?.latestAt,
    300,
    'until then the window ends at the gap',
  );
});

test('a base that began within a gap leads nowhere', () => {
  const facts = { ...LOG, latestAt: 1000, logGaps: [{ fromAt: 300, untilAt: 500 }] };
  assert.equal(baseFor(facts, [base('a', 400, 450)], 900), undefined);
});

test('of a bucket the newest base tells everything since the history is complete', () => {
  const facts = { nature: 'versions', retention: { days: 2 }, logGaps: [] } as const;
  const bases = [base('a', 100, 200), base('b', 100, 900)];
  assert.deepEqual(restorableWindow(facts, bases, 1000), { earliestAt: 100, latestAt: 900, gaps: [] });
  assert.equal(baseFor(facts, bases, 150)?.engineId, 'b');
  assert.deepEqual(
    planTrim(facts, bases, 1000).drops.map(({ engineId }) => engineId),
    ['a'],
  );
});

test('a base goes when a newer one covers the beginning of the window, the newest never', () => {
  const bases = [base('a', 0), base('b', DAY), base('c', 2 * DAY), base('d', 3 * DAY)];
  const dropped = (now: number) =>
    planTrim({ ...LOG, latestAt: now }, bases, now).drops.map(({ engineId }) => engineId);
  assert.deepEqual(dropped(2.9 * DAY), []);
  assert.deepEqual(dropped(3 * DAY), ['a']);
  assert.deepEqual(dropped(4.5 * DAY), ['a', 'b']);
  assert.deepEqual(dropped(40 * DAY), ['a', 'b', 'c']);
});

test('a base whose log broke off before the window goes too', () => {
  const facts = { ...LOG, latestAt: 5 * DAY, logGaps: [{ fromAt: 2 * DAY, untilAt: 2.1 * DAY }] };
  const { drops } = planTrim(facts, [base('a', DAY), base('b', 4.5 * DAY)], 5 * DAY);
  assert.deepEqual(
    drops.map(({ engineId }) => engineId),
    ['a'],
  );
});
