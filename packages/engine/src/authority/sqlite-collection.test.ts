import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { PackFacts } from './authority.ts';
import { AuthorityError, type AuthorityErrorCode } from './authority-error.ts';
import { SqliteAuthority } from './sqlite-authority.ts';

const VAULT = '0'.repeat(32);

function open() {
  let time = 1_000_000;
  const authority = new SqliteAuthority({ path: ':memory:', clock: () => time });
  const advance = (ms: number) => {
    time += ms;
  };
  const lease = (recoveryPointId: string) =>
    authority.acquireWriteLease({ vaultId: VAULT, recoveryPointId, holder: 'test', ttlMs: 60_000 });
  const commit = async (recoveryPointId: string, own: readonly string[], shared: readonly string[] = []) => {
    const held = await lease(recoveryPointId);
    await authority.recordPacks(held, own.map(facts));
    assert.deepEqual(await authority.pinPacks(held, shared), shared);
    await authority.commit(held, {
      recoveryPointId,
      createdAt: time,
      retention: {},
      logicalBytes: 0,
      itemCount: 0,
      uses: [...own, ...shared].map((packId) => ({ packId, usedBytes: 500 })),
      segments: [],
    });
  };
  return { authority, collection: authority.collection, advance, lease, commit, now: () => time };
}

function facts(packId: string): PackFacts {
  return { packId, kind: 'data', sizeBytes: 1000, merkleRoot: '0'.repeat(64), crc32: 0 };
}

function pack(fence: number, serial = 1): string {
  return fence.toString(16).padStart(8, '0') + serial.toString(16).padStart(8, '0') + '0'.repeat(16);
}

const refused = (code: AuthorityErrorCode) => (error: unknown) =>
  error instanceof AuthorityError && error.code === code;

