import assert from 'node:assert/strict';
import { once } from 'node:events';
import { test } from 'node:test';
import { Worker } from 'node:worker_threads';
import { type Comparison, KINDS } from './compare-worlds.ts';

/** HOLDFAST_SIMULATION=<resources>:<years>:<seed>:<seed>… lives through bigger worlds or other ones. */
const [resources = 0, years = 0, ...seeds] = (process.env['HOLDFAST_SIMULATION'] ?? '12:3:1').split(':').map(Number);

for (const seed of seeds) {
  test(`${resources} resources live ${years} years exactly as the specification says (seed ${seed})`, async (t) => {
    const workerData = { seed, resources, years };
    const worker = new Worker(new URL('./simulation-worker.ts', import.meta.url), { workerData });
    const [comparison] = (await once(worker, 'message')) as [Comparison];
    await worker.terminate();
    t.diagnostic(`${comparison.happenings} happenings: ${JSON.stringify(comparison.kinds)}`);
    assert.deepEqual(comparison.differences, []);
    assert.deepEqual(comparison.endDifferences, []);
    for (const kind of Object.keys(KINDS)) {
      assert.ok((comparison.kinds[kind] ?? 0) > 0, `the scenario has no case of "${kind}"`);
    }
  });
}
