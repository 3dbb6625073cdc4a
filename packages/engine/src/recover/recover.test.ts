import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { SqliteAuthority } from '../authority/sqlite-authority.ts';
import { auditVault } from '../collect/audit-vault.ts';
import { executeCollection } from '../collect/execute-collection.ts';
import { COLLECTION_DEFAULTS, planCollection } from '../collect/plan-collection.ts';
import { KeyRing } from '../keys/key-ring.ts';
import { packKey } from '../pack/pack-id.ts';
import { pointKey } from '../point/point-object.ts';
import { changeRetention } from '../retention/change-retention.ts';
import { deleteRecoveryPoint } from '../retention/delete-recovery-point.ts';
import { placeHold } from '../retention/legal-hold.ts';
import { listAll, sampleBytes } from '../store/contract/store-case.ts';
import { FaultyStore } from '../store/decorators/faulty-store.ts';
import { MemoryStore } from '../store/memory-store.ts';
import { MemoryKeyProvider } from '../testing/memory-key-provider.ts';
import { SampleVault, TestClock } from '../testing/sample-vault.ts';
import { executeRecovery } from './execute-recovery.ts';
import { planRecovery } from './recover-vault.ts';

const OPTIONS = { ...COLLECTION_DEFAULTS, graceMs: 0, targetPackBytes: 4096 };

function content(...seeds: readonly number[]): Map<string, Uint8Array> {
  return new Map(seeds.map((seed) => [`file-${seed}`, sampleBytes(900, seed)]));
}

function asRestored(files: ReadonlyMap<string, Uint8Array>): Map<string, Buffer> {
  const names = [...files.keys()].sort();
  return new Map(names.map((name) => [name, Buffer.from(files.get(name) ?? [])]));
}

const RANGE = Array.from({ length: 24 }, (_, index) => index + 1);
const SIXTH = RANGE.filter((seed) => seed % 6 === 1);

async function sample() {
  const clock = new TestClock();
  const memory = new MemoryStore({ now: clock.now });
  const store = new FaultyStore(memory);
  const keyProvider = new MemoryKeyProvider();
  const authority = new SqliteAuthority({ path: ':memory:', clock: clock.now });
  const vault = await SampleVault.create({ clock, store, keyProvider, authority });
  await vault.backup('all', content(...RANGE));
  await vault.backup('few', content(...SIXTH), { parentId: 'all' });
  await vault.backup('other', content(100, 101), { retention: { keepUntilAt: clock.now() + 1e9 } });
  return { vault, clock, memory, store, keyProvider };
}

/** A new machine: an empty authority, the store, the key provider. */
async function afterDisaster({ vault, clock, store, keyProvider }: Awaited<ReturnType<typeof sample>>) {
  const authority = new SqliteAuthority({ path: ':memory:', clock: clock.now });
  const lost = await SampleVault.open({ clock, store, keyProvider, authority, seed: 2, vaultId: vault.vaultId });
  return lost;
}

async function assertSame(actual: SampleVault, expected: SampleVault): Promise<void> {
  const points = await expected.recoveryPointIds();
  assert.deepEqual(await actual.recoveryPointIds(), points);
  for (const point of points) {
    assert.deepEqual(await actual.restore(point), await expected.restore(point), point);
    const { vaultId } = expected;
    assert.deepEqual(
      await actual.authority.recoveryPoint(vaultId, point),
      Object.assign({}, await expected.authority.recoveryPoint(vaultId, point), { logicalBytes: 0, itemCount: 0 }),
    );
    assert.deepEqual(
      (await actual.authority.collection.packUses(vaultId, point)).map(({ packId }) => packId),
      (await expected.authority.collection.packUses(vaultId, point)).map(({ packId }) => packId),
    );
  }
  assert.deepEqual((await auditVault(actual)).findings, []);
}

