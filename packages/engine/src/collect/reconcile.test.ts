import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { SqliteAuthority } from '../authority/sqlite-authority.ts';
import { packKey } from '../pack/pack-id.ts';
import { listAll, putBytes, sampleBytes } from '../store/contract/store-case.ts';
import { MemoryStore } from '../store/memory-store.ts';
import { SampleVault, TestClock } from '../testing/sample-vault.ts';
import { executeReconcile, planReconcile } from './reconcile.ts';

const DAY_MS = 86_400_000;
const FILES = new Map([
  ['a', sampleBytes(900, 1)],
  ['b', sampleBytes(900, 2)],
]);

async function sample() {
  const clock = new TestClock();
  const store = new MemoryStore({ now: clock.now });
  const authority = new SqliteAuthority({ path: ':memory:', clock: clock.now });
  const vault = await SampleVault.create({ clock, store, authority });
  await vault.backup('one', FILES);
  return { vault, store, authority, clock };
}

describe('comparing store and authority', () => {
  test('finds nothing to do in a healthy vault, whoever runs', async () => {
    const { vault, clock } = await sample();
    const lease = await vault.lease('running');
    await vault.write(lease, new Map([['c', sampleBytes(900, 3)]]));
    clock.advance(vault.leaseMs / 2);
    const plan = await planReconcile(vault, { orphanGraceMs: 0 });
    const ofRunning = plan.deletes.filter(({ key }) => !key.startsWith('index/'));
    assert.deepEqual([ofRunning, plan.missing, plan.rolledBack], [[], [], false]);
  });

  test('deletes what nobody knows after its grace, and names it before', async () => {
    const { vault, store, clock } = await sample();
    const foreign = `${'0000000100000001'}${'ab'.repeat(8)}`;
    await putBytes(store, packKey(foreign), sampleBytes(100));
    await putBytes(store, 'later-version/something', sampleBytes(100));
    assert.deepEqual((await planReconcile(vault)).waiting, [packKey(foreign)]);
    clock.advance(7 * DAY_MS);
    const outcome = await executeReconcile(vault, await planReconcile(vault));
    assert.deepEqual([outcome.deleted, outcome.freedBytes], [1, 100]);
    assert.equal((await listAll(store, 'later-version/')).length, 1, 'names of others are left alone');
    assert.equal((await vault.restore('one')).size, 2);
  });

  test('enters lost packs into the ledger as damaged', async () => {
    const { vault, store, authority } = await sample();
    const [use] = await authority.collection.packUses(vault.vaultId, 'one');
    store.lose(packKey(use?.packId ?? ''));
    await executeReconcile(vault, await planReconcile(vault));
    const damaged = await authority.collection.damagedPacks(vault.vaultId);
    assert.deepEqual(
      damaged.map(({ pack, damage }) => [pack.packId, damage]),
      [[use?.packId, 'the object is gone']],
    );
  });

  test('freezes deletion when the database was rolled back, and deletes nothing', async () => {
    const { vault, store, clock } = await sample();
    const old = new SqliteAuthority({ path: ':memory:', clock: clock.now });
    const rolledBack = Object.assign(Object.create(vault) as SampleVault, { authority: old });
    clock.advance(30 * DAY_MS);
    const before = (await listAll(store, '')).length;
    const plan = await planReconcile(rolledBack);
    assert.ok(plan.rolledBack && plan.deletes.length > 0);
    const outcome = await executeReconcile(rolledBack, plan);
    assert.match(outcome.frozen ?? '', /restored from an old copy/);
    assert.equal((await listAll(store, '')).length, before);
  });
});
