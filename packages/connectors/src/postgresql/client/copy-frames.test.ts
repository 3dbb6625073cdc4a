import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { CopyFrames } from './copy-frames.ts';

function frame(letter: string, body: string): Buffer {
  const bytes = Buffer.alloc(5 + body.length);
  bytes.write(letter, 0);
  bytes.writeUInt32BE(4 + body.length, 1);
  bytes.write(body, 5);
  return bytes;
}

const STREAM = Buffer.concat([
  ...[frame('H', '\0\0\0'), frame('d', 'first'), frame('d', 'x'), frame('N', 'a notice'), frame('d', 'the second one')],
  ...[frame('c', ''), frame('Z', 'I')],
]);

describe('What a server sends during a copy', () => {
  for (const partBytes of [1, 2, 5, 6, 7, 1000]) {
    it(`is taken apart when it comes in parts of ${partBytes} bytes`, () => {
      const copied: string[] = [];
      const other: Buffer[] = [];
      let isWithin = false;
      const frames = new CopyFrames({
        onCopyPart({ bytes, isStart, isEnd }) {
          assert.equal(isStart, !isWithin);
          copied.push(isStart ? bytes.toString() : `${copied.pop()}${bytes.toString()}`);
          isWithin = !isEnd;
        },
        onOther: (bytes) => void other.push(Buffer.from(bytes)),
      });
      for (let at = 0; at < STREAM.length; at += partBytes) frames.push(STREAM.subarray(at, at + partBytes));
      assert.deepEqual(copied, ['first', 'x', 'the second one']);
      const rest = [frame('H', '\0\0\0'), frame('N', 'a notice'), frame('c', ''), frame('Z', 'I')];
      assert.deepEqual(Buffer.concat(other), Buffer.concat(rest));
    });
  }
});
