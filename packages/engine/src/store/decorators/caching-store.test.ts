import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { putBytes, sampleBytes } from '../contract/store-case.ts';
import { testStore } from '../contract/test-store.ts';
import { MemoryStore } from '../memory-store.ts';
import { isStoreError } from '../store-error.ts';
import { CachingStore } from './caching-store.ts';
import { RequestLedger } from './request-ledger.ts';

function caching(maxBytes: number) {
  let time = 0;
  const now = () => time;
  const memory = new MemoryStore({ now });
  const ledger = new RequestLedger(memory);
  const store = new CachingStore(ledger, { maxBytes, maxEntryBytes: maxBytes });
  const waitUntil = async (at: number) => {
    time = at;
  };
  return { store, ledger, memory, now, waitUntil };
}

testStore('a caching store', async () => caching(1_000_000));

describe('a caching store', () => {
  test('reads the same range once, also for readers of the same moment', async () => {
    const { store, ledger } = caching(1000);
    await putBytes(store, 'a', sampleBytes(100));
    const range = { offset: 10, length: 20 };
    const reads = await Promise.all([1, 2, 3].map(() => store.get('a', { range })));
    reads[0]?.fill(0);
    assert.deepEqual(await store.get('a', { range }), sampleBytes(100).subarray(10, 30));
    assert.deepEqual(reads[1], sampleBytes(100).subarray(10, 30));
    assert.equal(ledger.totals.get.requests, 1);
  });

  test('keeps what was used last and stays within its bytes', async () => {
    const { store, ledger } = caching(250);
    for (const key of ['a', 'b', 'c']) await putBytes(store, key, sampleBytes(100));
    for (const key of ['a', 'b', 'a', 'c', 'a', 'b']) await store.get(key);
    assert.equal(store.usedBytes, 200);
    assert.equal(ledger.totals.get.requests, 4, 'a, b, c and b again');
  });

  test('forgets what is deleted and never remembers an error', async () => {
    const { store } = caching(1000);
    await assert.rejects(store.get('a'), (error) => isStoreError(error, 'not-found'));
    await putBytes(store, 'a', sampleBytes(100));
    await store.get('a');
    await store.delete('a');
    await assert.rejects(store.get('a'), (error) => isStoreError(error, 'not-found'));
    assert.equal(store.usedBytes, 0);
  });
});
