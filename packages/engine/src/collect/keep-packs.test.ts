import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { SqliteAuthority } from '../authority/sqlite-authority.ts';
import { createRepository } from '../engine-repository.ts';
import { packKey } from '../pack/pack-id.ts';
import { executeRecovery } from '../recover/execute-recovery.ts';
import { planRecovery } from '../recover/recover-vault.ts';
import { changeRetention } from '../retention/change-retention.ts';
import { deleteRecoveryPoint } from '../retention/delete-recovery-point.ts';
import { sampleBytes } from '../store/contract/store-case.ts';
import { MemoryStore } from '../store/memory-store.ts';
import { MemoryKeyProvider } from '../testing/memory-key-provider.ts';
import { SampleVault, TestClock } from '../testing/sample-vault.ts';
import { auditVault } from './audit-vault.ts';
import { executeCollection } from './execute-collection.ts';
import { COLLECTION_DEFAULTS, planCollection } from './plan-collection.ts';

const OPTIONS = { ...COLLECTION_DEFAULTS, graceMs: 0, targetPackBytes: 4096 };
const WEEK = { keepUntilAt: Date.parse('2026-01-05') };
const YEAR_END = Date.parse('2026-12-01');
const YEAR = { keepUntilAt: YEAR_END, lockedUntilAt: YEAR_END, lockMode: 'compliance' as const };
const RANGE = Array.from({ length: 18 }, (_, index) => index + 1);

function content(...seeds: readonly number[]): Map<string, Uint8Array> {
  return new Map(seeds.map((seed) => [`file-${seed}`, sampleBytes(900, seed)]));
}

async function sample() {
  const clock = new TestClock();
  const store = new MemoryStore({ now: clock.now });
  const keyProvider = new MemoryKeyProvider();
  const authority = new SqliteAuthority({ path: ':memory:', clock: clock.now });
  const vault = await SampleVault.create({ clock, store, authority, keyProvider });
  await vault.backup('week', content(...RANGE), { retention: WEEK });
  const packsOf = async (id: string, of = vault) =>
    (await of.authority.collection.packUses(of.vaultId, id)).map(({ packId }) => packId);
  const lockOf = async (packId: string) => (await store.head(packKey(packId))).retention?.untilAt;
  /** Every pack of one recovery point, with the end of its lock. */
  const locksOf = async (id: string, of = vault) => Promise.all((await packsOf(id, of)).map(lockOf));
  const collect = async () => {
    for (let round = 0; round < 3; round += 1) {
      await executeCollection(vault, await planCollection(vault, OPTIONS), OPTIONS);
      clock.advance(1);
    }
  };
  return { vault, store, authority, clock, keyProvider, packsOf, lockOf, locksOf, collect };
}

