import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { fc } from '@holdfast/testkit/properties';
import { BLOCK_BYTES, ByteTaker, overlayBlocks, readChangedBlocks } from './incremental-file.ts';

const MAGIC = 0xd3ae1f0d;

/** As a server writes it: header, numbers, padding to a whole block, blocks. */
function incrementalFile(numbers: readonly number[], truncationBlocks: number): Buffer {
  const used = 12 + 4 * numbers.length;
  const header = Buffer.alloc(numbers.length === 0 ? used : Math.ceil(used / BLOCK_BYTES) * BLOCK_BYTES);
  [MAGIC, numbers.length, truncationBlocks, ...numbers].forEach((value, at) => {
    header.writeUInt32LE(value, 4 * at);
  });
  return Buffer.concat([header, ...numbers.map((number) => Buffer.alloc(BLOCK_BYTES, 100 + (number % 100)))]);
}

/** In parts whose memory is used again, as the connection does it. */
async function* inParts(bytes: Buffer, size: number): AsyncGenerator<Buffer> {
  const memory = Buffer.alloc(size);
  for (let at = 0; at < bytes.length; at += size) {
    const count = bytes.copy(memory, 0, at, at + size);
    yield memory.subarray(0, count);
    memory.fill(0xff);
  }
}

describe('A file of which only changed blocks came', () => {
  it('is the old one, cut or lengthened, with these laid over, in parts of any size', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.uniqueArray(fc.nat(12), { maxLength: 8 }),
        fc.nat(12),
        fc.nat(12),
        fc.constantFrom(100, 4096, 8192, 10_000, 70_000),
        async (unordered, oldBlocks, truncationBlocks, partBytes) => {
          const numbers = unordered.toSorted((a, b) => a - b);
          const old = Buffer.alloc(oldBlocks * BLOCK_BYTES, 1);
          const blocks = new ByteTaker(inParts(incrementalFile(numbers, truncationBlocks), partBytes));
          const changed = await readChangedBlocks(blocks);
          const parts: Buffer[] = [];
          for await (const part of overlayBlocks(inParts(old, partBytes), changed, blocks))
            parts.push(Buffer.from(part));
          const expected = Buffer.alloc(Math.max(truncationBlocks, (numbers.at(-1) ?? -1) + 1) * BLOCK_BYTES);
          old.copy(expected);
          for (const number of numbers) expected.fill(100 + number, number * BLOCK_BYTES, (number + 1) * BLOCK_BYTES);
          assert.deepEqual(Buffer.concat(parts), expected);
        },
      ),
    );
  });
});
