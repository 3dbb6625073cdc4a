import assert from 'node:assert/strict';
import { test } from 'node:test';
import { writeSizes } from './write-sizes.ts';

const MIB = 1024 * 1024;

function buffersOf(memoryBytes: number, threads: number): number {
  const { slabBytes, slabCount, packBuffers, dataPackBytes, treePackBytes } = writeSizes(memoryBytes, threads);
  return threads * (slabBytes * slabCount + packBuffers * dataPackBytes + treePackBytes);
}

test('less memory, as the index of a large vault leaves, makes smaller packs and never more buffers than it holds', () => {
  assert.equal(writeSizes(512 * MIB, 2).dataPackBytes, 32 * MIB);
  let before = Number.POSITIVE_INFINITY;
  for (let indexMib = 0; indexMib <= 200; indexMib += 10) {
    const memoryBytes = (512 - indexMib) * MIB;
    const { dataPackBytes } = writeSizes(memoryBytes, 2);
    assert.ok(dataPackBytes <= before && dataPackBytes >= 4 * MIB, `${indexMib} MiB of index`);
    assert.ok(buffersOf(memoryBytes, 2) <= memoryBytes - 128 * MIB, `${indexMib} MiB of index`);
    before = dataPackBytes;
  }
});
