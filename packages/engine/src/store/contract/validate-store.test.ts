import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { MemoryStore } from '../memory-store.ts';
import type { PutOptions } from '../store.ts';
import { listAll } from './store-case.ts';
import { validateStore } from './validate-store.ts';

function simulated() {
  let time = Date.parse('2026-01-01');
  const now = () => time;
  const waitUntil = async (at: number) => {
    time = Math.max(time, at);
  };
  return { now, waitUntil };
}

describe('validating a store', () => {
  test('reports a good store as good and leaves it empty', async () => {
    const clock = simulated();
    const store = new MemoryStore(clock);
    const report = await validateStore(store, { prefix: 'validate/x', ...clock });
    assert.ok(report.ok);
    assert.ok(report.results.filter(({ outcome }) => outcome === 'kept').length > 20);
    assert.deepEqual(report.leftBehind, []);
    assert.deepEqual(await listAll(store, ''), []);
  });

  test('names the obligation that a store breaks', async () => {
    class Overwriting extends MemoryStore {
      override async put(key: string, body: readonly Uint8Array[], options: PutOptions): Promise<void> {
        await super.delete(key);
        await super.put(key, body, options);
      }
    }
    const clock = simulated();
    const report = await validateStore(new Overwriting(clock), { prefix: 'validate/x', ...clock });
    assert.equal(report.ok, false);
    const broken = report.results.filter(({ outcome }) => outcome === 'broken').map(({ name }) => name);
    assert.ok(broken.includes('a second put of the same key is refused and changes nothing'));
  });
});
