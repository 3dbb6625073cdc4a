import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { putBytes, sampleBytes } from '../contract/store-case.ts';
import { testStore } from '../contract/test-store.ts';
import { MemoryStore } from '../memory-store.ts';
import { RateLimitedStore, type RateLimits } from './rate-limited-store.ts';

function limited(limits: RateLimits) {
  let time = 0;
  const now = () => time;
  const store = new RateLimitedStore(new MemoryStore({ now }), {
    ...limits,
    now,
    sleep: async (ms) => {
      time += ms;
    },
  });
  const waitUntil = async (at: number) => {
    time = Math.max(at, time);
  };
  return { store, now, waitUntil };
}

testStore('a rate-limited store', async () => limited({ requestsPerSecond: 10, uploadBytesPerSecond: 1e9 }));

describe('a rate-limited store', () => {
  test('lets no more requests through than a second may have', async () => {
    const { store, now } = limited({ requestsPerSecond: 10 });
    for (let index = 0; index < 21; index += 1) await store.delete('nothing');
    assert.ok(now() >= 1900 && now() <= 2100, `21 requests took ${now()} ms`);
  });

  test('spreads bytes in both directions over time', async () => {
    const { store, now } = limited({ uploadBytesPerSecond: 1000, downloadBytesPerSecond: 500 });
    await putBytes(store, 'a', sampleBytes(1000));
    await putBytes(store, 'b', sampleBytes(1000));
    assert.equal(now(), 1000, 'the second waits for the first to be paid');
    await store.get('a');
    await store.get('a');
    assert.equal(now(), 3000);
    await store.get('a', { range: { offset: 0, length: 1 } });
    assert.equal(now(), 5000);
  });

  test('does not let unused time add up', async () => {
    const { store, now, waitUntil } = limited({ requestsPerSecond: 1 });
    await waitUntil(100_000);
    await store.delete('a');
    await store.delete('a');
    await store.delete('a');
    assert.equal(now(), 102_000);
  });
});
