import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { putBytes, sampleBytes } from './contract/store-case.ts';
import { testStore } from './contract/test-store.ts';
import { MemoryStore, type MemoryStoreOptions } from './memory-store.ts';
import { isStoreError } from './store-error.ts';

function memoryStore(options: Partial<MemoryStoreOptions> = {}) {
  let time = Date.parse('2026-01-01');
  const now = () => time;
  return {
    store: new MemoryStore({ now, ...options }),
    now,
    waitUntil: async (at: number) => {
      time = Math.max(time, at);
    },
  };
}

testStore('a memory store', async () => memoryStore());
testStore('a memory store that warms up slowly', async () => memoryStore({ warmUpMs: 5 * 3_600_000 }));
testStore('a memory store without locks and cold tier', async () =>
  memoryStore({ properties: { retention: 'none', coldTier: 'none', singlePutBytes: 1000 } }),
);

describe('a memory store', () => {
  test('makes a cold object readable only while it is warm', async () => {
    const { store, now, waitUntil } = memoryStore({ warmUpMs: 1000 });
    await putBytes(store, 'pack', sampleBytes(10), { tier: 'cold' });
    await assert.rejects(store.get('pack'), (error) => isStoreError(error, 'cold'));
    await store.warmUp('pack', 5000);
    assert.equal((await store.head('pack')).availability, 'warming');
    await waitUntil(now() + 1000);
    assert.deepEqual(await store.get('pack'), sampleBytes(10));
    await waitUntil(now() + 5000);
    assert.equal((await store.head('pack')).availability, 'cold');
  });

  test('keeps its reserve for what deletion must write', async () => {
    const { store } = memoryStore({ capacityBytes: 1000, reserveBytes: 100 });
    await putBytes(store, 'a', sampleBytes(900));
    await assert.rejects(putBytes(store, 'b', sampleBytes(1)), (error) => isStoreError(error, 'no-space'));
    await putBytes(store, 'b', sampleBytes(100), { mayUseReserve: true });
    await store.delete('a');
    await putBytes(store, 'c', sampleBytes(700));
    assert.equal(store.usedBytes, 800);
  });
});