describe('a locked recovery point that needs older packs', () => {
  test('takes little out of packs of a shorter cohort, and leaves these unlocked', async () => {
    const { vault, packsOf, locksOf, collect } = await sample();
    await vault.backup('year', content(1, 7, 13), { retention: YEAR, parentId: 'week' });
    const year = await packsOf('year');
    assert.deepEqual(new Set(await locksOf('year')), new Set([YEAR_END]));
    assert.deepEqual(new Set(await locksOf('week')), new Set([undefined]));
    const week = await packsOf('week');
    assert.deepEqual(
      year.filter((packId) => week.includes(packId)),
      [],
    );
    assert.equal((await vault.restore('year')).size, 3);
    assert.deepEqual((await auditVault(vault)).findings, []);
    await deleteRecoveryPoint(vault, 'week');
    await collect();
    const left = (await vault.authority.allPacks(vault.vaultId, undefined, 100)).map(({ packId }) => packId);
    assert.deepEqual(left, [...year].sort(), 'nothing but what the year needs is kept');
    assert.equal((await vault.restore('year')).size, 3);
  });

  test('has packs that it mostly needs locked longer, whole', async () => {
    const { vault, packsOf, locksOf } = await sample();
    const files = content(...RANGE.slice(0, 16));
    await vault.backup('year', files, { retention: YEAR, parentId: 'week' });
    const [year, week] = [await packsOf('year'), await packsOf('week')];
    assert.ok(year.filter((packId) => week.includes(packId)).length >= 3);
    assert.deepEqual(new Set(await locksOf('year')), new Set([YEAR_END]));
  });

  test('copies nothing when the older packs are locked long enough', async () => {
    const { vault, packsOf } = await sample();
    await changeRetention(vault, 'week', { ...WEEK, lockedUntilAt: YEAR_END + 1, lockMode: 'compliance' });
    await vault.backup('year', content(1, 7, 13), { retention: YEAR, parentId: 'week' });
    const week = await packsOf('week');
    assert.equal((await packsOf('year')).filter((packId) => week.includes(packId)).length, 3);
  });

  test('is built on a parent whose frames were moved since its tree was written', async () => {
    const { vault, locksOf, collect } = await sample();
    await vault.backup('few', content(1, 7, 13), { parentId: 'week' });
    await deleteRecoveryPoint(vault, 'week');
    await collect();
    await vault.backup('year', content(1, 7, 13), { retention: YEAR, parentId: 'few' });
    assert.deepEqual(new Set(await locksOf('year')), new Set([YEAR_END]));
    assert.equal((await vault.restore('year')).size, 3);
    assert.deepEqual((await auditVault(vault)).findings, []);
  });

  test('survives a lost database with its own copies, and so does what was built on it', async () => {
    const { vault, store, clock, keyProvider, packsOf, locksOf, collect } = await sample();
    await vault.backup('year', content(1, 7, 13), { retention: YEAR, parentId: 'week' });
    await vault.backup('child', content(1, 7, 20), { parentId: 'year' });
    for (const isWeekThere of [true, false]) {
      const authority = new SqliteAuthority({ path: ':memory:', clock: clock.now });
      const lost = await SampleVault.open({ clock, store, keyProvider, authority, seed: isWeekThere ? 2 : 3 });
      const plan = await planRecovery(lost);
      assert.deepEqual(plan.unusable, []);
      await executeRecovery(lost, plan);
      assert.deepEqual(await packsOf('year', lost), await packsOf('year'));
      assert.deepEqual(new Set(await locksOf('year', lost)), new Set([YEAR_END]));
      for (const id of ['year', 'child']) assert.deepEqual(await lost.restore(id), await vault.restore(id));
      assert.deepEqual((await auditVault(lost)).findings, []);
      if (isWeekThere) await deleteRecoveryPoint(vault, 'week');
      await collect();
    }
  });

  test('does the same when its retention is extended later', async () => {
    const { vault, packsOf, locksOf } = await sample();
    await vault.backup('few', content(1, 7, 13), { retention: WEEK, parentId: 'week' });
    const before = await packsOf('few');
    await changeRetention(vault, 'few', YEAR);
    assert.deepEqual(new Set(await locksOf('few')), new Set([YEAR_END]));
    assert.deepEqual(new Set(await locksOf('week')), new Set([undefined]));
    const after = await packsOf('few');
    await changeRetention(vault, 'few', YEAR);
    assert.notDeepEqual(after, before);
    assert.deepEqual(await packsOf('few'), after, 'repeating changes nothing');
    assert.equal((await vault.restore('few')).size, 3);
  });
});

test('a repository copies what a locked backup must keep longer than the packs of its parent', async () => {
  const store = new MemoryStore({ now: Date.now });
  const authority = new SqliteAuthority({ path: ':memory:' });
  const options = { store, authority, keyProvider: new MemoryKeyProvider(), limits: { threads: 1 } };
  await using repository = await createRepository(options);
  const entries = async function* (...seeds: readonly number[]) {
    for (const seed of seeds) {
      const path = Buffer.from(`file-${String(seed).padStart(2, '0')}`);
      const bytes = sampleBytes(300_000, seed);
      const content = { kind: 'inline', bytes } as const;
      const fingerprint = Buffer.from([seed]);
      yield { item: { path, type: 'file', sizeBytes: bytes.length, metadata: {}, fingerprint, content } } as const;
    }
  };
  const week = { keepUntilAt: Date.now() + 5 * 86_400_000 };
  const lockedUntilAt = Date.now() + 300 * 86_400_000;
  const year = { keepUntilAt: lockedUntilAt, lockedUntilAt, lockMode: 'compliance' as const };
  await repository.backupItems({ recoveryPointId: 'week', retention: week, facts: {}, entries: entries(...RANGE) });
  const request = { recoveryPointId: 'year', parentId: 'week', retention: year, facts: {} };
  await repository.backupItems({ ...request, entries: entries(1, 9) });
  for (const [id, expected] of [
    ['year', lockedUntilAt],
    ['week', undefined],
  ] as const) {
    for (const { packId } of await authority.collection.packUses(repository.vaultId, id)) {
      assert.equal((await store.head(packKey(packId))).retention?.untilAt, expected, id);
    }
  }
  await repository.executeDelete(await repository.planDelete(['week']));
  for (let round = 0; round < 2; round += 1) {
    await executeCollection(repository.parts, await planCollection(repository.parts, OPTIONS), OPTIONS);
  }
  await using reader = await repository.openRecoveryPoint('year');
  const parts: Uint8Array[] = [];
  for await (const part of reader.read(Buffer.from('file-09'))) parts.push(part);
  assert.equal(Buffer.compare(Buffer.concat(parts), sampleBytes(300_000, 9)), 0);
  assert.deepEqual((await auditVault(repository.parts)).findings, []);
});
