import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { deleteRecoveryPoint } from '../retention/delete-recovery-point.ts';
import { sampleBytes } from '../store/contract/store-case.ts';
import { type Files, SampleVault, TestClock } from '../testing/sample-vault.ts';
import { executeCollection } from './execute-collection.ts';
import { COLLECTION_DEFAULTS, type CollectionOptions, planCollection } from './plan-collection.ts';

const HOUR_MS = 3_600_000;
const OPTIONS: CollectionOptions = { ...COLLECTION_DEFAULTS, graceMs: HOUR_MS, targetPackBytes: 4096 };

function files(...names: readonly string[]): Files {
  return new Map(names.map((name) => [name, sampleBytes(900, hash(name))]));
}

function hash(name: string): number {
  return [...name].reduce((sum, character) => sum * 31 + character.charCodeAt(0), 7) >>> 0;
}

async function collect(vault: SampleVault, clock: TestClock) {
  const first = await executeCollection(vault, await planCollection(vault, OPTIONS), OPTIONS);
  clock.advance(HOUR_MS);
  const second = await executeCollection(vault, await planCollection(vault, OPTIONS), OPTIONS);
  return { first, second };
}

async function assertRestores(vault: SampleVault, recoveryPointId: string, expected: Files): Promise<void> {
  const restored = await vault.restore(recoveryPointId);
  assert.deepEqual([...restored.keys()], [...expected.keys()].sort());
  for (const [name, bytes] of restored)
    assert.deepEqual(Uint8Array.from(bytes), Uint8Array.from(expected.get(name) ?? []));
}

async function sample() {
  const clock = new TestClock();
  return { clock, vault: await SampleVault.create({ clock }) };
}

