import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fc } from '@holdfast/testkit/properties';
import type { ChunkRef } from '../content/chunk-ref.ts';
import type { ItemRecord } from '../content/item-record.ts';
import { pathOfSortKey, sortKeyOf } from '../content/sort-key.ts';
import type { StoredContent } from '../content/stored-content.ts';
import { blake3Of } from '../crypt/chunk-id.ts';
import { EngineError } from '../engine-error.ts';
import { ItemFinder } from '../read/item-finder.ts';
import { TreeBuilder } from './tree-builder.ts';
import { TreeReader } from './tree-reader.ts';

/** Nodes in a map by ID, so that sharing can be counted. */
class NodeMap {
  readonly nodes = new Map<string, Buffer>();

  readonly seal = async (_kind: number, bytes: Buffer): Promise<ChunkRef> => {
    const chunkId = blake3Of(bytes).subarray(0, 24);
    this.nodes.set(chunkId.toString('hex'), Buffer.from(bytes));
    return { chunkId, packId: 'ab'.repeat(16), offset: 64, frameBytes: 100, plainBytes: bytes.length };
  };

  readonly read = async (ref: ChunkRef): Promise<Buffer> => {
    const bytes = this.nodes.get(ref.chunkId.toString('hex'));
    assert.ok(bytes, 'a node that was never stored');
    return bytes;
  };
}

const none: StoredContent = { form: 'none' };

function item(path: Uint8Array, seed = 0): ItemRecord {
  const posix = { mode: 0o644, uid: seed, gid: 7, modifiedAtNs: BigInt(seed) * -3n, owner: 'me', inode: 2n ** 63n };
  return { path, type: 'file', sizeBytes: seed, metadata: { posix }, fingerprint: blake3Of(path) };
}

async function build(nodes: NodeMap, items: readonly ItemRecord[]) {
  const builder = new TreeBuilder(nodes.seal);
  for (const record of items) await builder.add(sortKeyOf(record.path), record, none);
  return builder.finish();
}

const name = fc
  .uint8Array({ minLength: 1, maxLength: 12 })
  .map((bytes) => bytes.map((byte) => (byte === 0 ? 1 : byte)));

function sorted(paths: readonly Uint8Array[]): Buffer[] {
  const keys = paths.map((path) => sortKeyOf(path)).sort(Buffer.compare);
  return keys.filter((key, index) => index === 0 || !key.equals(keys[index - 1] ?? Buffer.alloc(0)));
}

test('a tree gives back what a sorted map holds: all, from any key, and by key', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(name, { maxLength: 200 }), name, async (paths, probe) => {
      const nodes = new NodeMap();
      const keys = sorted(paths);
      const built = await build(
        nodes,
        keys.map((key, index) => item(pathOfSortKey(key), index)),
      );
      const tree = new TreeReader(nodes.read, built.root, built.height);
      const found: ItemRecord[] = [];
      for await (const stored of tree.items()) found.push(stored.record());
      assert.deepEqual(
        found,
        keys.map((key, index) => item(pathOfSortKey(key), index)),
      );
      const from = sortKeyOf(probe);
      const first = keys.find((key) => Buffer.compare(key, from) >= 0);
      assert.deepEqual((await tree.seek(from))?.key, first);
      assert.equal((await tree.find(from)) !== undefined, first?.equals(from) === true);
      assert.equal(built.summary.itemCount, keys.length);
    }),
    { numRuns: 60 },
  );
});

function manyItems(count: number, seed = 0): ItemRecord[] {
  return Array.from({ length: count }, (_, index) =>
    item(
      Buffer.from(`d${String(Math.floor(index / 50)).padStart(4, '0')}/f${String(index).padStart(6, '0')}`),
      seed + index,
    ),
  );
}

test('changing one item of a large tree makes new nodes only on the way to it', async () => {
  const nodes = new NodeMap();
  const items = manyItems(20_000);
  const first = await build(nodes, items);
  assert.ok(first.height >= 2);
  const before = nodes.nodes.size;
  items[9000] = item(items[9000]?.path ?? new Uint8Array(0), 77);
  await build(nodes, items);
  assert.ok(nodes.nodes.size - before <= first.height, `${nodes.nodes.size - before} new nodes`);
  items.splice(4000, 1);
  const between = nodes.nodes.size;
  await build(nodes, items);
  assert.ok(nodes.nodes.size - between <= first.height + 2, `${nodes.nodes.size - between} new nodes`);
});

test('a finder that goes through the keys in order finds every one of them', async () => {
  const nodes = new NodeMap();
  const items = manyItems(3000);
  const built = await build(nodes, items);
  const finder = new ItemFinder(new TreeReader(nodes.read, built.root, built.height));
  for (const { path } of items.filter((_, index) => index % 7 === 0)) {
    assert.ok(await finder.find(sortKeyOf(path)));
    assert.equal(await finder.find(Buffer.concat([sortKeyOf(path), Buffer.of(1)])), undefined);
  }
  assert.ok(await finder.find(sortKeyOf(items[3]?.path ?? new Uint8Array(0))), 'also backwards');
});

test('F-40: items out of path order are refused', async () => {
  const nodes = new NodeMap();
  const isRefused = (error: unknown) => error instanceof EngineError && error.code === 'invalid-argument';
  await assert.rejects(build(nodes, [item(Buffer.from('b')), item(Buffer.from('a'))]), isRefused);
  await assert.rejects(build(nodes, [item(Buffer.from('a')), item(Buffer.from('a'))]), isRefused);
  await build(nodes, [item(Buffer.from('a')), item(Buffer.from('a/z')), item(Buffer.from('a!'))]);
});
