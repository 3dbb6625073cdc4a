import assert from 'node:assert/strict';
import { createCipheriv } from 'node:crypto';
import { readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { temporaryDirectory } from '@holdfast/testkit';
import { fc } from '@holdfast/testkit/properties';
import { EngineError } from '../engine-error.ts';
import type { BackupImageRequest, ImageExtent, ImageReader } from '../repository.ts';
import { openBench } from '../testing/repository-bench.ts';
import { PayloadWorkers } from '../worker/payload-workers.ts';

const workers = new PayloadWorkers(2, 2);
after(() => workers.close());

const BLOCK = 65_536;

function block(seed: number): Buffer {
  return createCipheriv('aes-256-ctr', Buffer.alloc(32, seed), Buffer.alloc(16)).update(Buffer.alloc(BLOCK));
}

function request(id: string, image: Buffer, more: Partial<BackupImageRequest> = {}): BackupImageRequest {
  return {
    recoveryPointId: id,
    retention: {},
    facts: {},
    sizeBytes: image.length,
    blockBytes: BLOCK,
    confidence: 'certain',
    source: {
      kind: 'reader',
      read: async (offset, length) => Uint8Array.from(image.subarray(offset, offset + length)),
    },
    ...more,
  };
}

async function contentOf(reader: ImageReader, range?: { offset: number; length: number }): Promise<Buffer> {
  const parts: Uint8Array[] = [];
  for await (const part of reader.read(range)) parts.push(part);
  return Buffer.concat(parts);
}

async function* listed(...extents: readonly (readonly [length: number, state: ImageExtent['state']])[]) {
  let offset = 0;
  for (const [length, state] of extents) {
    yield { offset, length, state };
    offset += length;
  }
}

test('with hints only the changed blocks are read, and every recovery point stands alone', async () => {
  const bench = await openBench({ workers });
  const before = Buffer.concat([block(1), block(2), Buffer.alloc(BLOCK), block(4), block(5).subarray(0, 1000)]);
  await bench.repository.backupImage(request('rp-1', before));
  const now = Buffer.from(before);
  now.set(block(9), BLOCK);
  const extents = listed([BLOCK + 100, 'unchanged'], [50, 'data'], [3 * BLOCK + 850, 'unchanged']);
  const sealed = await bench.repository.backupImage(request('rp-2', now, { parentId: 'rp-1', extents }));
  assert.equal(sealed.statistics.readBytes, BLOCK);
  await bench.repository.executeDelete(await bench.repository.planDelete(['rp-1']));
  const reader = await bench.repository.openImage('rp-2');
  assert.ok((await contentOf(reader)).equals(now));
  const runs: [number, number, boolean][] = [];
  for await (const { offset, length, isHole } of reader.extents()) runs.push([offset, length, isHole]);
  assert.deepEqual(runs, [
    [0, 2 * BLOCK, false],
    [2 * BLOCK, BLOCK, true],
    [3 * BLOCK, BLOCK + 1000, false],
  ]);
  await reader.close();
  await bench.close();
});

test('a local image is read by the payload threads and written back with its holes', async (t) => {
  const root = temporaryDirectory(t);
  const image = Buffer.alloc(40 * BLOCK);
  for (const at of [0, 7, 8, 39]) image.set(block(at + 1), at * BLOCK);
  writeFileSync(join(root, 'image'), image);
  const bench = await openBench({ workers });
  const source = { kind: 'local-file' as const, path: Buffer.from(join(root, 'image')) };
  const sealed = await bench.repository.backupImage(request('rp-1', image, { source }));
  assert.equal(sealed.statistics.newChunkCount, 4 + 1, 'four blocks and a map');
  const reader = await bench.repository.openImage('rp-1');
  await reader.writeFile(Buffer.from(join(root, 'copy')), { signal: new AbortController().signal });
  assert.ok(readFileSync(join(root, 'copy')).equals(image));
  assert.ok(statSync(join(root, 'copy')).blocks * 512 < 10 * BLOCK);
  await reader.close();
  await bench.close();
});

test('scattered changes of a large image cost a small delta of the map, not new leaves', async () => {
  const bench = await openBench({ workers });
  const blocks = 3000;
  // Every hundredth block has content at first; the others are known to be zeros.
  const seeds = new Uint32Array(blocks).map((_, index) => (index % 100 === 0 ? index + 1 : 0));
  async function* extentsOf(data: readonly number[], other: ImageExtent['state']): AsyncGenerator<ImageExtent> {
    for (let index = 0; index < blocks; index += 1) {
      yield { offset: index * BLOCK, length: BLOCK, state: data.includes(index) ? 'data' : other };
    }
  }
  const read = async (offset: number, length: number) => {
    const bytes = Buffer.alloc(length);
    bytes.writeUInt32LE(seeds[offset / BLOCK] ?? 0, 0);
    return Uint8Array.from(bytes);
  };
  const image = { sizeBytes: blocks * BLOCK, source: { kind: 'reader' as const, read } };
  const filled = [...seeds.keys()].filter((index) => seeds[index] !== 0);
  await bench.repository.backupImage(
    request('rp-0', Buffer.alloc(0), { ...image, extents: extentsOf(filled, 'zero') }),
  );
  let parentId = 'rp-0';
  for (let run = 1; run <= 3; run += 1) {
    const changed = [run, 1000 + run, 2000 + run];
    for (const index of changed) seeds[index] = 100_000 * run + index;
    const extents = extentsOf(changed, 'unchanged');
    const more = { ...image, parentId, extents };
    const sealed = await bench.repository.backupImage(request(`rp-${run}`, Buffer.alloc(0), more));
    parentId = `rp-${run}`;
    assert.equal(sealed.statistics.readBytes, 3 * BLOCK);
    const mapBytes = sealed.statistics.newChunkBytes - 3 * BLOCK;
    assert.ok(mapBytes < 3000, `${mapBytes} bytes of new map`);
  }
  const reader = await bench.repository.openImage(parentId);
  let at = 0;
  for await (const part of reader.read()) {
    if (at % BLOCK === 0) assert.equal(Buffer.from(part).readUInt32LE(0), seeds[at / BLOCK]);
    at += part.length;
  }
  assert.equal(at, blocks * BLOCK);
  await reader.close();
  await bench.close();
});

test('a hint that is found wrong makes the whole image be read, and says so', async () => {
  const bench = await openBench({ workers });
  const before = Buffer.concat(Array.from({ length: 100 }, (_, index) => block(index)));
  await bench.repository.backupImage(request('rp-1', before));
  const now = Buffer.concat(Array.from({ length: 100 }, (_, index) => block(255 - index)));
  const more = { parentId: 'rp-1', confidence: 'likely' as const, extents: listed([now.length, 'unchanged']) };
  const sealed = await bench.repository.backupImage(request('rp-2', now, more));
  assert.deepEqual(
    sealed.issues.map(({ code, dataMissing }) => [code, dataMissing]),
    [['change-tracking-wrong', false]],
  );
  const reader = await bench.repository.openImage('rp-2');
  assert.ok((await contentOf(reader)).equals(now));
  await reader.close();
  await bench.close();
});

test('extents with gaps, wrong block sizes, failing readers and items opened as images are refused', async () => {
  const bench = await openBench({ workers });
  const image = Buffer.concat([block(1), block(2)]);
  const isInvalid = (error: unknown) => error instanceof EngineError && error.code === 'invalid-argument';
  const backup = async (more: Partial<BackupImageRequest>) =>
    bench.repository.backupImage(request('rp-1', image, more));
  await assert.rejects(backup({ extents: listed([BLOCK, 'data']) }), isInvalid);
  await assert.rejects(backup({ blockBytes: 100_000 }), isInvalid);
  const read = async () => {
    throw new Error('the disk is gone');
  };
  await assert.rejects(backup({ source: { kind: 'reader', read } }), /the disk is gone/);
  await backup({});
  await assert.rejects(bench.repository.openRecoveryPoint('rp-1'), isInvalid);
  await bench.close();
});

test('random histories of an image read like the array of bytes that they describe', async () => {
  const bench = await openBench({ workers });
  let run = 0;
  const change = fc.record({ block: fc.nat(11), seed: fc.integer({ min: 0, max: 5 }) });
  await fc.assert(
    fc.asyncProperty(fc.array(fc.array(change, { maxLength: 6 }), { minLength: 1, maxLength: 4 }), async (history) => {
      let image = Buffer.alloc(12 * BLOCK - 500);
      let parentId: string | undefined;
      for (const changes of history) {
        image = Buffer.from(image);
        for (const { block: at, seed } of changes) {
          const bytes = seed === 0 ? Buffer.alloc(BLOCK) : block(seed);
          image.set(bytes.subarray(0, Math.min(BLOCK, image.length - at * BLOCK)), at * BLOCK);
        }
        const changed = new Set(changes.map(({ block: at }) => at));
        const states = Array.from({ length: 12 }, (_, at) => {
          const length = Math.min(BLOCK, image.length - at * BLOCK);
          return [length, changed.has(at) ? 'data' : 'unchanged'] as const;
        });
        run += 1;
        const extents = listed(...states);
        const more = parentId === undefined ? {} : { parentId, extents };
        await bench.repository.backupImage(request(`rp-${run}`, image, more));
        parentId = `rp-${run}`;
      }
      const reader = await bench.repository.openImage(`rp-${run}`);
      assert.ok((await contentOf(reader)).equals(image));
      const range = { offset: 3 * BLOCK - 7, length: 2 * BLOCK };
      assert.ok((await contentOf(reader, range)).equals(image.subarray(range.offset, range.offset + range.length)));
      await reader.close();
    }),
    { numRuns: 15 },
  );
  await bench.close();
});
