import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fc } from '@holdfast/testkit/properties';
import type { ChunkRef } from '../content/chunk-ref.ts';
import type { Extent } from '../content/stored-content.ts';
import { blake3Of } from '../crypt/chunk-id.ts';
import { MapBuilder } from './map-builder.ts';
import { mapExtents, mapUses } from './map-reader.ts';

const nodes = new Map<string, Buffer>();
const seal = async (_kind: number, bytes: Buffer): Promise<ChunkRef> => {
  const chunkId = blake3Of(bytes).subarray(0, 24);
  nodes.set(chunkId.toString('hex'), Buffer.from(bytes));
  return { chunkId, packId: 'ee'.repeat(16), offset: 64, frameBytes: 500, plainBytes: bytes.length };
};
const read = async (ref: ChunkRef): Promise<Buffer> => nodes.get(ref.chunkId.toString('hex')) ?? Buffer.alloc(0);

function chunk(number: number): ChunkRef {
  const chunkId = blake3Of(Buffer.from(`chunk ${number}`)).subarray(0, 24);
  const packId = (number % 5).toString(16).padStart(32, '0');
  return { chunkId, packId, offset: 64 + number, frameBytes: 100, plainBytes: 1000 };
}

const extent: fc.Arbitrary<Extent> = fc.oneof(
  { weight: 1, arbitrary: fc.record({ length: fc.integer({ min: 1, max: 10_000 }), chunkOffset: fc.constant(0) }) },
  {
    weight: 5,
    arbitrary: fc
      .record({ number: fc.nat(2000), chunkOffset: fc.nat(400), length: fc.integer({ min: 1, max: 600 }) })
      .map(({ number, chunkOffset, length }) => ({ length, chunkOffset, chunk: chunk(number) })),
  },
);

/** What every byte of a content is, as the slow definition: the name of its chunk and the offset, or nothing. */
function bytesOf(extents: readonly Extent[]): string[] {
  return extents.flatMap(({ length, chunk: ref, chunkOffset }) =>
    Array.from({ length }, (_, index) => (ref ? `${ref.chunkId.toString('hex')}+${chunkOffset + index}` : '')),
  );
}

test('an extent map reads like the array of bytes that it describes, whole and in any range', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(extent, { minLength: 1, maxLength: 60 }),
      fc.integer({ min: 1, max: 40 }),
      fc.nat(100),
      fc.nat(100),
      async (some, repeats, fromPercent, toPercent) => {
        const extents = Array.from({ length: repeats }, () => some)
          .flat()
          .slice(0, 700);
        const builder = new MapBuilder(seal);
        for (const one of extents) await builder.add(one);
        const { root } = await builder.finish();
        const total = extents.reduce((sum, { length }) => sum + length, 0);
        const from = Math.floor((total * Math.min(fromPercent, toPercent)) / 100);
        const to = Math.ceil((total * Math.max(fromPercent, toPercent)) / 100);
        const expected = bytesOf(extents).slice(from, to);
        const actual: string[] = [];
        for await (const { at, length, chunk: ref, chunkOffset } of mapExtents(read, root, from, to)) {
          for (let index = Math.max(0, from - at); index < Math.min(length, to - at); index += 1) {
            actual.push(ref ? `${ref.chunkId.toString('hex')}+${chunkOffset + index}` : '');
          }
        }
        assert.deepEqual(actual, expected);
      },
    ),
    { numRuns: 25 },
  );
});

test('the root of a map names every pack below it, so that a reused map is counted without being walked', async () => {
  const builder = new MapBuilder(seal);
  for (let number = 0; number < 5000; number += 1)
    await builder.add({ length: 1000, chunkOffset: 0, chunk: chunk(number) });
  const { root, height, uses } = await builder.finish();
  assert.ok(height >= 2);
  const below = new Map((await mapUses(read, root)).map(({ packId, usedBytes }) => [packId, usedBytes]));
  for (let pack = 0; pack < 5; pack += 1) {
    assert.ok((below.get(pack.toString(16).padStart(32, '0')) ?? 0) >= 100_000, `pack ${pack}`);
  }
  assert.ok((below.get('ee'.repeat(16)) ?? 0) > 0, 'the nodes below the root');
  assert.deepEqual(new Map(uses.map(({ packId, usedBytes }) => [packId, usedBytes])), below);
});
