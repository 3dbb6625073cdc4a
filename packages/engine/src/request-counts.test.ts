import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { temporaryDirectory } from '@holdfast/testkit';
import { SqliteAuthority } from './authority/sqlite-authority.ts';
import { createRepository } from './engine-repository.ts';
import { listAll, sampleBytes } from './store/contract/store-case.ts';
import { RequestLedger, type RequestTotals } from './store/decorators/request-ledger.ts';
import { MemoryStore } from './store/memory-store.ts';
import { MemoryKeyProvider } from './testing/memory-key-provider.ts';
import { entriesOf, makeTree, restoreTree } from './testing/repository-bench.ts';

/** Operations that were asked for, with their numbers. */
function asked(totals: RequestTotals): Record<string, number> {
  return Object.fromEntries(
    Object.entries(totals).flatMap(([operation, { requests }]) => (requests === 0 ? [] : [[operation, requests]])),
  );
}

test('a store is asked exactly this for a first backup, an unchanged one, a changed file and a full restore', async (t) => {
  const root = temporaryDirectory(t);
  const source = join(root, 'source');
  const small = Array.from(
    { length: 300 },
    (_, index) => [`dir/file-${index}`, sampleBytes(20_000, index + 1)] as const,
  );
  makeTree(source, { ...Object.fromEntries(small), large: sampleBytes(24_000_000, 99) });
  const memory = new MemoryStore({ now: Date.now });
  const store = new RequestLedger(memory);
  const authority = new SqliteAuthority({ path: ':memory:' });
  // One payload thread: with more, each ends with a pack of its own that is not full.
  const keyProvider = new MemoryKeyProvider();
  const repository = await createRepository({ store, keyProvider, authority, limits: { threads: 1 } });
  t.after(() => repository.close());
  const during = async (work: () => Promise<unknown>): Promise<Record<string, number>> => {
    const before = store.totals;
    await work();
    return asked(store.since(before));
  };
  const backup = (recoveryPointId: string, parentId?: string) =>
    repository.backupItems({
      recoveryPointId,
      retention: {},
      facts: {},
      entries: entriesOf(source),
      ...(parentId === undefined ? {} : { parentId }),
    });

  // The pack of data, the pack of trees, the index segment, the recovery point.
  assert.deepEqual(await during(() => backup('one')), { put: 4 });
  assert.equal((await listAll(memory, 'packs/')).length, 2, 'one PUT for each pack');
  assert.deepEqual(await during(() => backup('two', 'one')), { put: 1, get: 4 });
  writeFileSync(join(source, 'dir', 'file-7'), sampleBytes(20_001, 777));
  assert.deepEqual(await during(() => backup('three', 'two')), { put: 4, get: 2 });
  const restore = async () => {
    await using reader = await repository.openRecoveryPoint('three');
    assert.equal((await restoreTree(reader, join(root, 'target'))).size, 0);
  };
  // Point, tree and data; the large file is read in ranges of its own.
  assert.deepEqual(await during(restore), { get: 7 });
});
