import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { checksumOf } from '../checksum.ts';
import { putBytes, sampleBytes } from '../contract/store-case.ts';
import { testStore } from '../contract/test-store.ts';
import { MemoryStore } from '../memory-store.ts';
import { isStoreError } from '../store-error.ts';
import { type FaultRule, FaultyStore } from './faulty-store.ts';
import { RetryingStore } from './retrying-store.ts';

function retrying(rules: readonly FaultRule[], options: { checksums?: 'store' | 'writer' } = {}) {
  let time = 1_000_000;
  const now = () => time;
  const pauses: number[] = [];
  const memory = new MemoryStore({ now, properties: options.checksums ? { checksums: options.checksums } : {} });
  const faulty = new FaultyStore(memory, { rules });
  const sleep = async (ms: number, signal: AbortSignal | undefined) => {
    signal?.throwIfAborted();
    pauses.push(ms);
    time += ms;
  };
  const store = new RetryingStore(faulty, { random: () => 1, sleep, attempts: 4 });
  const waitUntil = async (at: number) => {
    time = Math.max(time, at);
  };
  return { store, memory, faulty, pauses, now, waitUntil };
}

testStore('a retrying store', async () => retrying([]));

describe('a retrying store', () => {
  test('repeats what fails for a while, with pauses that double', async () => {
    const { store, pauses } = retrying([
      { operation: 'put', nth: 1, fault: { kind: 'error', code: 'unavailable' } },
      { operation: 'put', nth: 2, fault: { kind: 'error', code: 'throttled' } },
      { operation: 'get', nth: 1, fault: { kind: 'error', code: 'throttled' } },
    ]);
    await putBytes(store, 'a', sampleBytes(10));
    assert.deepEqual(await store.get('a'), sampleBytes(10));
    assert.deepEqual(pauses, [100, 200, 100]);
  });

  test('gives up after its attempts, and at once on what no retry can help', async () => {
    const { store, pauses } = retrying([{ operation: 'head', fault: { kind: 'error', code: 'unavailable' } }]);
    await assert.rejects(store.head('a'), (error) => isStoreError(error, 'unavailable'));
    assert.equal(pauses.length, 3);
    await assert.rejects(store.get('missing'), (error) => isStoreError(error, 'not-found'));
    assert.equal(pauses.length, 3);
  });

  for (const checksums of ['store', 'writer'] as const) {
    test(`takes its own object for success after a lost acknowledgement (checksums by ${checksums})`, async () => {
      const { store, memory } = retrying([{ operation: 'put', nth: 1, fault: { kind: 'lost-acknowledgement' } }], {
        checksums,
      });
      await putBytes(store, 'a', sampleBytes(100));
      assert.deepEqual(await memory.get('a'), sampleBytes(100));
    });
  }

  test('does not take another object of the same name for its own', async () => {
    const { store, memory } = retrying([{ operation: 'put', nth: 1, fault: { kind: 'error', code: 'unavailable' } }]);
    await putBytes(memory, 'a', sampleBytes(100, 2));
    await assert.rejects(putBytes(store, 'a', sampleBytes(100, 1)), (error) => isStoreError(error, 'already-exists'));
  });

  test('locks an object that a lost first try left without its lock', async () => {
    const { store, memory, now } = retrying([
      { operation: 'put', nth: 1, fault: { kind: 'error', code: 'unavailable' } },
    ]);
    await putBytes(memory, 'a', sampleBytes(100));
    const retention = { mode: 'compliance', untilAt: now() + 1_000_000 } as const;
    await store.put('a', [sampleBytes(100)], { checksum: checksumOf([sampleBytes(100)]), retention });
    assert.deepEqual((await memory.head('a')).retention, retention);
  });

  test('stops between two tries when it is aborted', async () => {
    const controller = new AbortController();
    const { store, faulty } = retrying([{ operation: 'get', fault: { kind: 'error', code: 'unavailable' } }]);
    const reading = store.get('a', { signal: controller.signal });
    controller.abort(new Error('no longer'));
    await assert.rejects(reading, /no longer/);
    assert.equal(faulty.calls.length, 1);
  });
});