describe('collection', () => {
  test('frees everything of the last recovery point after the grace, and nothing before', async () => {
    const { vault, clock } = await sample();
    const content = files('a', 'b', 'c', 'd', 'e', 'f');
    await vault.backup('one', content);
    await deleteRecoveryPoint(vault, 'one');
    const { first, second } = await collect(vault, clock);
    assert.ok(first.withdrawn.length > 1);
    assert.deepEqual(first.purged, []);
    assert.deepEqual([...second.purged].sort(), [...first.withdrawn].sort());
    clock.advance(HOUR_MS);
    await executeCollection(vault, await planCollection(vault, OPTIONS), OPTIONS);
    const left = [];
    for await (const { key } of vault.store.list('')) left.push(key);
    assert.deepEqual(
      left.filter((key) => !key.startsWith('keys/')),
      [],
    );
  });

  test('frees all of a large deletion in one round, and after the grace in another', async () => {
    const { vault, clock } = await sample();
    const { authority, vaultId } = vault;
    const request = { vaultId, recoveryPointId: 'large', holder: 'test', ttlMs: HOUR_MS };
    const lease = await authority.acquireWriteLease(request);
    const packs = Array.from({ length: 2500 }, (_, index) => ({
      packId: `${'00'.repeat(8)}${index.toString(16).padStart(16, '0')}`,
      kind: 'data' as const,
      sizeBytes: 1000,
      merkleRoot: '00'.repeat(32),
      crc32: 0,
    }));
    await authority.recordPacks(lease, packs);
    await authority.releaseWriteLease(lease);
    const { first, second } = await collect(vault, clock);
    assert.equal(first.withdrawn.length, packs.length);
    assert.deepEqual([second.purged.length, second.freedBytes], [packs.length, 1000 * packs.length]);
  });

  test('keeps what others need and moves it out of packs that are mostly waste', async () => {
    const { vault, clock } = await sample();
    const names = Array.from({ length: 24 }, (_, index) => `file-${index}`);
    await vault.backup('all', files(...names));
    const kept = files(...names.filter((_, index) => index % 6 === 0));
    await vault.backup('few', kept);
    await deleteRecoveryPoint(vault, 'all');
    const plan = await planCollection(vault, OPTIONS);
    assert.ok(plan.repack.length > 0, 'nothing is to be repacked');
    const { first } = await collect(vault, clock);
    assert.ok(first.relocations.some(({ emptied }) => emptied.length > 1));
    await assertRestores(vault, 'few', kept);
    const packs = await vault.authority.allPacks(vault.vaultId, undefined, 1000);
    const stored = packs.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0);
    assert.ok(stored < 4 * 900 * 2.5, `${stored} bytes are left for 3,600 bytes of content`);
    assert.deepEqual(await vault.authority.collection.miscountedPacks(vault.vaultId, 10), []);
  });

  test('comes to rest: what was repacked once is not repacked again', async () => {
    const { vault, clock } = await sample();
    for (let index = 0; index < 6; index += 1) await vault.backup(`p${index}`, files(`only-${index}`));
    await collect(vault, clock);
    await collect(vault, clock);
    assert.deepEqual((await planCollection(vault, OPTIONS)).repack, []);
  });

  test('measures packs that several recovery points share, and moves what they need out of the waste', async () => {
    const { vault, clock } = await sample();
    const names = Array.from({ length: 40 }, (_, index) => `file-${index}`);
    await vault.backup('all', files(...names));
    const kept = files(...names.filter((_, index) => index % 8 === 0));
    for (let day = 1; day <= 12; day += 1) await vault.backup(`day-${day}`, kept, { parentId: 'all' });
    await deleteRecoveryPoint(vault, 'all');
    const data = async () => {
      const packs = await vault.authority.allPacks(vault.vaultId, undefined, 1000);
      return packs.filter(({ kind, state }) => kind === 'data' && state === 'live');
    };
    const before = await data();
    assert.ok(
      before.some(({ usedBytes, sizeBytes }) => usedBytes > sizeBytes),
      'the sum of uses hides the waste',
    );
    await collect(vault, clock);
    await collect(vault, clock);
    const stored = (await data()).reduce((sum, { sizeBytes }) => sum + sizeBytes, 0);
    assert.ok(stored < kept.size * 900 * 1.5, `${stored} bytes for ${kept.size * 900}`);
    for (let day = 1; day <= 12; day += 1) await assertRestores(vault, `day-${day}`, kept);
    assert.deepEqual((await planCollection(vault, OPTIONS)).repack, []);
  });

  test('lets a backup build on a parent whose packs were moved', async () => {
    const { vault, clock } = await sample();
    const names = Array.from({ length: 24 }, (_, index) => `file-${index}`);
    await vault.backup('all', files(...names));
    const kept = files(...names.filter((_, index) => index % 6 === 0));
    await vault.backup('few', kept);
    await deleteRecoveryPoint(vault, 'all');
    const lease = await vault.lease('child');
    const child = { parentId: 'few' };
    const written = await vault.write(lease, kept, child);
    await collect(vault, clock);
    await assert.rejects(vault.commit(lease, written, child), /lapsed/);
    await vault.backup('child', kept, child);
    await assertRestores(vault, 'child', kept);
  });

  test('frees packs of a writer that died, and never those of one that runs', async () => {
    const { vault, clock } = await sample();
    const lease = await vault.lease('running');
    const content = files('a', 'b', 'c', 'd', 'e');
    const written = await vault.write(lease, content);
    assert.deepEqual((await planCollection(vault, OPTIONS)).withdraw, []);
    await vault.commit(lease, written);
    const dead = await vault.lease('dead');
    await vault.write(dead, files('x', 'y', 'z'));
    clock.advance(vault.leaseMs + 1);
    const { first } = await collect(vault, clock);
    assert.ok(first.withdrawn.length > 0);
    await assertRestores(vault, 'running', content);
  });

  test('keeps a pack that a writer pinned after it was planned for the trash', async () => {
    const { vault, clock } = await sample();
    const content = files('a', 'b', 'c', 'd', 'e');
    await vault.backup('one', content);
    const lease = await vault.lease('two');
    const plan = await (async () => {
      const written = await vault.write(lease, content);
      await deleteRecoveryPoint(vault, 'one');
      const plan = await planCollection(vault, OPTIONS);
      await vault.commit(lease, written);
      return plan;
    })();
    await executeCollection(vault, plan, OPTIONS);
    await collect(vault, clock);
    await assertRestores(vault, 'two', content);
  });

  test('does nothing while deletion is frozen, and says why', async () => {
    const { vault, clock } = await sample();
    await vault.backup('one', files('a'));
    await deleteRecoveryPoint(vault, 'one');
    await vault.authority.collection.freeze(vault.vaultId, 'the counters are wrong');
    assert.equal((await planCollection(vault, OPTIONS)).frozen, 'the counters are wrong');
    const { first, second } = await collect(vault, clock);
    assert.equal(first.frozen, 'the counters are wrong');
    assert.deepEqual([first.withdrawn, second.purged], [[], []]);
  });

  test('waits for the locks of the store', async () => {
    const { vault, clock } = await sample();
    const untilAt = vault.clock() + 10 * HOUR_MS;
    const lease = await vault.lease('never');
    await vault.write(lease, files('a', 'b'), { retention: { lockedUntilAt: untilAt, lockMode: 'compliance' } });
    await vault.authority.releaseWriteLease(lease);
    const { second } = await collect(vault, clock);
    assert.deepEqual(second.purged, []);
    const plan = await planCollection(vault, OPTIONS);
    assert.ok(plan.lockedUntil.length > 0);
    clock.advance(10 * HOUR_MS);
    const { purged } = await executeCollection(vault, await planCollection(vault, OPTIONS), OPTIONS);
    assert.equal(purged.length, plan.lockedUntil.length);
  });

  test('merges many small segments into few and deletes the old ones after the grace', async () => {
    const { vault, clock } = await sample();
    for (let index = 0; index < 12; index += 1) await vault.backup(`p${index}`, files(`only-${index}`));
    assert.equal((await vault.authority.segments(vault.vaultId)).length, 12);
    const { first, second } = await collect(vault, clock);
    assert.equal(first.retiredSegments, 12);
    assert.equal(second.deletedSegments, 12);
    assert.ok((await vault.authority.segments(vault.vaultId)).length <= 2);
    await vault.backup('again', files('only-3', 'only-7'));
    await assertRestores(vault, 'again', files('only-3', 'only-7'));
  });
});
