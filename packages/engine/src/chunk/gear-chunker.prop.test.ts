import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { fc } from '@holdfast/testkit/properties';
import { derivedKeys } from '../crypt/derived-keys.ts';
import type { ChunkParameters } from './chunk-parameters.ts';
import { compileGear } from './compile-gear.ts';
import { GearChunker } from './gear-chunker.ts';
import { defineCut } from './gear-definition.ts';
import { GEAR_MODULE_BASE64 } from './gear-module.ts';

const parameters: ChunkParameters = { min: 128, avg: 256, max: 1024, smallBytes: 64 };
const gearTable = derivedKeys.gearTable(Buffer.alloc(32, 7));
const table = new BigUint64Array(gearTable.buffer.slice(gearTable.byteOffset, gearTable.byteOffset + 2048));

/** Bytes that are neither all alike nor all random, so that every branch is met. */
const content = fc
  .array(fc.tuple(fc.uint8Array({ minLength: 1, maxLength: 40 }), fc.integer({ min: 1, max: 60 })), { maxLength: 60 })
  .map((runs) => Buffer.concat(runs.flatMap(([bytes, times]) => Array.from({ length: times }, () => bytes))));

function cutAll(bytes: Uint8Array, next: (from: number) => number): number[] {
  const lengths: number[] = [];
  for (let from = 0; from < bytes.length; ) {
    const length = next(from);
    lengths.push(length);
    from += length;
  }
  return lengths;
}

test('F-30: the chunker cuts where the definition says, however the bytes arrive', () => {
  fc.assert(
    fc.property(content, fc.array(fc.integer({ min: 1, max: 700 }), { minLength: 1 }), (bytes, arrivals) => {
      const expected = cutAll(bytes, (from) => defineCut(bytes.subarray(from), table, parameters));
      const chunker = new GearChunker(gearTable, parameters, Math.max(64, bytes.length));
      bytes.copy(chunker.data);
      let turn = 0;
      const actual = cutAll(bytes, (from) => {
        let available = 0;
        for (;;) {
          available = Math.min(bytes.length - from, available + (arrivals[turn++ % arrivals.length] ?? 1));
          const length = chunker.cut(from, available, from + available === bytes.length);
          if (length > 0) return length;
        }
      });
      assert.deepEqual(actual, expected);
      assert.equal(
        actual.slice(0, -1).every((length) => length >= 128 && length <= 1024),
        true,
      );
    }),
    { numRuns: 150 },
  );
});

test('an insertion moves only the cuts near it', () => {
  const noise = derivedKeys.gearTable(Buffer.alloc(32, 9));
  const bytes = Buffer.concat(Array.from({ length: 40 }, (_, i) => derivedKeys.gearTable(Buffer.from(`seed ${i}`))));
  const ends = (data: Uint8Array) => {
    let at = 0;
    return cutAll(data, (from) => defineCut(data.subarray(from), table, parameters)).map((length) => (at += length));
  };
  const before = new Set(ends(bytes));
  const after = ends(Buffer.concat([noise.subarray(0, 100), bytes])).map((end) => end - 100);
  const kept = after.filter((end) => before.has(end)).length;
  assert.ok(kept > after.length * 0.9, `${kept} of ${after.length} cuts stayed`);
});

test('the committed module is compiled from the committed source', async () => {
  const source = readFileSync(new URL('../../assembly/gear.ts', import.meta.url), 'utf8');
  assert.equal(Buffer.from(await compileGear(source)).toString('base64'), GEAR_MODULE_BASE64);
});
