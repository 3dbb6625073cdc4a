import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { CountedPack } from '../authority/authority.ts';
import { SqliteAuthority } from '../authority/sqlite-authority.ts';
import { packKey } from '../pack/pack-id.ts';
import { sampleBytes } from '../store/contract/store-case.ts';
import { MemoryStore } from '../store/memory-store.ts';
import { SampleVault, TestClock } from '../testing/sample-vault.ts';
import { affectedItems } from './affected-items.ts';
import { healPacks, vaultHealSource } from './heal.ts';
import { executeVerification, planVerification, VERIFICATION_DEFAULTS } from './verify-vault.ts';

const DAY_MS = 86_400_000;

function content(...seeds: readonly number[]): Map<string, Uint8Array> {
  return new Map(seeds.map((seed) => [`file-${seed}`, sampleBytes(900, seed)]));
}

async function sample(seed = 1, vaultId = 'ab'.repeat(16)) {
  const clock = new TestClock();
  const store = new MemoryStore({ now: clock.now });
  const authority = new SqliteAuthority({ path: ':memory:', clock: clock.now });
  const vault = await SampleVault.create({ clock, store, authority, seed, vaultId });
  await vault.backup('one', content(1, 2, 3, 4, 5, 6, 7, 8));
  return { vault, store, clock };
}

async function packsOf(vault: SampleVault, kind: 'data' | 'tree'): Promise<readonly CountedPack[]> {
  const packs = await vault.authority.allPacks(vault.vaultId, undefined, 1000);
  return packs.filter((pack) => pack.kind === kind);
}

const verify = async (vault: SampleVault, options = VERIFICATION_DEFAULTS) =>
  executeVerification(vault, await planVerification(vault, options), options);

describe('verification', () => {
  test('looks at every pack, remembers it, and comes back when it is due', async () => {
    const { vault, clock } = await sample();
    const count = (await vault.authority.allPacks(vault.vaultId, undefined, 100)).length;
    const before = await planVerification(vault);
    assert.deepEqual([before.cheap.length, before.deep.length, before.overdue], [count, count, count]);
    const outcome = await verify(vault);
    assert.deepEqual(outcome.damaged, []);
    const after = await planVerification(vault);
    assert.deepEqual([after.cheap.length, after.deep.length, after.overdue], [0, 0, 0]);
    clock.advance(DAY_MS);
    const daily = await planVerification(vault);
    assert.deepEqual([daily.cheap.length, daily.overdue], [count, 0]);
    clock.advance(30 * DAY_MS);
    assert.equal((await planVerification(vault)).overdue, count);
  });

  test('reads the longest unread first within its budget, until all were read', async () => {
    const { vault, clock } = await sample();
    const total = (await vault.authority.allPacks(vault.vaultId, undefined, 100)).length;
    const options = { ...VERIFICATION_DEFAULTS, deepBytes: 6000 };
    let rounds = 0;
    let read = 0;
    for (; read < total; rounds += 1) {
      clock.advance(1000);
      read += (await verify(vault, options)).checkedDeeply;
    }
    assert.ok(rounds > 1);
    assert.equal((await planVerification(vault, options)).overdue, 0);
  });

  test('finds a lost pack by a cheap look, and a changed byte by a deep one', async () => {
    const { vault, store } = await sample();
    const [first, second] = await packsOf(vault, 'data');
    store.lose(packKey(first?.packId ?? ''));
    store.damage(packKey(second?.packId ?? ''), 500);
    const { damaged } = await verify(vault);
    assert.deepEqual(
      damaged.map(({ packId, layer }) => [packId, layer]).sort(),
      [
        [first?.packId, 'cheap'],
        [first?.packId, 'deep'],
        [second?.packId, 'deep'],
      ].sort(),
    );
    assert.equal((await vault.authority.collection.damagedPacks(vault.vaultId)).length, 2);
  });

  test('names exactly the items that damage affects', async () => {
    const { vault, store } = await sample();
    await vault.backup('two', content(1, 100), { parentId: 'one' });
    const packs = await packsOf(vault, 'data');
    const victim = packs.find(({ referenceCount }) => referenceCount === 2);
    store.lose(packKey(victim?.packId ?? ''));
    const affected = await affectedItems(
      vault,
      packs.map(({ packId }) => packId),
    );
    const names = affected.map(({ recoveryPointId, items, unreadableNodes }) => ({
      recoveryPointId,
      items: items.map((path) => Buffer.from(path).toString()),
      unreadableNodes,
    }));
    const lost = names[0]?.items ?? [];
    assert.ok(lost.includes('file-1') && lost.length < 8);
    assert.deepEqual(names[1], { recoveryPointId: 'two', items: ['file-1'], unreadableNodes: 0 });
    for (let seed = 1; seed <= 8; seed += 1) {
      const isLost = lost.includes(`file-${seed}`);
      const single = await vault.restoreItem('one', `file-${seed}`).catch(() => undefined);
      assert.equal(single === undefined, isLost, `file-${seed}`);
    }
  });

  test('says when nodes are damaged and names may be lost', async () => {
    const { vault, store } = await sample();
    const [tree] = await packsOf(vault, 'tree');
    store.damage(packKey(tree?.packId ?? ''), 100);
    const [affected] = await affectedItems(vault, [tree?.packId ?? '']);
    assert.deepEqual(affected, { recoveryPointId: 'one', items: [], unreadableNodes: 1 });
  });

  test('heals from a vault of the same ID domain, keeps what is good, and no recovery point notices', async () => {
    const { vault, store } = await sample();
    const { vault: copy } = await sample(2, 'cd'.repeat(16));
    const [lost, damaged] = await packsOf(vault, 'data');
    store.lose(packKey(lost?.packId ?? ''));
    store.damage(packKey(damaged?.packId ?? ''), 500);
    await verify(vault);
    const broken = await vault.authority.collection.damagedPacks(vault.vaultId);
    const packs = broken.map(({ pack }) => pack);
    const alone = await healPacks(vault, packs, [await vaultHealSource(vault)]);
    assert.deepEqual(alone.healed, []);
    assert.equal(alone.lost.length, 2);
    const outcome = await healPacks(vault, packs, [await vaultHealSource(vault), await vaultHealSource(copy)]);
    assert.deepEqual([...outcome.healed].sort(), packs.map(({ packId }) => packId).sort());
    assert.deepEqual(await vault.restore('one'), await copy.restore('one'));
    assert.deepEqual(
      await affectedItems(
        vault,
        (await packsOf(vault, 'data')).map(({ packId }) => packId),
      ),
      [],
    );
  });

  test('makes a backup send again what is damaged, so that the next recovery point is whole', async () => {
    const { vault, store } = await sample();
    const [lost] = await packsOf(vault, 'data');
    store.lose(packKey(lost?.packId ?? ''));
    await verify(vault);
    await vault.backup('two', content(1, 2, 3, 4, 5, 6, 7, 8));
    assert.equal((await vault.restore('two')).size, 8);
    const packs = (await vault.authority.collection.damagedPacks(vault.vaultId)).map(({ pack }) => pack);
    const outcome = await healPacks(vault, packs, [await vaultHealSource(vault)]);
    assert.deepEqual(outcome.healed, [lost?.packId]);
    assert.equal((await vault.restore('one')).size, 8);
  });
});
