import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { AuthorityError, type AuthorityErrorCode } from '../authority/authority-error.ts';
import { SqliteAuthority } from '../authority/sqlite-authority.ts';
import { EngineError } from '../engine-error.ts';
import { packKey } from '../pack/pack-id.ts';
import { pointKey } from '../point/point-object.ts';
import type { RecoveryPointRetention } from '../point/recovery-point.ts';
import { sampleBytes } from '../store/contract/store-case.ts';
import { MemoryStore } from '../store/memory-store.ts';
import { isStoreError } from '../store/store-error.ts';
import { SampleVault, TestClock } from '../testing/sample-vault.ts';
import { changeRetention } from './change-retention.ts';
import { deleteRecoveryPoint, judgeDeletion } from './delete-recovery-point.ts';
import { effectiveRetention, shortens } from './effective-retention.ts';
import { placeHold, releaseHold } from './legal-hold.ts';
import { readSealedRetention, retentionKey } from './retention-records.ts';

const DAY_MS = 86_400_000;
const FILES = new Map([['a', sampleBytes(900)]]);

const refused = (code: AuthorityErrorCode) => (error: unknown) =>
  error instanceof AuthorityError && error.code === code;

async function sample(retention: RecoveryPointRetention = {}) {
  const clock = new TestClock();
  const store = new MemoryStore({ now: clock.now });
  const authority = new SqliteAuthority({ path: ':memory:', clock: clock.now });
  const vault = await SampleVault.create({ clock, store, authority });
  await vault.backup('one', FILES, { retention });
  const fence = (await authority.recoveryPoint(vault.vaultId, 'one'))?.fence ?? 0;
  return { vault, store, authority, clock, fence };
}

describe('deleting a recovery point', () => {
  test('removes it at the authority and in the store', async () => {
    const { vault, store, fence } = await sample();
    await placeHold(vault, 'one', 'case-1');
    await releaseHold(vault, 'one', 'case-1');
    await deleteRecoveryPoint(vault, 'one');
    assert.deepEqual(await vault.recoveryPointIds(), []);
    for (const name of [pointKey('one', fence), retentionKey('one', fence, 1), retentionKey('one', fence, 2)]) {
      await assert.rejects(store.head(name), (error) => isStoreError(error, 'not-found'));
    }
    await assert.rejects(deleteRecoveryPoint(vault, 'one'), refused('not-found'));
  });

  test('is refused while a lock stands, and allowed when its date has come', async () => {
    const { vault, clock } = await sample({ lockedUntilAt: Date.parse('2026-01-08'), lockMode: 'compliance' });
    assert.equal((await judgeDeletion(vault, 'one'))?.reason, 'locked');
    await assert.rejects(deleteRecoveryPoint(vault, 'one'), refused('locked'));
    clock.advance(7 * DAY_MS);
    await deleteRecoveryPoint(vault, 'one');
  });

  test('is refused by the sealed facts even when the database says that no lock or hold ever was', async () => {
    const { vault, clock, fence, authority } = await sample({ lockedUntilAt: Date.parse('2026-01-08') });
    await placeHold(vault, 'one', 'case-1');
    const forged = new SqliteAuthority({ path: ':memory:', clock: clock.now });
    const lease = await forged.acquireWriteLease({
      vaultId: vault.vaultId,
      recoveryPointId: 'one',
      holder: '',
      ttlMs: 1000,
    });
    const uses = await authority.collection.packUses(vault.vaultId, 'one');
    await forged.recordPacks(
      lease,
      await authority.packs(
        vault.vaultId,
        uses.map(({ packId }) => packId),
      ),
    );
    const commit = { recoveryPointId: 'one', createdAt: 0, retention: {}, logicalBytes: 0, itemCount: 0, segments: [] };
    await forged.commit({ ...lease, fence }, { ...commit, uses });
    const attacked = Object.assign(Object.create(vault) as SampleVault, { authority: forged });
    assert.equal((await forged.recoveryPoint(vault.vaultId, 'one'))?.fence, fence);
    await assert.rejects(deleteRecoveryPoint(attacked, 'one'), refused('held'));
    await releaseHold(vault, 'one', 'case-1');
    await assert.rejects(deleteRecoveryPoint(attacked, 'one'), refused('locked'));
    clock.advance(8 * DAY_MS);
    await deleteRecoveryPoint(attacked, 'one');
  });

  test('is refused when the sealed facts were changed', async () => {
    const { vault, store, fence } = await sample({ lockedUntilAt: Date.parse('2026-01-08') });
    store.damage(pointKey('one', fence), 300);
    await assert.rejects(
      deleteRecoveryPoint(vault, 'one'),
      (error) => error instanceof EngineError && error.code === 'damaged',
    );
  });

  test('is refused while somebody reads it', async () => {
    const { vault, authority } = await sample();
    const request = { vaultId: vault.vaultId, recoveryPointId: 'one', holder: 'a restore', ttlMs: 1000 };
    const lease = await authority.acquireReadLease(request);
    await assert.rejects(deleteRecoveryPoint(vault, 'one'), refused('in-use'));
    await authority.releaseReadLease(lease);
    await deleteRecoveryPoint(vault, 'one');
  });
});

