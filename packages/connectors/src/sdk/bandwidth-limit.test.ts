import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { BandwidthLimit } from './bandwidth-limit.ts';

function limitWithClock(bytesPerSecond: number) {
  const clock = { nowMs: 0 };
  const limit = new BandwidthLimit({
    bytesPerSecond,
    now: () => clock.nowMs,
    sleep: async (ms) => {
      clock.nowMs += ms;
    },
  });
  return { clock, limit, signal: new AbortController().signal };
}

describe('A bandwidth limit', () => {
  it('lets no more through than its rate, whatever the sizes', async () => {
    const { clock, limit, signal } = limitWithClock(1000);
    for (const bytes of [100, 900, 5000, 1]) await limit.take(bytes, signal);
    assert.equal(clock.nowMs, 6000);
  });

  it('saves nothing up while nothing moves', async () => {
    const { clock, limit, signal } = limitWithClock(1000);
    clock.nowMs = 60_000;
    await limit.take(1000, signal);
    await limit.take(1000, signal);
    assert.equal(clock.nowMs, 61_000);
  });

  it('slows a stream down and changes nothing in it', async () => {
    const { clock, limit, signal } = limitWithClock(10);
    const parts: string[] = [];
    async function* source() {
      yield Buffer.from('ten bytes!');
      yield Buffer.from('more');
    }
    for await (const part of limit.limited(source(), signal)) parts.push(Buffer.from(part).toString());
    assert.deepEqual(parts, ['ten bytes!', 'more']);
    assert.equal(clock.nowMs, 1000);
  });

  it('ends a wait with the reason of the signal', async () => {
    const limit = new BandwidthLimit({ bytesPerSecond: 1, now: () => 0 });
    const controller = new AbortController();
    await limit.take(1_000_000, controller.signal);
    const waiting = limit.take(1, controller.signal);
    controller.abort(new Error('the user stopped the job'));
    await assert.rejects(waiting, /the user stopped the job/);
  });

  it('refuses a rate at which nothing would ever move', () => {
    for (const bytesPerSecond of [0, -1, Number.NaN]) {
      assert.throws(() => new BandwidthLimit({ bytesPerSecond, now: () => 0 }), /more than 0/);
    }
  });
});
