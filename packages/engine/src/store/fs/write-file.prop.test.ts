import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { fc } from '@holdfast/testkit/properties';
import { dropBytes } from './write-file.ts';

describe('the rest of a vectored write', () => {
  test('is the body without its first bytes, wherever the write ended', () => {
    fc.assert(
      fc.property(fc.array(fc.uint8Array({ maxLength: 8 })), fc.nat({ max: 64 }), (parts, count) => {
        const body = Buffer.concat(parts);
        const done = Math.min(count, body.length);
        assert.deepEqual(Buffer.concat(dropBytes(parts, done)), body.subarray(done));
      }),
    );
  });
});
