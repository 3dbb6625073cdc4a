import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { ConnectorError } from '../../sdk/v1/connector-error.ts';
import { reaches } from './coverage.ts';
import {
  formatPosition,
  historyFileName,
  parseLsn,
  parsePosition,
  segmentFileName,
  segmentStart,
} from './wal-position.ts';

const MIB = 1024 * 1024;

describe('A position in the log', () => {
  it('is written and read with its cluster and timeline', () => {
    const position = { systemId: '7301234567890123456', timeline: 3, lsn: parseLsn('1A/3000060') };
    assert.equal(formatPosition(position), '7301234567890123456/3/1A/3000060');
    assert.deepEqual(parsePosition('7301234567890123456/3/1A/3000060'), position);
    for (const text of ['', 'binlog.000001/4', '1/2/3', '1/x/0/0']) {
      assert.throws(
        () => parsePosition(text),
        (error) => error instanceof ConnectorError && error.class === 'log-broken',
      );
    }
  });

  it('lies in the file that PostgreSQL gives the segment, whatever the size of segments', () => {
    assert.equal(segmentFileName(1, parseLsn('0/3000060'), 16 * MIB), '000000010000000000000003');
    assert.equal(segmentFileName(2, parseLsn('A/FF000000'), 16 * MIB), '000000020000000A000000FF');
    assert.equal(segmentFileName(1, parseLsn('1/40000000'), 64 * MIB), '000000010000000100000010');
    assert.equal(historyFileName(10), '0000000A.history');
    assert.equal(segmentStart(parseLsn('0/3000060'), 16 * MIB), parseLsn('0/3000000'));
  });

  it('is reached when only the header of the next page is missing', () => {
    assert.equal(reaches(parseLsn('0/3000000'), parseLsn('0/3000028')), true);
    assert.equal(reaches(parseLsn('0/3002000'), parseLsn('0/3002018')), true);
    assert.equal(reaches(parseLsn('0/3000010'), parseLsn('0/3000028')), false);
    assert.equal(reaches(parseLsn('0/3000000'), parseLsn('0/3000060')), false);
  });
});
