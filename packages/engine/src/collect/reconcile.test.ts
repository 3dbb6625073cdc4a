import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { SqliteAuthority } from '../authority/sqlite-authority.ts';
import { packKey } from '../pack/pack-id.ts';
import { deleteRecoveryPoint } from '../retention/delete-recovery-point.ts';
import { listAll, putBytes, sampleBytes } from '../store/contract/store-case.ts';
import { MemoryStore } from '../store/memory-store.ts';
import { SampleVault, TestClock } from '../testing/sample-vault.ts';
import { executeCollection } from './execute-collection.ts';
import { neededRecords } from './obsolete-moves.ts';
import { COLLECTION_DEFAULTS, planCollection } from './plan-collection.ts';
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

describe('records of moves', () => {
  const OPTIONS = { ...COLLECTION_DEFAULTS, graceMs: 0, targetPackBytes: 4096 };
  const many = new Map(Array.from({ length: 18 }, (_, index) => [`f${index}`, sampleBytes(900, 10 + index)]));
  const few = new Map([...many].filter((_, index) => index % 6 === 0));

  /** A vault in which what `few` needs was moved out of the packs that `all` had written. */
  async function moved() {
    const { vault, store, clock, authority } = await sample();
    await vault.backup('all', many);
    await vault.backup('few', few, { parentId: 'all' });
    await deleteRecoveryPoint(vault, 'all');
    for (let round = 0; round < 2; round += 1) {
      await executeCollection(vault, await planCollection(vault, OPTIONS), OPTIONS);
      clock.advance(1);
    }
    const records = async () => (await listAll(store, 'moves/')).map(({ key }) => key);
    assert.equal((await records()).length, 1);
    clock.advance(7 * DAY_MS);
    const reconcile = async () => executeReconcile(vault, await planReconcile(vault));
    return { vault, store, clock, authority, records, reconcile };
  }

  test('stay as long as a recovery point names the emptied packs, and go after it', async () => {
    const { vault, records, reconcile } = await moved();
    await reconcile();
    assert.equal((await records()).length, 1);
    await deleteRecoveryPoint(vault, 'few');
    await reconcile();
    assert.deepEqual(await records(), []);
  });

  test('stay for a later recovery point that took the names over from its parent', async () => {
    const { vault, records, reconcile } = await moved();
    await vault.backup('child', few, { parentId: 'few' });
    await deleteRecoveryPoint(vault, 'few');
    await reconcile();
    assert.equal((await records()).length, 1);
    await deleteRecoveryPoint(vault, 'child');
    await reconcile();
    assert.deepEqual(await records(), []);
  });

  test('stay while the move is under way, in their grace, and while deletion is frozen', async () => {
    const { vault, store, authority, records, reconcile } = await moved();
    await deleteRecoveryPoint(vault, 'few');
    const lease = await vault.lease('moving');
    const running = `moves/${lease.fence.toString(16).padStart(8, '0')}`;
    await putBytes(store, running, sampleBytes(10));
    await authority.collection.freeze(vault.vaultId, 'for a look');
    await reconcile();
    assert.equal((await records()).length, 2);
    await authority.collection.unfreeze(vault.vaultId);
    const plan = await planReconcile(vault, { orphanGraceMs: 30 * DAY_MS });
    assert.deepEqual(plan.deletes, []);
  });

  test('stay while a recovery point or a record cannot be read, and the plan names it', async () => {
    const { vault, store, authority, records, reconcile } = await moved();
    await deleteRecoveryPoint(vault, 'few');
    const fence = (await authority.recoveryPoint(vault.vaultId, 'one'))?.fence ?? 0;
    const name = `points/one.${fence.toString(16).padStart(8, '0')}`;
    store.damage(name, 200);
    assert.deepEqual((await planReconcile(vault)).unreadable, [name]);
    store.lose(name);
    assert.deepEqual((await planReconcile(vault)).unreadable, [name], 'a lost object may have named anything');
    await reconcile();
    assert.equal((await records()).length, 1);
  });

  test('lead on from record to record, and none is needed that begins elsewhere', () => {
    const move = (from: string, ...to: string[]) => [{ from, to: to.map((packId) => ({ packId, usedBytes: 1 })) }];
    const records = new Map([
      ['moves/1', move('a', 'b', 'c')],
      ['moves/2', move('c', 'd')],
      ['moves/3', move('x', 'b')],
      ['moves/4', move('d', 'a')],
    ]);
    assert.deepEqual([...neededRecords(records, new Set(['a']))].sort(), ['moves/1', 'moves/2', 'moves/4']);
    assert.deepEqual([...neededRecords(records, new Set(['b']))], []);
  });
});
