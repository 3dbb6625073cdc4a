import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { SqliteAuthority } from '../authority/sqlite-authority.ts';
import { auditVault } from '../collect/audit-vault.ts';
import { executeCollection } from '../collect/execute-collection.ts';
import { COLLECTION_DEFAULTS, planCollection } from '../collect/plan-collection.ts';
import { packKey } from '../pack/pack-id.ts';
import { sampleBytes } from '../store/contract/store-case.ts';
import { MemoryStore } from '../store/memory-store.ts';
import { isStoreError } from '../store/store-error.ts';
import { SampleVault, TestClock } from '../testing/sample-vault.ts';
import { type BundleOptions, planBundles } from './bundle-small-packs.ts';
import { executeTiers, planTiers } from './move-tiers.ts';
import { planWarmUp, stepWarmUp } from './restore-from-cold.ts';

const HOUR_MS = 3_600_000;
const UNBUNDLED: BundleOptions = { smallPackBytes: 0, bundleBytes: 0 };
const BUNDLED: BundleOptions = { smallPackBytes: 10_000, bundleBytes: 40_000 };

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
  const tiers = async (options: BundleOptions = UNBUNDLED) =>
    executeTiers(vault, await planTiers(vault, options), { warmForMs: HOUR_MS });
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

  test('puts small packs together on their way, and frees them', async () => {
    const { vault, store, clock, tiers, collection } = await sample();
    await vault.backup('older', content(30, 31, 32, 33), { deduplicate: false });
    for (const id of ['old', 'older']) await collection.setPointTier(vault.vaultId, id, 'cold');
    const plan = await planTiers(vault, BUNDLED);
    assert.equal(plan.bundles.length, 1);
    const { bundled, cooled, waiting } = await tiers(BUNDLED);
    assert.ok(bundled.length >= 3, `${bundled.length} packs were bundled`);
    assert.deepEqual([cooled, waiting], [[], []]);
    const packsOf = async (id: string) => (await collection.packUses(vault.vaultId, id)).map(({ packId }) => packId);
    const [old, older] = [await packsOf('old'), await packsOf('older')];
    const shared = old.filter((packId) => older.includes(packId));
    assert.equal(shared.length, 1, 'both lie in one bundle');
    assert.equal((await store.head(packKey(shared[0] ?? ''))).tier, 'cold');
    assert.equal((await vault.restore('new')).size, 4, 'what is warm stays warm');
    const options = { ...COLLECTION_DEFAULTS, graceMs: 0 };
    clock.advance(1);
    await executeCollection(vault, await planCollection(vault, options), options);
    for (const packId of bundled) {
      await assert.rejects(store.head(packKey(packId)), (error) => isStoreError(error, 'not-found'));
    }
    assert.deepEqual((await planTiers(vault, BUNDLED)).cool, [], 'a bundle is never cooled again');
    for (const [id, count] of [
      ['old', 10],
      ['older', 4],
    ] as const) {
      await stepWarmUp(vault, await planWarmUp(vault, id), { keepWarmMs: HOUR_MS });
      clock.advance(12 * HOUR_MS);
      assert.equal((await vault.restore(id)).size, count);
      clock.advance(HOUR_MS);
    }
    assert.deepEqual((await auditVault(vault)).findings, []);
  });

  test('bundles only small packs of one cohort that no lock keeps', () => {
    const pack = (packId: string, sizeBytes: number, cohortUntilAt?: number) => ({
      packId,
      kind: 'data' as const,
      sizeBytes,
      merkleRoot: '',
      crc32: 0,
      referenceCount: 1,
      usedBytes: sizeBytes,
      state: 'live' as const,
      ...(cohortUntilAt === undefined ? {} : { cohortUntilAt }),
    });
    const packs = [pack('a', 5), pack('b', 5), pack('large', 90), pack('c', 5, 7), pack('locked', 5), pack('d', 5)];
    const plans = planBundles(packs, new Set(['locked']), { smallPackBytes: 10, bundleBytes: 12 });
    assert.deepEqual(
      plans.map((plan) => plan.packs.map(({ packId }) => packId)),
      [['a', 'b']],
    );
  });
});
