import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { SqliteAuthority } from '../authority/sqlite-authority.ts';
import { KeyRing } from '../keys/key-ring.ts';
import { listAll, sampleBytes } from '../store/contract/store-case.ts';
import { ForwardingStore } from '../store/decorators/forwarding-store.ts';
import { RequestLedger, totalRequests } from '../store/decorators/request-ledger.ts';
import { MemoryStore } from '../store/memory-store.ts';
import type { ListedObject, Store } from '../store/store.ts';
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

function partsOf({ vaultId, clock, random }: SampleVault, keyProvider: MemoryKeyProvider) {
  return { vaultId, clock, random, keyProvider };
}

/** A store whose first listing is from before a key was added. */
class StaleListing extends ForwardingStore {
  #hidden: string | undefined;

  constructor(inner: Store, hidden: string) {
    super(inner);
    this.#hidden = hidden;
  }

  override async *list(prefix: string): AsyncIterable<ListedObject> {
    const hidden = this.#hidden;
    this.#hidden = undefined;
    for await (const object of this.inner.list(prefix)) if (object.key !== hidden) yield object;
  }
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

  test('gives a writer with an old view of the keys the key that others added and rotated meanwhile', async () => {
    const { vault, memory, keyProvider, reopen } = await sample();
    const late = await reopen();
    // What the late writer knows is older than the second key: it will try to add that one itself.
    const stale = await KeyRing.open({
      ...partsOf(vault, keyProvider),
      store: new StaleListing(memory, 'keys/00000002.0001'),
    });
    await late.keys.rotate();
    const { serial, key } = await stale.writeKey();
    assert.equal(serial, 2);
    assert.deepEqual(key, await late.keys.dataKey(2), 'there is one key of a serial, whoever wrote first');
    assert.deepEqual(
      (await listAll(memory, 'keys/')).map((object) => object.key),
      ['keys/00000000.0002', 'keys/00000001.0002', 'keys/00000002.0002'],
    );
  });

  test('lets backups of the same process go on', async () => {
    const { vault, keyProvider } = await sample();
    keyProvider.rotate();
    const rotations = [vault.keys.rotate(), vault.keys.rotate()];
    const backups = ['three', 'four', 'five'].map((id, index) => vault.backup(id, content(10 + index)));
    await Promise.all([...rotations, ...backups]);
    for (const id of ['one', 'two', 'three', 'four', 'five']) assert.ok((await vault.restore(id)).size > 0);
  });

  test('leaves nothing to read when the last key is gone', async () => {
    const { keyProvider, reopen } = await sample();
    keyProvider.rotate();
    keyProvider.remove('key-1');
    const reopened = await reopen();
    await assert.rejects(reopened.restore('one'), /there is no key key-1/);
  });
});
