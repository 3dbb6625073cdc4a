import assert from 'node:assert/strict';
import { createCipheriv } from 'node:crypto';
import { readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { temporaryDirectory } from '@holdfast/testkit';
import type { FileToWrite, ImageReader, Repository } from '../repository.ts';
import { ForwardingStore, type StoreCall } from '../store/decorators/forwarding-store.ts';
import { RequestLedger } from '../store/decorators/request-ledger.ts';
import { MemoryStore } from '../store/memory-store.ts';
import { entriesOf, makeTree, openBench, snapshotOf } from '../testing/repository-bench.ts';
import { PayloadWorkers } from '../worker/payload-workers.ts';

const workers = new PayloadWorkers(2, 2);
after(() => workers.close());

const BLOCK = 65_536;
const BLOCKS = 40;
const { signal } = new AbortController();

function noise(seed: number, bytes: number): Buffer {
  return createCipheriv('aes-256-ctr', Buffer.alloc(32, seed), Buffer.alloc(16)).update(Buffer.alloc(bytes));
}

/** An image of noise with a hole in its middle and an odd end. */
const IMAGE = Buffer.concat([noise(1, 18 * BLOCK), Buffer.alloc(4 * BLOCK), noise(2, 18 * BLOCK - 1000)]);

async function backUpImage(repository: Repository): Promise<ImageReader> {
  await repository.backupImage({
    recoveryPointId: 'disk',
    retention: {},
    facts: {},
    sizeBytes: IMAGE.length,
    blockBytes: BLOCK,
    source: {
      kind: 'reader',
      read: async (offset, length) => Uint8Array.from(IMAGE.subarray(offset, offset + length)),
    },
  });
  return repository.openImage('disk');
}

test('an image is written over an existing file by fetching only the blocks that differ', async (t) => {
  const bench = await openBench({ workers });
  const reader = await backUpImage(bench.repository);
  const path = join(temporaryDirectory(t), 'disk.img');
  // As a killed restore leaves it, and as a machine that went on writing: half there, scribbled on, not cut yet.
  const there = Buffer.concat([IMAGE, Buffer.alloc(5000, 7)]);
  there.fill(0, 30 * BLOCK);
  there.fill(9, 19 * BLOCK, 20 * BLOCK);
  there.write('scribble', 3 * BLOCK + 77);
  writeFileSync(path, there);
  const before = bench.store.totals;
  let written = 0;
  const onBytes = (bytes: number): void => {
    written += bytes;
  };
  await reader.writeFile(Buffer.from(path), { signal, overExisting: true, onBytes });
  assert.ok(readFileSync(path).equals(IMAGE));
  assert.equal(written, IMAGE.length);
  // Eleven blocks and the map; blocks near each other come with one request and what lies between.
  const { bytesDown } = bench.store.since(before).get;
  assert.ok(bytesDown > 10 * BLOCK && bytesDown < 30 * BLOCK, `${bytesDown} bytes were fetched`);
  const again = bench.store.totals;
  await reader.writeFile(Buffer.from(path), { signal, overExisting: true });
  assert.ok(bench.store.since(again).get.bytesDown < BLOCK, 'what is there is not fetched again');
  await reader.close();
  await bench.close();
});

test('an image file that does not exist yet is made, with its holes', async (t) => {
  const bench = await openBench({ workers });
  const reader = await backUpImage(bench.repository);
  const path = join(temporaryDirectory(t), 'new.img');
  await reader.writeFile(Buffer.from(path), { signal, overExisting: true });
  assert.ok(readFileSync(path).equals(IMAGE));
  assert.ok(statSync(path).blocks * 512 <= (BLOCKS - 3) * BLOCK, 'the hole takes no space');
  await reader.close();
  await bench.close();
});

/** A store that breaks off after some reads of packs, as a process that is killed would. */
class BreakingStore extends ForwardingStore {
  reads = Number.POSITIVE_INFINITY;

  protected override forward<T>(call: StoreCall, work: () => Promise<T>): Promise<T> {
    if (call.operation !== 'get' || !call.key.startsWith('packs/')) return work();
    this.reads -= 1;
    return this.reads < 0 ? Promise.reject(new Error('killed')) : work();
  }
}

test('a restore of files that was cut off goes on with what is missing', async (t) => {
  const root = temporaryDirectory(t);
  const source = join(root, 'source');
  const small = Array.from({ length: 30 }, (_, index) => [`small-${index}`, noise(index, 3000 + index)] as const);
  makeTree(source, { ...Object.fromEntries(small), large: noise(90, 20_000_000) });
  const breaking = new BreakingStore(new MemoryStore({ now: Date.now }));
  const store = new RequestLedger(breaking);
  const bench = await openBench({ workers, store });
  const request = { recoveryPointId: 'files', retention: {}, facts: {} };
  await bench.repository.backupItems({ ...request, entries: entriesOf(source) });
  const restore = async (target: string): Promise<number> => {
    await using reader = await bench.repository.openRecoveryPoint('files');
    const wanted: FileToWrite[] = [];
    for await (const { path, type } of reader.items()) {
      if (type === 'file') wanted.push({ item: path, file: Buffer.from(join(target, Buffer.from(path).toString())) });
    }
    const before = store.totals;
    const done = (_: FileToWrite, { issue }: { readonly issue?: unknown }): void => assert.equal(issue, undefined);
    await reader.writeFiles(each(wanted), { signal, overExisting: true, done });
    return store.since(before).get.bytesDown;
  };
  const names = [...snapshotOf(source).keys()].filter((name) => name !== '');
  breaking.reads = 1000;
  const whole = await restore(emptyTarget(root, 'whole', names));
  const reads = 1000 - breaking.reads;
  for (const cut of new Set([1, reads - 1])) {
    const target = emptyTarget(root, `cut-${cut}`, names);
    breaking.reads = cut;
    await assert.rejects(restore(target), /killed/);
    breaking.reads = Number.POSITIVE_INFINITY;
    await restore(target);
    assert.deepEqual(snapshotOf(target), snapshotOf(source));
  }
  const half = emptyTarget(root, 'half', names);
  const large = readFileSync(join(source, 'large'));
  writeFileSync(join(half, 'large'), large.fill(0, large.length / 2));
  for (const [name, bytes] of small.slice(0, 15)) writeFileSync(join(half, name), bytes);
  const rest = await restore(half);
  assert.deepEqual(snapshotOf(half), snapshotOf(source));
  // The chunk in the middle is half there, and is fetched whole.
  assert.ok(rest < whole / 2 + 5_000_000, `${rest} of ${whole} bytes were fetched again`);
  assert.ok((await restore(half)) < 500_000, 'what is there is not fetched again');
  await bench.close();
});

/** A restore is given files that exist. */
function emptyTarget(root: string, name: string, files: readonly string[]): string {
  const target = join(root, name);
  makeTree(target, Object.fromEntries(files.map((file) => [file, ''])));
  return target;
}

async function* each<T>(values: readonly T[]): AsyncGenerator<T> {
  yield* values;
}
