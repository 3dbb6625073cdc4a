import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fc } from '@holdfast/testkit/properties';
import { formatTimestamp, parseTimestamp } from './timestamps.ts';

const AT = 1516925490087;

test('times are read as ISO 8601, epoch seconds and HTTP date', () => {
  const same = [
    '2018-01-26T00:11:30.087Z',
    '2018-01-26T02:11:30.087+02:00',
    '2018-01-26T02:11:30.087123+0200',
    '1516925490.087',
    1516925490.087,
  ];
  for (const text of same) assert.equal(parseTimestamp(text)?.getTime(), AT, String(text));
  assert.equal(parseTimestamp('Fri, 26 Jan 2018 00:11:30 GMT')?.getTime(), AT - 87);
  assert.equal(parseTimestamp('2018-01-26')?.toISOString(), '2018-01-26T00:00:00.000Z');
  assert.equal(parseTimestamp('2018-01-26T00:11')?.toISOString(), '2018-01-26T00:11:00.000Z');
});

test('what is no time is not read as one', () => {
  for (const text of [
    '',
    'yesterday',
    '2018-13-01',
    '2018-02-30',
    '2018-01-26T25:00:00Z',
    '1e30',
    Number.NaN,
    Number.POSITIVE_INFINITY,
    null,
    {},
    true,
  ]) {
    assert.equal(parseTimestamp(text), undefined, String(text));
  }
});

test('epoch seconds keep the millisecond', () => {
  assert.equal(JSON.stringify(formatTimestamp(new Date(AT), 'epochSeconds')), '1516925490.087');
});

test('every format comes back as it went', () => {
  const dates = fc.date({ min: new Date('1900-01-01'), max: new Date('2200-01-01'), noInvalidDate: true });
  fc.assert(
    fc.property(dates, (date) => {
      assert.deepEqual(parseTimestamp(formatTimestamp(date, 'epochSeconds')), date);
      assert.deepEqual(parseTimestamp(String(formatTimestamp(date, 'epochSeconds'))), date);
      assert.deepEqual(parseTimestamp(formatTimestamp(date, 'dateTime')), date);
      const seconds = new Date(Math.floor(date.getTime() / 1000) * 1000);
      assert.deepEqual(parseTimestamp(formatTimestamp(seconds, 'httpDate')), seconds);
    }),
  );
});
