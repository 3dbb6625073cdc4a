import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { ReadQueue } from './read-queue.ts';

/** A queue whose seats are given by hand; notes which thread began what. */
function bench() {
  const seats: PromiseWithResolvers<number>[] = [];
  const begun: string[] = [];
  const errors: unknown[] = [];
  const takeSeat = (): Promise<number> => {
    const seat = Promise.withResolvers<number>();
    seats.push(seat);
    return seat.promise;
  };
  const queue = new ReadQueue(takeSeat, (error) => errors.push(error));
  return {
    queue,
    begun,
    errors,
    seat: () => seats.at(-1),
    add: (sizeBytes: number, heldBytes = 1) =>
      queue.add({ sizeBytes, heldBytes, begin: (worker) => begun.push(`${worker}:${sizeBytes}`) }),
    give: async (worker: number) => {
      seats.at(-1)?.resolve(worker);
      await new Promise(setImmediate);
    },
  };
}

describe('reads that wait for a thread', () => {
  test('go in order to even threads and by size to odd ones', async () => {
    const { add, give, begun, queue } = bench();
    for (const size of [5, 1, 9, 3, 7]) await add(size);
    for (const worker of [0, 1, 1, 0, 0]) await give(worker);
    await queue.empty();
    assert.deepEqual(begun, ['0:5', '1:9', '1:7', '0:1', '0:3']);
    assert.ok(queue.isEmpty);
  });

  test('let the source wait when there are many, or when they hold much memory', async () => {
    for (const held of [
      { count: 1024, bytes: 1 },
      { count: 3, bytes: 8 * 1024 * 1024 },
    ]) {
      const { add, give } = bench();
      for (let index = 1; index < held.count; index += 1) await add(index, held.bytes);
      let hasRoom = false;
      const waiting = add(0, held.bytes).then(() => {
        hasRoom = true;
      });
      await new Promise(setImmediate);
      assert.equal(hasRoom, false);
      await give(0);
      await waiting;
    }
  });

  test('are dropped when the session fails, and nobody waits for ever', async () => {
    const { add, seat, errors, begun, queue } = bench();
    for (let index = 1; index < 1024; index += 1) await add(index);
    const waiting = add(0);
    const failure = new Error('the session failed');
    seat()?.reject(failure);
    await waiting;
    await queue.empty();
    assert.deepEqual([errors, begun], [[failure], []]);
    assert.ok(queue.isEmpty);
  });
});
