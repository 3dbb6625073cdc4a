import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { listAll, putBytes, sampleBytes } from '../contract/store-case.ts';
import { MemoryStore } from '../memory-store.ts';
import { isStoreError } from '../store-error.ts';
import { CrashingStore, CrashPoint, crashing, SimulatedCrash } from './crash-point.ts';
import { FaultyStore, type FaultyStoreOptions } from './faulty-store.ts';

function faulty(options: FaultyStoreOptions) {
  const memory = new MemoryStore({ now: () => 0 });
  return { memory, store: new FaultyStore(memory, options) };
}

describe('a faulty store', () => {
  test('fails the nth call of an operation on some keys, and no other', async () => {
    const { store, memory } = faulty({
      rules: [{ operation: 'put', key: /^packs\//, nth: 2, fault: { kind: 'error', code: 'no-space' } }],
    });
    await putBytes(store, 'packs/1', sampleBytes(10));
    await putBytes(store, 'index/1', sampleBytes(10));
    await assert.rejects(putBytes(store, 'packs/2', sampleBytes(10)), (error) => isStoreError(error, 'no-space'));
    await putBytes(store, 'packs/2', sampleBytes(10));
    assert.equal((await listAll(memory, '')).length, 3);
  });

  test('loses acknowledgements and doubles calls', async () => {
    const { store, memory } = faulty({
      rules: [
        { operation: 'put', nth: 1, fault: { kind: 'lost-acknowledgement' } },
        { operation: 'put', nth: 2, fault: { kind: 'duplicate' } },
      ],
    });
    await assert.rejects(putBytes(store, 'a', sampleBytes(10)), (error) => isStoreError(error, 'unavailable'));
    await putBytes(store, 'b', sampleBytes(10));
    assert.deepEqual(await memory.get('a'), sampleBytes(10));
    assert.deepEqual(await memory.get('b'), sampleBytes(10));
  });

  test('tears a write, honestly or not', async () => {
    const { store, memory } = faulty({
      rules: [
        { key: /honest/, fault: { kind: 'torn-write', keptBytes: 3, reported: 'failure' } },
        { key: /lying/, fault: { kind: 'torn-write', keptBytes: 3, reported: 'success' } },
      ],
    });
    await assert.rejects(putBytes(store, 'honest', sampleBytes(10)), (error) => isStoreError(error, 'unavailable'));
    await putBytes(store, 'lying', sampleBytes(10));
    assert.equal((await memory.head('honest')).sizeBytes, 3);
    assert.equal((await memory.head('lying')).sizeBytes, 3);
  });

  test('delays on an injected clock and fills up', async () => {
    const pauses: number[] = [];
    const { store } = faulty({
      rules: [{ operation: 'head', fault: { kind: 'delay', ms: 5000 } }],
      sleep: async (ms) => {
        pauses.push(ms);
      },
      fullAfterBytes: 100,
    });
    await putBytes(store, 'a', sampleBytes(100));
    await assert.rejects(putBytes(store, 'b', sampleBytes(1)), (error) => isStoreError(error, 'no-space'));
    await putBytes(store, 'b', sampleBytes(1), { mayUseReserve: true });
    await store.head('a');
    assert.deepEqual(pauses, [5000]);
  });

  test('shows new and deleted objects late', async () => {
    const { store } = faulty({ staleCalls: 2 });
    await putBytes(store, 'a', sampleBytes(1));
    await assert.rejects(store.get('a'), (error) => isStoreError(error, 'not-found'));
    assert.deepEqual(await listAll(store, ''), []);
    await assert.rejects(store.head('a'), (error) => isStoreError(error, 'not-found'));
    assert.deepEqual(await store.get('a'), sampleBytes(1));
    await store.delete('a');
    assert.equal((await listAll(store, '')).length, 1);
    await store.delete('b');
    await store.delete('b');
    assert.deepEqual(await listAll(store, ''), []);
  });
});

describe('a crash point', () => {
  test('counts the steps that change something, and kills before or after any one of them', async () => {
    const run = async (crash: CrashPoint) => {
      const memory = new MemoryStore({ now: () => 0 });
      const store = new CrashingStore(memory, crash);
      const port = crashing({ commit: async () => 'done', look: async () => 1 }, crash, new Set(['look']));
      const work = async () => {
        await putBytes(store, 'a', sampleBytes(1));
        await store.head('a');
        await port.look();
        await port.commit();
        await store.delete('a');
      };
      const outcome = await work().catch((error: unknown) => error);
      return { outcome, left: (await listAll(memory, '')).length, store };
    };
    const counting = new CrashPoint();
    await run(counting);
    assert.deepEqual(counting.steps, ['put a', 'commit', 'delete a']);
    for (const [killAt, when, left] of [
      [0, 'before', 0],
      [0, 'after', 1],
      [1, 'before', 1],
      [2, 'before', 1],
      [2, 'after', 0],
    ] as const) {
      const crash = new CrashPoint(killAt, when);
      const { outcome, left: actual, store } = await run(crash);
      assert.ok(outcome instanceof SimulatedCrash);
      assert.equal(actual, left, `killed ${when} step ${killAt}`);
      await assert.rejects(store.head('a'), SimulatedCrash);
    }
  });
});
