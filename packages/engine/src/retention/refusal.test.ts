import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { SqliteAuthority } from '../authority/sqlite-authority.ts';
import { pointKey } from '../point/point-object.ts';
import type { RecoveryPointRetention } from '../point/recovery-point.ts';
import { sampleBytes } from '../store/contract/store-case.ts';
import { MemoryStore } from '../store/memory-store.ts';
import { SampleVault, TestClock } from '../testing/sample-vault.ts';
import { executeDelete, planDelete } from './delete-points.ts';
import { holdsOn, placeHold, releaseHold } from './legal-hold.ts';
import { remedyFor } from './refusal.ts';

const FILES = new Map([['a', sampleBytes(900)]]);

async function sample(retention: RecoveryPointRetention = {}) {
  const clock = new TestClock();
  const store = new MemoryStore({ now: clock.now });
  const authority = new SqliteAuthority({ path: ':memory:', clock: clock.now });
  const vault = await SampleVault.create({ clock, store, authority });
  await vault.backup('one', FILES, { retention });
  const planned = async () => (await planDelete(vault, ['one'])).refusals.map(({ reason }) => reason);
  /** As if the plan had been made before whatever refuses now. */
  const executed = async () => {
    const { deleted, refused } = await executeDelete(vault, {
      deletes: [{ recoveryPointId: 'one', logicalBytes: 0 }],
      refusals: [],
    });
    assert.equal(deleted.length + refused.length, 1);
    return refused;
  };
  return { vault, store, authority, clock, planned, executed };
}

describe('a refused deletion says by a code why, in the plan and when it is carried out', () => {
  test('held, until the last of several holds is released', async () => {
    const { vault, planned, executed } = await sample();
    await placeHold(vault, 'one', 'case-1');
    await placeHold(vault, 'one', 'case-2');
    await placeHold(vault, 'one', 'case-2');
    await releaseHold(vault, 'one', 'case-1');
    await releaseHold(vault, 'one', 'case-1');
    assert.deepEqual(await holdsOn(vault, 'one'), ['case-2']);
    assert.deepEqual(await planned(), ['held']);
    assert.deepEqual((await executed())[0]?.reason, 'held');
    assert.equal(remedyFor('held'), 'release');
    await releaseHold(vault, 'one', 'case-2');
    assert.deepEqual(await executed(), []);
    await releaseHold(vault, 'one', 'case-2');
    assert.deepEqual(await holdsOn(vault, 'one'), []);
    await assert.rejects(placeHold(vault, 'one', 'case-3'), /no recovery point one/);
  });

  test('locked, with the time at which the lock ends', async () => {
    const lockedUntilAt = Date.parse('2026-01-08');
    const { vault, executed } = await sample({ lockedUntilAt });
    const [refusal] = (await planDelete(vault, ['one'])).refusals;
    assert.deepEqual([refusal?.reason, refusal?.untilAt], ['locked', lockedUntilAt]);
    assert.deepEqual(await executed(), [refusal]);
    assert.equal(remedyFor('locked'), 'wait-until');
  });

  test('in-use, as long as somebody reads', async () => {
    const { vault, authority, planned, executed } = await sample();
    const request = { vaultId: vault.vaultId, recoveryPointId: 'one', holder: 'a browse session', ttlMs: 1000 };
    const lease = await authority.acquireReadLease(request);
    assert.deepEqual(await planned(), [], 'a plan does not know who will read');
    const [refusal] = await executed();
    assert.equal(refusal?.reason, 'in-use');
    assert.match(refusal.message, /a browse session/);
    assert.equal(remedyFor('in-use'), 'wait');
    await authority.releaseReadLease(lease);
    assert.deepEqual(await executed(), []);
  });

  test('frozen, as long as the books of the vault are in doubt', async () => {
    const { vault, authority, planned, executed } = await sample();
    await authority.collection.freeze(vault.vaultId, 'the counters are wrong');
    assert.deepEqual(await planned(), ['frozen']);
    assert.match((await executed())[0]?.message ?? '', /the counters are wrong/);
    await authority.collection.unfreeze(vault.vaultId);
    assert.deepEqual(await executed(), []);
  });

  test('unreadable, when what was sealed about locks and holds does not verify', async () => {
    const { vault, store, authority, planned, executed } = await sample();
    const fence = (await authority.recoveryPoint(vault.vaultId, 'one'))?.fence ?? 0;
    store.damage(pointKey('one', fence), 300);
    assert.deepEqual(await planned(), ['unreadable']);
    assert.equal((await executed())[0]?.reason, 'unreadable');
    assert.equal(remedyFor('unreadable'), 'repair');
  });

  test('not-found, which needs nothing more', async () => {
    const { planned, executed } = await sample();
    assert.deepEqual(await executed(), []);
    assert.deepEqual(await planned(), ['not-found']);
    assert.equal((await executed())[0]?.reason, 'not-found');
    assert.equal(remedyFor('not-found'), 'nothing');
  });
});
