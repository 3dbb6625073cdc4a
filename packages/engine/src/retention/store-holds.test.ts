import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { SqliteAuthority } from '../authority/sqlite-authority.ts';
import { executeCollection } from '../collect/execute-collection.ts';
import { COLLECTION_DEFAULTS, planCollection } from '../collect/plan-collection.ts';
import { packKey } from '../pack/pack-id.ts';
import { listAll, sampleBytes } from '../store/contract/store-case.ts';
import { ForwardingStore } from '../store/decorators/forwarding-store.ts';
import { MemoryStore } from '../store/memory-store.ts';
import type { StoreProperties } from '../store/store.ts';
import { isStoreError } from '../store/store-error.ts';
import { SampleVault, TestClock } from '../testing/sample-vault.ts';
import { changeRetention } from './change-retention.ts';
import { deleteRecoveryPoint } from './delete-recovery-point.ts';
import { placeHold, releaseHold } from './legal-hold.ts';

/** A store whose holds nobody reaches. */
class DeafStore extends ForwardingStore {
  override get properties(): StoreProperties {
    return { ...this.inner.properties, legalHold: 'none' };
  }
}

const OPTIONS = { ...COLLECTION_DEFAULTS, graceMs: 0, targetPackBytes: 4096 };
const RANGE = Array.from({ length: 18 }, (_, index) => index + 1);

function content(...seeds: readonly number[]): Map<string, Uint8Array> {
  return new Map(seeds.map((seed) => [`file-${seed}`, sampleBytes(900, seed)]));
}

async function sample() {
  const clock = new TestClock();
  const store = new MemoryStore({ now: clock.now });
  const authority = new SqliteAuthority({ path: ':memory:', clock: clock.now });
  const vault = await SampleVault.create({ clock, store, authority });
  await vault.backup('all', content(...RANGE));
  await vault.backup('few', content(1, 7, 13), { parentId: 'all' });
  const held = async (): Promise<readonly string[]> => {
    const keys: string[] = [];
    for (const { key } of await listAll(store, '')) if ((await store.head(key)).isHeld === true) keys.push(key);
    return keys;
  };
  /** All that the recovery points under hold need, slow and obvious. */
  const wanted = async (...ids: readonly string[]): Promise<readonly string[]> => {
    const keys = new Set<string>();
    for (const id of ids) {
      for (const { packId } of await authority.collection.packUses(vault.vaultId, id)) keys.add(packKey(packId));
      for (const prefix of [`points/${id}.`, `retention/${id}.`]) {
        for (const { key } of await listAll(store, prefix)) keys.add(key);
      }
    }
    return [...keys].sort();
  };
  const collect = async () => {
    for (let round = 0; round < 2; round += 1) {
      await executeCollection(vault, await planCollection(vault, OPTIONS), OPTIONS);
      clock.advance(1);
    }
  };
  return { vault, store, authority, held, wanted, collect };
}

describe('legal holds of the store', () => {
  test('stand on every object that a held recovery point needs, until nobody who needs it is held', async () => {
    const { vault, store, held, wanted } = await sample();
    await placeHold(vault, 'few', 'case-1');
    await placeHold(vault, 'all', 'case-2');
    assert.deepEqual(await held(), await wanted('all', 'few'));
    for (const key of await held()) {
      await assert.rejects(store.delete(key), (error) => isStoreError(error, 'locked'));
    }
    await changeRetention(vault, 'few', { keepUntilAt: Date.parse('2027-01-01') });
    assert.deepEqual(await held(), await wanted('all', 'few'), 'a later change of retention is held too');
    await releaseHold(vault, 'all', 'case-2');
    assert.deepEqual(await held(), await wanted('few'));
    await placeHold(vault, 'few', 'case-3');
    await releaseHold(vault, 'few', 'case-1');
    assert.deepEqual(await held(), await wanted('few'));
    await releaseHold(vault, 'few', 'case-3');
    assert.deepEqual(await held(), []);
    await deleteRecoveryPoint(vault, 'few');
  });

  test('follow frames that are moved, and let the emptied packs go', async () => {
    const { vault, held, wanted, collect } = await sample();
    await placeHold(vault, 'few', 'case-1');
    const before = await wanted('few');
    await deleteRecoveryPoint(vault, 'all');
    await collect();
    const after = await wanted('few');
    assert.notDeepEqual(after, before, 'nothing was moved');
    assert.deepEqual(await held(), after);
    const stored = new Set((await listAll(vault.store, 'packs/')).map(({ key }) => key));
    assert.deepEqual(
      before.filter((key) => key.startsWith('packs/') && !after.includes(key) && stored.has(key)),
      [],
      'emptied packs are gone',
    );
  });

  test('are lifted by a deletion when a release was cut off before the store heard of it', async () => {
    const { vault, store, authority, held, collect } = await sample();
    await placeHold(vault, 'all', 'case-1');
    const deaf = Object.assign(Object.create(vault) as SampleVault, { store: new DeafStore(store) });
    await releaseHold(deaf, 'all', 'case-1');
    assert.ok((await held()).length > 0);
    await deleteRecoveryPoint(vault, 'all');
    await deleteRecoveryPoint(vault, 'few');
    await collect();
    assert.deepEqual(await held(), []);
    assert.deepEqual(await authority.allPacks(vault.vaultId, undefined, 10), []);
  });

  test('leave a store without holds alone, where the engine refuses all the same', async () => {
    const { vault } = await sample();
    const store = new MemoryStore({ now: vault.clock, properties: { legalHold: 'none' } });
    const plain = await SampleVault.create({ store, seed: 2 });
    await plain.backup('one', content(1));
    await placeHold(plain, 'one', 'case-1');
    await assert.rejects(deleteRecoveryPoint(plain, 'one'), /legal hold/);
  });
});
