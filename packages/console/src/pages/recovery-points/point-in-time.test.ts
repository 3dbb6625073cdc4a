import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isRestorable, localParts, momentOf, restorableWindow, withMoment, withoutWindow } from './point-in-time.ts';

const DATABASE = ['DBInstanceIdentifier', 'RestoreTime', 'UseLatestRestorableTime'].map(field);
const BUCKET = ['DestinationBucketName', 'RestoreTime'].map(field);
const AT = Date.UTC(2024, 4, 1, 10, 0, 0);

function field(Name: string) {
  return { Name, Required: false, Description: '' };
}

test('the window is read from the restore metadata, and is no part of what is sent', () => {
  const metadata = {
    EarliestRestorablePitrTimestamp: String(AT),
    LatestRestorablePitrTimestamp: String(AT + 1000),
    engine: 'postgres',
  };
  assert.deepEqual(restorableWindow(metadata), { earliestAt: AT, latestAt: AT + 1000, gaps: [] });
  assert.deepEqual(withoutWindow(metadata), { engine: 'postgres' });
  assert.equal(restorableWindow({ engine: 'postgres' }), undefined);
});

test('a moment and the latest time are written in the words of each connector, never both', () => {
  const moment = '2024-05-01T10:00:00.000Z';
  assert.deepEqual(withMoment({ UseLatestRestorableTime: 'true' }, DATABASE, AT), { RestoreTime: moment });
  assert.deepEqual(withMoment({ RestoreTime: moment }, DATABASE, 'latest'), { UseLatestRestorableTime: 'true' });
  assert.deepEqual(withMoment({ a: 'b' }, BUCKET, 'latest'), { a: 'b', RestoreTime: 'latest' });
  assert.deepEqual(withMoment({ a: 'b' }, [field('a')], AT), { a: 'b' });
  assert.deepEqual(withMoment({ RestoreTime: moment }, DATABASE, undefined), {}, 'what was typed is no moment');
});

test('a moment can be restored within the window, up to both ends of a gap and not between them', () => {
  const window = { earliestAt: AT, latestAt: AT + 9000, gaps: [{ fromAt: AT + 2000, untilAt: AT + 5000 }] };
  const restorable = [-1, 0, 2, 3, 4, 5, 9, 10].filter((seconds) => isRestorable(window, AT + seconds * 1000));
  assert.deepEqual(restorable, [0, 2, 5, 9]);
});

test('a date and a time of day of the viewer make the moment again, and nothing else does', () => {
  assert.equal(momentOf(localParts(AT)), AT);
  for (const time of ['10:00', '25:00:00', 'x', '']) assert.equal(momentOf({ date: '2024-05-01', time }), undefined);
});