describe('recovery from the store and the key alone', () => {
  test('brings back every recovery point with dates, holds and counters, without reading a data pack', async () => {
    const before = await sample();
    const { vault, store } = before;
    const lockedUntilAt = vault.clock() + 5e9;
    await changeRetention(vault, 'few', { keepUntilAt: lockedUntilAt, lockedUntilAt, lockMode: 'compliance' });
    await placeHold(vault, 'all', 'case-7');
    const packs = await vault.authority.allPacks(vault.vaultId, undefined, 1000);
    const dataPacks = new Set(packs.filter(({ kind }) => kind === 'data').map(({ packId }) => packKey(packId)));
    const lost = await afterDisaster(before);
    const from = store.calls.length;
    const plan = await planRecovery(lost);
    await executeRecovery(lost, plan);
    const read = store.calls.slice(from).filter(({ key }) => dataPacks.has(key));
    assert.deepEqual(read, []);
    assert.deepEqual([plan.unusable, plan.unneeded, plan.fromTrailers], [[], [], []]);
    await assertSame(lost, vault);
    await assert.rejects(deleteRecoveryPoint(lost, 'all'), /case-7/);
    await assert.rejects(deleteRecoveryPoint(lost, 'few'), /locked/);
    await lost.backup('next', content(...SIXTH, 500), { parentId: 'few' });
    assert.deepEqual(await lost.restore('next'), asRestored(content(...SIXTH, 500)));
  });

  test('follows frames that were moved before the disaster, once and twice', async () => {
    const before = await sample();
    const { vault, clock } = before;
    await deleteRecoveryPoint(vault, 'all');
    for (let round = 0; round < 3; round += 1) {
      await executeCollection(vault, await planCollection(vault, OPTIONS), OPTIONS);
      clock.advance(1);
      if (round === 0) await vault.backup('one-left', content(1), { parentId: 'few' });
      if (round === 0) await deleteRecoveryPoint(vault, 'few');
    }
    const lost = await afterDisaster(before);
    const plan = await planRecovery(lost);
    assert.deepEqual(plan.unusable, []);
    assert.equal(plan.highestFence, await vault.authority.collection.lastFence(vault.vaultId));
    await executeRecovery(lost, plan);
    await assertSame(lost, vault);
    await lost.backup('after', content(1, 200), { parentId: 'one-left' });
    assert.deepEqual(await lost.restore('after'), asRestored(content(1, 200)));
    assert.deepEqual((await auditVault(lost)).findings, []);
  });

  test('reads trailers when index segments are lost too', async () => {
    const before = await sample();
    const { memory, vault } = before;
    for (const { key } of await listAll(memory, 'index/')) memory.lose(key);
    const lost = await afterDisaster(before);
    const plan = await planRecovery(lost);
    assert.ok(plan.fromTrailers.length > 0);
    await executeRecovery(lost, plan);
    assert.deepEqual(await lost.recoveryPointIds(), await vault.recoveryPointIds());
    assert.equal((await lost.restore('all')).size, RANGE.length);
    assert.deepEqual((await auditVault(lost)).findings, []);
  });

  test('says of every recovery point that cannot be used why, and keeps what it may still need', async () => {
    const before = await sample();
    const { memory, vault } = before;
    const fence = async (id: string) => (await vault.authority.recoveryPoint(vault.vaultId, id))?.fence ?? 0;
    memory.damage(pointKey('few', await fence('few')), 200);
    const [use] = await vault.authority.collection.packUses(vault.vaultId, 'other');
    memory.lose(packKey(use?.packId ?? ''));
    const plan = await planRecovery(await afterDisaster(before));
    assert.deepEqual(
      plan.unusable.map(({ name, reason }) => [name.split('.')[0], reason]),
      [
        ['points/few', 'damaged'],
        ['points/other', 'packs-missing'],
      ],
    );
    assert.deepEqual(
      plan.points.map(({ point }) => point.header.recoveryPointId),
      ['all'],
    );
    const lost = await afterDisaster(before);
    await executeRecovery(lost, plan);
    assert.match((await lost.authority.collection.frozenReason(vault.vaultId)) ?? '', /points\/few.* damaged/);
  });

  test('is refused without the key', async () => {
    const before = await sample();
    const keyProvider = new MemoryKeyProvider();
    keyProvider.rotate();
    keyProvider.remove('key-1');
    const { clock, store, vault } = before;
    const keys = await KeyRing.open({
      store,
      keyProvider,
      vaultId: vault.vaultId,
      clock: clock.now,
      random: vault.random,
    });
    const plan = await planRecovery({ vaultId: vault.vaultId, store, keys });
    assert.deepEqual(plan.points, []);
    assert.deepEqual(new Set(plan.unusable.map(({ reason }) => reason)), new Set(['key-missing']));
  });
});
