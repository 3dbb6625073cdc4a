import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fc } from '@holdfast/testkit/properties';
import { blake3Of, CHUNK_ID_BYTES } from '../crypt/chunk-id.ts';
import { EngineError } from '../engine-error.ts';
import { packIdText } from '../pack/pack-id.ts';
import { checksumOf } from '../store/checksum.ts';
import { MemoryStore } from '../store/memory-store.ts';
import { PageCache } from './page-cache.ts';
import { type IndexedPack, segmentKey } from './segment-layout.ts';
import { SegmentReader } from './segment-reader.ts';
import { encodeSegment } from './segment-writer.ts';

const indexKey = Buffer.alloc(32, 8);
const segmentId = Buffer.alloc(16, 9);
const name = segmentId.toString('hex');
const packs: IndexedPack[] = [1, 2, 3].map((number) => ({
  packId: packIdText(Buffer.alloc(16, number)),
  kind: number === 3 ? 'tree' : 'data',
  sizeBytes: number * 1000,
  merkleRoot: `${number}0`.repeat(32),
  crc32: number,
  frameCount: number,
  ...(number === 1 ? {} : { cohortUntilAt: 86_400_000 * number }),
}));

function id(number: number): Buffer {
  return blake3Of(Buffer.from(`chunk ${number}`)).subarray(0, CHUNK_ID_BYTES);
}

async function openWith(numbers: readonly number[], damage?: (bytes: Buffer) => void) {
  const entries = numbers
    .map((number) => ({ chunkId: id(number), pack: number % 3, offset: number, frameBytes: number + 1 }))
    .sort((a, b) => Buffer.compare(a.chunkId, b.chunkId));
  const bytes = Buffer.concat(encodeSegment({ segmentId, dataKeySerial: 1, indexKey }, packs, entries, entries.length));
  damage?.(bytes);
  const store = new MemoryStore({ now: () => 0 });
  await store.put(segmentKey(name), [bytes], { checksum: checksumOf([bytes]) });
  return { bytes, reader: await SegmentReader.open(store, name, async () => indexKey, new PageCache(4)) };
}

test('a segment answers like the map that it was made of', async () => {
  await fc.assert(
    fc.asyncProperty(fc.uniqueArray(fc.nat(5000), { maxLength: 600 }), async (numbers) => {
      const { reader } = await openWith(numbers);
      const held = new Set(numbers);
      for (let number = 0; number < 5000; number += number < 60 ? 1 : 37) {
        const found = await reader.find(id(number));
        assert.equal(found !== undefined, held.has(number));
        if (found === undefined) continue;
        const pack = packs[number % 3];
        assert.deepEqual([found.offset, found.frameBytes], [number, number + 1]);
        assert.deepEqual(found.pack, { packId: pack?.packId, sizeBytes: pack?.sizeBytes });
      }
      assert.deepEqual(await reader.packs(), packs);
      assert.deepEqual(
        reader.packIds(),
        packs.map(({ packId }) => packId),
      );
      const listed: string[] = [];
      for await (const { chunkId } of reader.entries()) listed.push(chunkId.toString('hex'));
      assert.deepEqual(listed, numbers.map((number) => id(number).toString('hex')).sort());
    }),
    { numRuns: 20 },
  );
});

test('the filter is wrong about absent chunks at most twice in a hundred', async () => {
  const { reader } = await openWith(Array.from({ length: 3000 }, (_, number) => number));
  let wrong = 0;
  for (let number = 10_000; number < 20_000; number += 1) if (reader.mayHold(id(number))) wrong += 1;
  assert.ok(wrong < 200, `${wrong} of 10,000`);
});

test('F-62: a million chunks need at most 1.25 MiB for the filter and 72 KiB for the directory', async () => {
  const { reader } = await openWith(Array.from({ length: 10_000 }, (_, number) => number));
  const { filter, directory } = reader.header;
  assert.ok(filter.length * 100 <= 1.25 * 1024 * 1024 * 1.001 + 2000);
  assert.ok(directory.length * 100 <= 72 * 1024 + 2000);
});

test('a changed byte anywhere in a segment is damage, never a wrong answer', async () => {
  const numbers = Array.from({ length: 300 }, (_, number) => number);
  const { bytes } = await openWith(numbers);
  for (let at = 8; at < bytes.length; at += 101) {
    await assert.rejects(
      async () => {
        const { reader } = await openWith(numbers, (copy) => copy.writeUInt8((copy[at] ?? 0) ^ 1, at));
        for await (const entry of reader.entries()) void entry;
      },
      (error) => error instanceof EngineError && error.code === 'damaged',
      `byte ${at}`,
    );
  }
});
