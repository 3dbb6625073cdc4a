import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { SqliteAuthority } from '../authority/sqlite-authority.ts';
import { listAll, sampleBytes } from '../store/contract/store-case.ts';
import { RequestLedger, totalRequests } from '../store/decorators/request-ledger.ts';
import { MemoryStore } from '../store/memory-store.ts';
import { MemoryKeyProvider } from '../testing/memory-key-provider.ts';
import { SampleVault, TestClock } from '../testing/sample-vault.ts';

const DAY_MS = 86_400_000;

function content(...seeds: readonly number[]): Map<string, Uint8Array> {
  return new Map(seeds.map((seed) => [`file-${seed}`, sampleBytes(900, seed)]));
}

async function sample() {
  const clock = new TestClock();
  const memory = new MemoryStore({ now: clock.now });
  const store = new RequestLedger(memory);
  const keyProvider = new MemoryKeyProvider();
  const authority = new SqliteAuthority({ path: ':memory:', clock: clock.now });
  const options = { clock, store, keyProvider, authority };
  const vault = await SampleVault.create(options);
  await vault.backup('one', content(1, 2, 3));
  clock.advance(100 * DAY_MS);
  await vault.backup('two', content(4, 5), { parentId: 'one' });
  return { vault, memory, store, keyProvider, reopen: () => SampleVault.open({ ...options, seed: 2 }) };
}

describe('rotating the keys of a vault', () => {
  test('wraps the keys again and touches nothing else', async () => {
    const { vault, memory, store, keyProvider } = await sample();
    const others = async () => (await listAll(memory, '')).filter(({ key }) => !key.startsWith('keys/'));
    const before = await others();
    keyProvider.rotate();
    const totals = store.totals;
    const { rewrapped } = await vault.keys.rotate();
    assert.equal(rewrapped, 3, 'the ID-domain key and two data keys, as the first was too old to write with');
    assert.deepEqual(await others(), before);
    const since = store.since(totals);
    assert.ok(totalRequests(since) <= 3 * rewrapped + 1, `${totalRequests(since)} requests`);
    assert.ok(since.put.bytesUp < 2000, `${since.put.bytesUp} bytes were written`);
  });

  test('makes the old key of the provider unnecessary', async () => {
    const { vault, keyProvider, reopen } = await sample();
    const expected = [await vault.restore('one'), await vault.restore('two')];
    keyProvider.rotate();
    await vault.keys.rotate();
    keyProvider.remove('key-1');
    const reopened = await reopen();
    assert.deepEqual([await reopened.restore('one'), await reopened.restore('two')], expected);
    await reopened.backup('three', content(1, 5, 6));
    assert.equal((await reopened.restore('three')).size, 3);
  });

  test('leaves nothing to read when the last key is gone', async () => {
    const { keyProvider, reopen } = await sample();
    keyProvider.rotate();
    keyProvider.remove('key-1');
    const reopened = await reopen();
    await assert.rejects(reopened.restore('one'), /there is no key key-1/);
  });
});
