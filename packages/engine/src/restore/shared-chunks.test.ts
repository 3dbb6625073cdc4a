import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { PlacedExtent } from '../extent/map-reader.ts';
import { SharedChunks } from './shared-chunks.ts';

const MIB = 1024 * 1024;

function extent(name: string, plainBytes = MIB, length = 4096): PlacedExtent {
  const chunkId = Buffer.alloc(32, name);
  return {
    at: 0,
    length,
    chunkOffset: 0,
    chunk: { chunkId, packId: 'pack', offset: 0, frameBytes: plainBytes, plainBytes },
  };
}

test('a chunk that several items share is loaded once while it is in use, and again when it was crowded out', async () => {
  const shared = new SharedChunks();
  const loaded: string[] = [];
  const read = (name: string) =>
    shared.read(extent(name), async () => {
      loaded.push(name);
      return Buffer.from(name);
    });
  await Promise.all([read('a'), read('a'), read('b')]);
  assert.equal(String(await read('a')), 'a');
  assert.deepEqual(loaded, ['a', 'b']);
  for (let count = 0; count < 16; count += 1) await read(`other ${count}`);
  await read('a');
  assert.deepEqual(loaded.filter((name) => name === 'a').length, 2);
});

test('a chunk that could not be loaded is tried again', async () => {
  const shared = new SharedChunks();
  await assert.rejects(
    shared.read(extent('a'), () => Promise.reject(new Error('gone'))),
    /gone/,
  );
  assert.equal(String(await shared.read(extent('a'), async () => Buffer.from('back'))), 'back');
});

test('only parts of chunks of a moderate size are shared', () => {
  assert.equal(SharedChunks.isShared(extent('a', MIB, 4096)), true);
  assert.equal(SharedChunks.isShared(extent('a', MIB, MIB)), false);
  assert.equal(SharedChunks.isShared(extent('a', 64 * MIB, 4096)), false);
  assert.equal(SharedChunks.isShared({ at: 0, length: 4096, chunkOffset: 0 }), false);
});
