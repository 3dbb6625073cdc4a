import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { AimdLimit } from './aimd-limit.ts';

const throttled = new Error('slow down');
const isThrottled = (error: unknown) => error === throttled;

/** Runs `count` requests at once that all end in the same way; returns the most that were in flight. */
async function burst(limit: AimdLimit, count: number, outcome: () => Promise<void>): Promise<number> {
  let inFlight = 0;
  let most = 0;
  const one = async () => {
    inFlight += 1;
    most = Math.max(most, inFlight);
    await Promise.resolve();
    try {
      await outcome();
    } finally {
      inFlight -= 1;
    }
  };
  await Promise.allSettled(Array.from({ length: count }, () => limit.run(one, isThrottled)));
  return most;
}

const succeed = async () => undefined;
const refuse = async () => {
  throw throttled;
};

describe('The limit on requests in flight', () => {
  it('lets no more through than it says, and everybody in the end', async () => {
    const limit = new AimdLimit(8, 4);
    assert.equal(await burst(limit, 4, succeed), 4);
    assert.ok((await burst(limit, 100, succeed)) <= 8);
  });

  it('grows by one for each round of answers, up to its maximum', async () => {
    const limit = new AimdLimit(6, 4);
    await burst(limit, 5, succeed);
    assert.equal(limit.limit, 5);
    await burst(limit, 100, succeed);
    assert.equal(limit.limit, 6);
  });

  it('halves once for requests that were refused together, and never stops', async () => {
    const limit = new AimdLimit(64, 32);
    await burst(limit, 32, refuse);
    assert.equal(limit.limit, 16);
    for (let round = 0; round < 10; round += 1) await burst(limit, 1, refuse);
    assert.equal(limit.limit, 1);
    assert.equal(await burst(limit, 3, succeed), 2);
  });

  it('stays as it is when a request fails for another reason', async () => {
    const limit = new AimdLimit(64, 32);
    await burst(limit, 32, async () => {
      throw new Error('no such key');
    });
    assert.equal(limit.limit, 32);
  });
});