describe('the collection part of the authority', () => {
  test('moves the uses of a pack to its successors, bounded by what was used', async () => {
    const { authority, collection, lease, commit } = open();
    await commit('a', [pack(1)]);
    await commit('b', [], [pack(1)]);
    const repack = await lease('repack');
    await authority.recordPacks(repack, [facts(pack(9))]);
    assert.deepEqual(await collection.closePacks(repack, [pack(1)]), [pack(1)]);
    await collection.movePacks(repack, [{ from: pack(1), to: [{ packId: pack(9), usedBytes: 400 }] }], ['segment']);
    const [from, to] = await authority.packs(VAULT, [pack(1), pack(9)]);
    assert.deepEqual([from?.referenceCount, from?.usedBytes, from?.state], [0, 0, 'live']);
    assert.deepEqual([to?.referenceCount, to?.usedBytes, to?.state], [2, 800, 'live']);
    assert.deepEqual(await collection.packUses(VAULT, 'b'), [{ packId: pack(9), usedBytes: 400 }]);
    assert.deepEqual(await authority.segments(VAULT), ['segment']);
    assert.deepEqual(await collection.miscountedPacks(VAULT, 10), []);
    await assert.rejects(authority.renewWriteLease(repack, 1), refused('lease-lost'));
  });

  test('counts the successors of a moved pack when a tree still names the old one', async () => {
    const { authority, collection, lease, commit, now } = open();
    await commit('parent', [pack(1)]);
    for (const [from, to] of [
      [1, 8],
      [8, 9],
    ] as const) {
      const repack = await lease('repack');
      await authority.recordPacks(repack, [facts(pack(to))]);
      await collection.closePacks(repack, [pack(from)]);
      await collection.movePacks(repack, [{ from: pack(from), to: [{ packId: pack(to), usedBytes: 300 }] }], []);
      await authority.withdrawPacks(VAULT, [pack(from)]);
      await authority.forgetPacks(VAULT, [pack(from)]);
    }
    await authority.acquireReadLease({ vaultId: VAULT, recoveryPointId: 'parent', holder: 'test', ttlMs: 1000 });
    const child = {
      recoveryPointId: 'child',
      parentId: 'parent',
      createdAt: now(),
      retention: {},
      logicalBytes: 0,
      itemCount: 0,
      segments: [],
    };
    const unknown = { ...child, uses: [{ packId: pack(7), usedBytes: 1 }] };
    await assert.rejects(authority.commit(await lease('child'), unknown), refused('pack-missing'));
    const uses = [
      { packId: pack(1), usedBytes: 200 },
      { packId: pack(9), usedBytes: 50 },
    ];
    await authority.commit(await lease('child'), { ...child, uses });
    assert.deepEqual(await collection.packUses(VAULT, 'child'), [{ packId: pack(9), usedBytes: 250 }]);
    assert.deepEqual(await collection.miscountedPacks(VAULT, 10), []);
  });

  test('lets only some recovery points change over when frames are promoted', async () => {
    const { authority, collection, lease, commit } = open();
    await commit('short', [pack(1)]);
    await commit('long', [], [pack(1)]);
    const promote = await lease('promote');
    await authority.recordPacks(promote, [facts(pack(9))]);
    await collection.closePacks(promote, [pack(1)]);
    const to = [{ packId: pack(9), usedBytes: 500 }];
    await collection.movePacks(promote, [{ from: pack(1), to, points: ['long'] }], []);
    assert.deepEqual(await collection.pointsUsing(VAULT, pack(1)), ['short']);
    assert.deepEqual(await collection.pointsUsing(VAULT, pack(9)), ['long']);
    assert.deepEqual(await collection.miscountedPacks(VAULT, 10), []);
  });

  test('never moves a pack that a writer may begin to need more of', async () => {
    const { authority, collection, lease, commit, advance } = open();
    await commit('a', [pack(1), pack(2)]);
    const writer = await lease('b');
    await authority.pinPacks(writer, [pack(1)]);
    const repack = await lease('repack');
    await authority.recordPacks(repack, [facts(pack(9))]);
    assert.deepEqual(await collection.closePacks(repack, [pack(1), pack(2)]), [pack(2)]);
    assert.deepEqual(await authority.pinPacks(writer, [pack(1), pack(2)]), [pack(1)], 'a closed pack is not given out');
    const to = [{ packId: pack(9), usedBytes: 1 }];
    await assert.rejects(collection.movePacks(repack, [{ from: pack(1), to }], []), refused('in-use'));
    advance(61_000);
    const next = await lease('c');
    assert.deepEqual(await authority.pinPacks(next, [pack(2)]), [pack(2)], 'a dead mover leaves nothing closed');
  });

  test('keeps withdrawn packs in the trash with their time, and gives them back', async () => {
    const { authority, collection, commit, advance, now } = open();
    await commit('a', [pack(1), pack(2)]);
    await authority.deleteRecoveryPoint(VAULT, 'a');
    const collectable = await authority.collectablePacks(VAULT, 10);
    assert.equal(collectable.length, 2);
    await authority.withdrawPacks(VAULT, [pack(1)]);
    const withdrawnAt = now();
    advance(1000);
    await authority.withdrawPacks(VAULT, [pack(1), pack(2)]);
    assert.deepEqual(await authority.collectablePacks(VAULT, 10), []);
    const old = await collection.withdrawnPacks(VAULT, withdrawnAt, 10);
    assert.deepEqual(
      old.map(({ packId, withdrawnAt }) => [packId, withdrawnAt]),
      [[pack(1), withdrawnAt]],
    );
    assert.deepEqual(await collection.reinstatePacks(VAULT, [pack(1), pack(7)]), [pack(1)]);
    assert.equal((await authority.collectablePacks(VAULT, 10)).length, 1);
  });

  test('lets a retry adopt the packs of its dead predecessor, and of nobody else', async () => {
    const { authority, collection, lease, advance } = open();
    const dead = await lease('a');
    await authority.recordPacks(dead, [facts(pack(dead.fence, 1)), facts(pack(dead.fence, 2))]);
    const early = await lease('a');
    assert.deepEqual(await collection.adoptPacks(early, dead.fence), [], 'the predecessor still lives');
    advance(61_000);
    const retry = await lease('a');
    const adopted = await collection.adoptPacks(retry, dead.fence);
    assert.deepEqual(
      adopted.map(({ packId }) => packId),
      [pack(dead.fence, 1), pack(dead.fence, 2)],
    );
    assert.deepEqual(await authority.collectablePacks(VAULT, 10), []);
    await authority.releaseWriteLease(retry);
    assert.equal((await authority.collectablePacks(VAULT, 10)).length, 2);
  });

  test('finds the packs whose checks are oldest and those that are damaged', async () => {
    const { collection, commit } = open();
    await commit('a', [pack(1), pack(2), pack(3)]);
    await collection.recordPackChecks(VAULT, [
      { packId: pack(1), layer: 'deep', checkedAt: 200 },
      { packId: pack(2), layer: 'deep', checkedAt: 100, damage: 'leaf 3' },
    ]);
    const due = await collection.packsToCheck(VAULT, 'deep', 200, 10);
    assert.deepEqual(
      due.map(({ pack: { packId }, checkedAt }) => [packId, checkedAt]),
      [
        [pack(3), undefined],
        [pack(2), 100],
      ],
    );
    assert.deepEqual(
      (await collection.damagedPacks(VAULT)).map(({ damage }) => damage),
      ['leaf 3'],
    );
    await collection.recordPackChecks(VAULT, [{ packId: pack(2), layer: 'deep', checkedAt: 300 }]);
    assert.deepEqual(await collection.damagedPacks(VAULT), []);
  });

  test('cools packs only when no warm recovery point needs them, and never gives out a cold one', async () => {
    const { authority, collection, lease, commit } = open();
    await commit('old', [pack(1), pack(2)]);
    await commit('new', [], [pack(2)]);
    await collection.setPointTier(VAULT, 'old', 'cold');
    const cooled = (await collection.packsToCool(VAULT, 10)).map(({ packId }) => packId);
    assert.deepEqual(cooled, [pack(1)]);
    await collection.setPackTier(VAULT, cooled, 'cold');
    assert.deepEqual(await collection.packsToCool(VAULT, 10), []);
    const writer = await lease('next');
    assert.deepEqual(await authority.pinPacks(writer, [pack(1), pack(2)]), [pack(2)]);
    assert.deepEqual(await collection.coldPacks(VAULT, [pack(1), pack(2)]), [pack(1)]);
  });

  test('only ever moves locks later, and keeps the first reason of a freeze', async () => {
    const { collection } = open();
    await collection.recordPackLocks(VAULT, [{ packId: pack(1), mode: 'compliance', untilAt: 500 }]);
    await collection.recordPackLocks(VAULT, [{ packId: pack(1), mode: 'governance', untilAt: 400 }]);
    assert.deepEqual(await collection.packLocks(VAULT, [pack(1)]), [
      { packId: pack(1), mode: 'compliance', untilAt: 500 },
    ]);
    await collection.freeze(VAULT, 'first');
    await collection.freeze(VAULT, 'second');
    assert.equal(await collection.frozenReason(VAULT), 'first');
    await collection.unfreeze(VAULT);
    assert.equal(await collection.frozenReason(VAULT), undefined);
  });
});
