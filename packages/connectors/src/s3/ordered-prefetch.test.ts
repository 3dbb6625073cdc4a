import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { orderedPrefetch, type PrefetchTask } from './ordered-prefetch.ts';

const LIMITS = { tasks: 4, bytes: 100 };

/** Tasks that are ended by hand, in any order. */
function manual(sizes: readonly number[]) {
  const started: { resolve: (value: number) => void; reject: (error: unknown) => void }[] = [];
  async function* tasks(): AsyncGenerator<PrefetchTask<number>> {
    for (const bytes of sizes) {
      yield {
        bytes,
        start: () => new Promise<number>((resolve, reject) => started.push({ resolve, reject })),
      };
    }
  }
  return { started, tasks };
}

async function all<T>(results: AsyncIterable<T>): Promise<T[]> {
  const found: T[] = [];
  for await (const result of results) found.push(result);
  return found;
}

/** Lets everything happen that can happen without time passing. */
async function settle(): Promise<void> {
  for (let turn = 0; turn < 20; turn += 1) await new Promise((resolve) => setImmediate(resolve));
}

describe('Fetching ahead in order', () => {
  it('gives results in the order of the tasks, whichever ends first', async () => {
    const { started, tasks } = manual([1, 1, 1]);
    const reading = all(orderedPrefetch(tasks(), LIMITS));
    await settle();
    for (const index of [2, 0, 1]) started[index]?.resolve(index);
    assert.deepEqual(await reading, [0, 1, 2]);
  });

  it('starts no more than may be under way, by number and by memory', async () => {
    for (const [sizes, most] of [
      [[1, 1, 1, 1, 1, 1], 4],
      [[60, 60, 60], 1],
      [[500, 1], 1],
    ] as const) {
      const { started, tasks } = manual(sizes);
      const reader = orderedPrefetch(tasks(), LIMITS);
      const first = reader.next();
      await settle();
      assert.equal(started.length, most, JSON.stringify(sizes));
      started[0]?.resolve(0);
      assert.equal((await first).value, 0);
      await reader.return(undefined);
    }
  });

  it('fails where the failed task stood, and starts nothing more', async () => {
    const { started, tasks } = manual([1, 1, 1, 1, 1, 1]);
    const reader = orderedPrefetch(tasks(), LIMITS);
    const first = reader.next();
    await settle();
    started[1]?.reject(new Error('refused'));
    started[0]?.resolve(0);
    assert.equal((await first).value, 0);
    await assert.rejects(reader.next(), /refused/);
    const before = started.length;
    await settle();
    assert.equal(started.length, before);
  });

  it('passes on what the source of the tasks throws, after the results before it', async () => {
    async function* tasks(): AsyncGenerator<PrefetchTask<number>> {
      yield { bytes: 0, start: () => 1 };
      throw new Error('the listing broke');
    }
    const reader = orderedPrefetch(tasks(), LIMITS);
    assert.equal((await reader.next()).value, 1);
    await assert.rejects(reader.next(), /the listing broke/);
  });
});
