import assert from 'node:assert/strict';
import { test } from 'node:test';
import { listAll, putBytes, sampleBytes } from '../contract/store-case.ts';
import { MemoryStore } from '../memory-store.ts';
import { RequestLedger, totalRequests } from './request-ledger.ts';

test('a request ledger counts requests, errors and bytes, and tells what came since', async () => {
  const ledger = new RequestLedger(new MemoryStore({ now: () => 0 }));
  await putBytes(ledger, 'a', sampleBytes(100));
  await assert.rejects(putBytes(ledger, 'a', sampleBytes(100)));
  const earlier = ledger.totals;
  await ledger.get('a', { range: { offset: 0, length: 30 } });
  await assert.rejects(ledger.get('b'));
  await ledger.head('a');
  await listAll(ledger, '');
  assert.deepEqual(earlier.put, { requests: 2, errors: 1, bytesUp: 200, bytesDown: 0 });
  const since = ledger.since(earlier);
  assert.deepEqual(since.put, { requests: 0, errors: 0, bytesUp: 0, bytesDown: 0 });
  assert.deepEqual(since.get, { requests: 2, errors: 1, bytesUp: 0, bytesDown: 30 });
  assert.equal(totalRequests(since), 4);
  assert.equal(totalRequests(ledger.totals), 6);
});
