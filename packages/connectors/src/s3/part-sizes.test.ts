import assert from 'node:assert/strict';
import { test } from 'node:test';
import { partSizes } from './part-sizes.ts';

const GIB = 2 ** 30;

test('an object of any size that a store takes goes up in 10,000 parts at most, of 5 MiB to 5 GiB', () => {
  assert.equal(partSizes(16 * 2 ** 20), undefined);
  for (const sizeBytes of [
    16 * 2 ** 20 + 1,
    5 * GIB,
    5 * GIB + 1,
    78.125 * GIB,
    78.125 * GIB + 1,
    640 * GIB,
    5120 * GIB,
  ]) {
    const sizes = partSizes(sizeBytes);
    assert.ok(sizes !== undefined);
    assert.ok(Math.ceil(sizeBytes / sizes.bytes) <= 10_000, `${sizeBytes}`);
    assert.ok(sizes.bytes >= 5 * 2 ** 20 && sizes.bytes <= 5 * GIB);
    assert.equal(sizes.memoryBytes, sizes.bytes * (sizes.atOnce + 1));
    if (sizeBytes <= 312 * GIB) assert.ok(sizes.memoryBytes <= 64 * 2 ** 20, `${sizeBytes} takes ${sizes.memoryBytes}`);
  }
});
