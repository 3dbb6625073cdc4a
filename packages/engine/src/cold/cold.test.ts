import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { SqliteAuthority } from '../authority/sqlite-authority.ts';
import { auditVault } from '../collect/audit-vault.ts';
import { packKey } from '../pack/pack-id.ts';
import { sampleBytes } from '../store/contract/store-case.ts';
import { MemoryStore } from '../store/memory-store.ts';
import { isStoreError } from '../store/store-error.ts';
import { SampleVault, TestClock } from '../testing/sample-vault.ts';
import { executeTiers, planTiers } from './move-tiers.ts';
import { planWarmUp, stepWarmUp } from './restore-from-cold.ts';

const HOUR_MS = 3_600_000;

function content(...seeds: readonly number[]): Map<string, Uint8Array> {
  return new Map(seeds.map((seed) => [`file-${seed}`, sampleBytes(900, seed)]));
}

async function sample(warmUpMs = 12 * HOUR_MS) {
  const clock = new TestClock();
  const store = new MemoryStore({ now: clock.now, warmUpMs });
  const authority = new SqliteAuthority({ path: ':memory:', clock: clock.now });
  const vault = await SampleVault.create({ clock, store, authority });
  await vault.backup('old', content(1, 2, 3, 4, 5, 6, 7, 8, 9, 10));
  await vault.backup('new', content(1, 2, 20, 21), { parentId: 'old' });
  const tiers = async () => executeTiers(vault, await planTiers(vault), { warmForMs: HOUR_MS });
  return { vault, store, clock, tiers, collection: authority.collection };
}

describe('the cold tier', () => {
  test('takes only data packs that nothing warm needs, and leaves trees warm', async () => {
    const { vault, store, tiers, collection } = await sample();
    assert.deepEqual((await planTiers(vault)).cool, []);
    await collection.setPointTier(vault.vaultId, 'old', 'cold');
    const { cooled } = await tiers();
    assert.ok(cooled.length > 0);
    const needed = new Set((await collection.packUses(vault.vaultId, 'new')).map(({ packId }) => packId));
    for (const { packId, kind } of await vault.authority.allPacks(vault.vaultId, undefined, 100)) {
      const { tier } = await store.head(packKey(packId));
      const shouldBeCold = kind === 'data' && !needed.has(packId);
      assert.equal(tier, shouldBeCold ? 'cold' : 'warm', `${kind} pack ${packId}`);
    }
    await assert.rejects(vault.restore('old'), (error) => isStoreError(error, 'cold'));
    assert.equal((await vault.restore('new')).size, 4);
    assert.deepEqual((await auditVault(vault)).findings, [], 'an audit reads no cold pack');
    assert.deepEqual((await planTiers(vault)).cool, []);
  });

  test('is restored from by a plan, a wait and a restore, begun again wherever it was cut off', async () => {
    const { vault, clock, tiers, collection } = await sample();
    await collection.setPointTier(vault.vaultId, 'old', 'cold');
    const { cooled } = await tiers();
    const plan = await planWarmUp(vault, 'old');
    assert.deepEqual([plan.objects, plan.isDelayed], [cooled.length, true]);
    assert.ok(plan.bytes > 900);
    const step = () => stepWarmUp(vault, plan, { keepWarmMs: HOUR_MS });
    assert.deepEqual(await step(), { ready: 0, total: cooled.length });
    clock.advance(6 * HOUR_MS);
    assert.equal((await step()).ready, 0);
    clock.advance(6 * HOUR_MS);
    assert.equal((await step()).ready, cooled.length);
    assert.equal((await vault.restore('old')).size, 10);
    clock.advance(2 * HOUR_MS);
    await assert.rejects(vault.restore('old'), (error) => isStoreError(error, 'cold'));
  });

  test('is never referred to by a new backup, and gives back what a warm recovery point came to need', async () => {
    const { vault, clock, tiers, collection } = await sample();
    await collection.setPointTier(vault.vaultId, 'old', 'cold');
    await tiers();
    await vault.backup('next', content(5, 6));
    assert.equal((await vault.restore('next')).size, 2);
    await vault.backup('child', content(7, 8), { parentId: 'old' });
    const first = await tiers();
    assert.ok(first.warming.length > 0);
    clock.advance(13 * HOUR_MS);
    await tiers();
    clock.advance(12 * HOUR_MS);
    const later = await tiers();
    assert.deepEqual(later.warming, []);
    assert.equal((await vault.restore('child')).size, 2);
  });

  test('finishes a move that a crash cut off', async () => {
    const { vault, store, tiers, collection } = await sample(0);
    await collection.setPointTier(vault.vaultId, 'old', 'cold');
    const [first] = await collection.packsToCool(vault.vaultId, 1);
    await collection.claimCold(vault.vaultId, [first?.packId ?? '']);
    assert.equal((await store.head(packKey(first?.packId ?? ''))).tier, 'warm');
    await tiers();
    assert.equal((await store.head(packKey(first?.packId ?? ''))).tier, 'cold');
    assert.deepEqual(await collection.claimedPacks(vault.vaultId), []);
    assert.equal((await vault.restore('old')).size, 10, 'an instant cold tier is read at once');
  });
});