describe('changing retention', () => {
  test('locks every object that the recovery point needs, once, and never earlier again', async () => {
    const { vault, store, authority, fence } = await sample();
    const lockedUntilAt = Date.parse('2026-03-01');
    await changeRetention(vault, 'one', { keepUntilAt: lockedUntilAt, lockedUntilAt, lockMode: 'compliance' });
    const uses = await authority.collection.packUses(vault.vaultId, 'one');
    for (const name of [
      pointKey('one', fence),
      retentionKey('one', fence, 1),
      ...uses.map(({ packId }) => packKey(packId)),
    ]) {
      assert.deepEqual((await store.head(name)).retention, { mode: 'compliance', untilAt: lockedUntilAt }, name);
    }
    await assert.rejects(changeRetention(vault, 'one', { lockedUntilAt: lockedUntilAt - 1 }), refused('locked'));
    await assert.rejects(changeRetention(vault, 'one', {}), refused('locked'));
    assert.equal((await readSealedRetention(vault, 'one', fence)).changes.length, 1);
    assert.equal((await authority.recoveryPoint(vault.vaultId, 'one'))?.retention.lockedUntilAt, lockedUntilAt);
  });

  test('lets a governance lock become shorter', async () => {
    const { vault } = await sample({ lockedUntilAt: Date.parse('2026-03-01'), lockMode: 'governance' });
    await assert.rejects(deleteRecoveryPoint(vault, 'one'), refused('locked'));
    assert.equal(shortens({ lockedUntilAt: 10, lockMode: 'governance' }, {}, 5), false);
  });

  test('keeps the changes of two who change at the same time', async () => {
    const { vault, fence } = await sample();
    await Promise.all(['a', 'b', 'c'].map((hold) => placeHold(vault, 'one', hold)));
    assert.deepEqual((await readSealedRetention(vault, 'one', fence)).holds, ['a', 'b', 'c']);
    await placeHold(vault, 'one', 'a');
    assert.equal((await readSealedRetention(vault, 'one', fence)).changes.length, 3, 'repeating changes nothing');
  });

  test('never lets a sealed change end a compliance lock before its date', () => {
    const change = (sequence: number, changedAt: number, retention: RecoveryPointRetention) => ({
      sequence,
      changedAt,
      retention,
      holds: [],
    });
    const locked = { lockedUntilAt: 100, lockMode: 'compliance' as const };
    assert.equal(effectiveRetention(locked, [change(1, 50, {})]).retention.lockedUntilAt, 100);
    assert.equal(
      effectiveRetention(locked, [change(1, 50, { ...locked, lockMode: 'governance' })]).retention.lockMode,
      'compliance',
    );
    assert.equal(effectiveRetention(locked, [change(1, 150, {})]).retention.lockedUntilAt, undefined);
    assert.equal(
      effectiveRetention(locked, [change(1, 50, { ...locked, lockedUntilAt: 200 })]).retention.lockedUntilAt,
      200,
    );
  });
});
