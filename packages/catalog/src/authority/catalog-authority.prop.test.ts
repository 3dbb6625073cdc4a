import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  type Authority,
  AuthorityError,
  type PackFacts,
  type ReadLease,
  SqliteAuthority,
  type WriteLease,
} from '@holdfast/engine';
import { fc } from '@holdfast/testkit/properties';
import { forEachDatabase } from '../testing.ts';
import { CatalogAuthority } from './catalog-authority.ts';
import { emptyAuthorityTables } from './testing.ts';

const VAULT = 'a'.repeat(32);
const POINTS = ['p0', 'p1', 'p2', 'p3'];
/** The fence of a writer is the beginning of its packs' IDs. */
const PACKS = [1, 2, 3].flatMap((fence) => [1, 2].map((serial) => packId(fence, serial)));

function packId(fence: number, serial: number): string {
  return fence.toString(16).padStart(8, '0') + serial.toString(16).padStart(8, '0') + '0'.repeat(16);
}

function facts(id: string): PackFacts {
  return { packId: id, kind: 'data', sizeBytes: 1000, merkleRoot: '0'.repeat(64), crc32: 4_000_000_000 };
}

const point = fc.constantFrom(...POINTS);
const pack = fc.constantFrom(...PACKS);
const packs = fc.uniqueArray(pack, { maxLength: 4 });
const which = fc.nat({ max: 5 });
const bytes = fc.integer({ min: 1, max: 900 });
const uses = fc.array(fc.record({ packId: pack, usedBytes: bytes }), { maxLength: 4 });
const at = fc.integer({ min: 1_000_000, max: 1_200_000 });
const tier = fc.constantFrom('warm' as const, 'cold' as const);

type Pair<T> = readonly [T, T];

/** The two authorities, and the leases that each of them gave for the same request. */
class Twins {
  time = 1_000_000;
  readonly writes: Pair<WriteLease>[] = [];
  readonly reads: Pair<ReadLease>[] = [];
  readonly both: Pair<Authority>;

  constructor(both: Pair<Authority>) {
    this.both = both;
  }

  /** Does the same to both and holds their answers against each other. */
  async ask<T>(call: (authority: Authority, side: 0 | 1) => Promise<T>): Promise<Pair<T> | undefined> {
    const answers = await Promise.allSettled([call(this.both[0], 0), call(this.both[1], 1)]);
    const [expected, actual] = answers.map((answer) =>
      answer.status === 'fulfilled' ? { value: withoutLeaseId(answer.value) } : { refused: codeOf(answer.reason) },
    );
    assert.deepEqual(actual, expected);
    const [first, second] = answers;
    if (first?.status !== 'fulfilled' || second?.status !== 'fulfilled') return undefined;
    return [first.value, second.value];
  }

  write(index: number, side: 0 | 1): WriteLease {
    return this.writes[index % Math.max(1, this.writes.length)]?.[side] ?? NO_LEASE;
  }

  read(index: number, side: 0 | 1): ReadLease {
    return this.reads[index % Math.max(1, this.reads.length)]?.[side] ?? NO_LEASE;
  }
}

const NO_LEASE = { vaultId: VAULT, leaseId: 'none', recoveryPointId: 'p0', fence: 0, expiresAt: 0 };

function withoutLeaseId(value: unknown): unknown {
  if (typeof value !== 'object' || value === null || !('leaseId' in value)) return value;
  const { leaseId: _, ...rest } = value;
  return rest;
}

function codeOf(error: unknown): string {
  if (error instanceof AuthorityError) return error.code;
  throw error;
}

type Step = (twins: Twins) => Promise<unknown>;

/** A whole backup: own packs, and those of a parent that is read meanwhile, in as long as it takes. */
async function backUp(
  twins: Twins,
  id: string,
  own: readonly string[],
  parentId: string,
  tookMs: number,
): Promise<void> {
  const request = { vaultId: VAULT, recoveryPointId: id, holder: 'backup', ttlMs: 40_000 };
  const writes = await twins.ask((authority) => authority.acquireWriteLease(request));
  if (writes === undefined) return;
  await twins.ask((authority) => authority.acquireReadLease({ ...request, recoveryPointId: parentId, ttlMs: 20_000 }));
  await twins.ask((authority, side) => authority.recordPacks(writes[side], own.map(facts)));
  twins.time += tookMs;
  const inherited = await twins.ask(({ collection }) => collection.packUses(VAULT, parentId));
  const uses = [...own.map((packId) => ({ packId, usedBytes: 500 })), ...(inherited?.[0] ?? [])];
  const numbers = { createdAt: twins.time, retention: {}, logicalBytes: 1, itemCount: 1, segments: [] };
  await twins.ask((authority, side) =>
    authority.commit(writes[side], { ...numbers, recoveryPointId: id, parentId, uses }),
  );
}

const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 10,
    arbitrary: fc.tuple(point, packs, point, fc.constantFrom(0, 0, 10_000, 25_000, 45_000)).map(
      ([id, own, parentId, tookMs]): Step =>
        (twins) =>
          backUp(twins, id, own, parentId, tookMs),
    ),
  },
  fc.record({ point, ttlMs: fc.integer({ min: 1, max: 50_000 }) }).map(
    ({ point, ttlMs }): Step =>
      async (twins) => {
        const request = { vaultId: VAULT, recoveryPointId: point, holder: 'test', ttlMs };
        const pair = await twins.ask((authority) => authority.acquireWriteLease(request));
        if (pair !== undefined) twins.writes.push(pair);
      },
  ),
  fc.record({ point }).map(
    ({ point }): Step =>
      async (twins) => {
        const request = { vaultId: VAULT, recoveryPointId: point, holder: 'test', ttlMs: 20_000 };
        const pair = await twins.ask((authority) => authority.acquireReadLease(request));
        if (pair !== undefined) twins.reads.push(pair);
      },
  ),
  which.map(
    (n): Step =>
      (twins) =>
        twins.ask((authority, side) => authority.renewWriteLease(twins.write(n, side), 9000)),
  ),
  which.map(
    (n): Step =>
      (twins) =>
        twins.ask((authority, side) => authority.releaseWriteLease(twins.write(n, side))),
  ),
  which.map(
    (n): Step =>
      (twins) =>
        twins.ask((authority, side) => authority.renewReadLease(twins.read(n, side), 9000)),
  ),
  which.map(
    (n): Step =>
      (twins) =>
        twins.ask((authority, side) => authority.releaseReadLease(twins.read(n, side))),
  ),
  fc.tuple(which, packs).map(
    ([n, ids]): Step =>
      (twins) =>
        twins.ask((authority, side) => authority.pinPacks(twins.write(n, side), ids)),
  ),
  {
    weight: 4,
    arbitrary: fc.tuple(which, packs).map(
      ([n, ids]): Step =>
        (twins) =>
          twins.ask((authority, side) => authority.recordPacks(twins.write(n, side), ids.map(facts))),
    ),
  },
  {
    weight: 6,
    arbitrary: fc.tuple(which, uses, fc.option(point, { nil: undefined }), fc.boolean()).map(
      ([n, uses, parentId, isLocked]): Step =>
        (twins) =>
          twins.ask((authority, side) => {
            const lease = twins.write(n, side);
            return authority.commit(lease, {
              recoveryPointId: lease.recoveryPointId,
              createdAt: twins.time,
              retention: isLocked ? { lockedUntilAt: twins.time + 5000, lockMode: 'governance' } : {},
              logicalBytes: 5,
              itemCount: 2,
              uses,
              segments: [`s${n}`],
              ...(parentId === undefined ? {} : { parentId }),
            });
          }),
    ),
  },
  fc.tuple(point, at).map(
    ([id, lockedUntilAt]): Step =>
      (twins) =>
        twins.ask((authority) => authority.setRetention(VAULT, id, { lockedUntilAt })),
  ),
  point.map(
    (id): Step =>
      (twins) =>
        twins.ask((authority) => authority.addHold(VAULT, id, 'hold')),
  ),
  point.map(
    (id): Step =>
      (twins) =>
        twins.ask((authority) => authority.removeHold(VAULT, id, 'hold')),
  ),
  {
    weight: 3,
    arbitrary: point.map(
      (id): Step =>
        (twins) =>
          twins.ask((authority) => authority.deleteRecoveryPoint(VAULT, id)),
    ),
  },
  fc.integer({ min: 0, max: 60_000 }).map(
    (ms): Step =>
      async (twins) => {
        twins.time += ms;
      },
  ),
  fc.constant<Step>((twins) => twins.ask((authority) => authority.collectablePacks(VAULT, 4))),
  packs.map(
    (ids): Step =>
      (twins) =>
        twins.ask((authority) => authority.withdrawPacks(VAULT, ids)),
  ),
  packs.map(
    (ids): Step =>
      (twins) =>
        twins.ask((authority) => authority.forgetPacks(VAULT, ids)),
  ),
  packs.map(
    (ids): Step =>
      (twins) =>
        twins.ask((authority) => authority.collection.reinstatePacks(VAULT, ids)),
  ),
  fc.tuple(which, packs).map(
    ([n, ids]): Step =>
      (twins) =>
        twins.ask((authority, side) => authority.collection.closePacks(twins.write(n, side), ids)),
  ),
  fc.tuple(which, fc.integer({ min: 1, max: 3 })).map(
    ([n, fence]): Step =>
      (twins) =>
        twins.ask((authority, side) => authority.collection.adoptPacks(twins.write(n, side), fence)),
  ),
  {
    weight: 3,
    arbitrary: fc.tuple(which, pack, pack, bytes, fc.option(fc.uniqueArray(point), { nil: undefined })).map(
      ([n, from, to, usedBytes, points]): Step =>
        async (twins) => {
          // A pack is never moved into itself, nor back to where it came from.
          if (from >= to) return;
          await twins.ask((authority, side) => authority.collection.closePacks(twins.write(n, side), [from]));
          const move = { from, to: [{ packId: to, usedBytes }], ...(points === undefined ? {} : { points }) };
          await twins.ask((authority, side) => authority.collection.movePacks(twins.write(n, side), [move], ['m']));
        },
    ),
  },
  fc.tuple(fc.constantFrom('s0', 's1', 'm'), fc.constantFrom('s0', 's2', 'x')).map(
    ([retired, added]): Step =>
      (twins) =>
        twins.ask((authority) => authority.replaceSegments(VAULT, [added], [retired])),
  ),
  fc.constant<Step>((twins) => twins.ask((authority) => authority.collection.forgetSegments(VAULT, ['s0']))),
  fc.constantFrom('one', 'two').map(
    (reason): Step =>
      (twins) =>
        twins.ask((authority) => authority.collection.freeze(VAULT, reason)),
  ),
  fc.constant<Step>((twins) => twins.ask((authority) => authority.collection.unfreeze(VAULT))),
  fc.tuple(pack, fc.constantFrom('governance' as const, 'compliance' as const), at).map(
    ([id, mode, untilAt]): Step =>
      (twins) =>
        twins.ask((authority) => authority.collection.recordPackLocks(VAULT, [{ packId: id, mode, untilAt }])),
  ),
  fc.tuple(pack, fc.constantFrom('cheap' as const, 'deep' as const), fc.boolean()).map(
    ([id, layer, isDamaged]): Step =>
      (twins) => {
        // Two looks never happen in the same millisecond.
        twins.time += 1;
        const check = { packId: id, layer, checkedAt: twins.time, ...(isDamaged ? { damage: 'leaf' } : {}) };
        return twins.ask((authority) => authority.collection.recordPackChecks(VAULT, [check]));
      },
  ),
  fc.tuple(point, tier).map(
    ([id, tier]): Step =>
      (twins) =>
        twins.ask((authority) => authority.collection.setPointTier(VAULT, id, tier)),
  ),
  packs.map(
    (ids): Step =>
      (twins) =>
        twins.ask(({ collection }) => collection.claimCold(VAULT, ids)),
  ),
  fc.array(fc.record({ packId: pack, usedBytes: bytes }), { maxLength: 3 }).map(
    (measures): Step =>
      (twins) =>
        twins.ask(({ collection }) => collection.recordLiveBytes(VAULT, measures)),
  ),
  fc.tuple(packs, tier).map(
    ([ids, tier]): Step =>
      (twins) =>
        twins.ask((authority) => authority.collection.setPackTier(VAULT, ids, tier)),
  ),
  fc.nat({ max: 5 }).map(
    (fence): Step =>
      (twins) =>
        twins.ask((authority) => authority.collection.raiseFence(VAULT, fence)),
  ),
  packs.map(
    (ids): Step =>
      (twins) =>
        twins.ask((authority) => authority.collection.restorePacks(VAULT, ids.map(facts))),
  ),
  fc.tuple(point, uses).map(
    ([id, uses]): Step =>
      (twins) =>
        twins.ask((authority) =>
          authority.collection.restorePoint(VAULT, {
            recoveryPointId: id,
            fence: 1,
            createdAt: 7,
            retention: {},
            logicalBytes: 1,
            itemCount: 1,
            holds: ['h'],
            uses,
          }),
        ),
  ),
);

/** Everything that can be read. */
async function compareAll(twins: Twins): Promise<void> {
  await twins.ask((authority) => authority.allPacks(VAULT, undefined, 100));
  await twins.ask((authority) => authority.allPacks(VAULT, PACKS[1], 2));
  await twins.ask((authority) => authority.packs(VAULT, [...PACKS].reverse()));
  await twins.ask((authority) => authority.recoveryPoints(VAULT, undefined, 100));
  await twins.ask((authority) => authority.recoveryPoints(VAULT, 'p1', 1));
  await twins.ask((authority) => authority.segments(VAULT));
  await twins.ask(({ collection }) => collection.withdrawnPacks(VAULT, twins.time, 100));
  await twins.ask(({ collection }) => collection.runningFences(VAULT));
  await twins.ask(({ collection }) => collection.lastFence(VAULT));
  await twins.ask(({ collection }) => collection.miscountedPacks(VAULT, 100));
  await twins.ask(({ collection }) => collection.retiredSegments(VAULT, twins.time, 100));
  await twins.ask(({ collection }) => collection.frozenReason(VAULT));
  await twins.ask(({ collection }) => collection.packLocks(VAULT, PACKS));
  await twins.ask(({ collection }) => collection.packsToCheck(VAULT, 'deep', twins.time, 100));
  await twins.ask(({ collection }) => collection.damagedPacks(VAULT));
  await twins.ask(({ collection }) => collection.claimedPacks(VAULT));
  await twins.ask(({ collection }) => collection.packsToWarm(VAULT, 100));
  await twins.ask(({ collection }) => collection.packsToMeasure(VAULT, 0.6, 100));
  await twins.ask(({ collection }) => collection.measuredPacks(VAULT));
  await twins.ask(({ collection }) => collection.coldPoints(VAULT));
  await twins.ask(({ collection }) => collection.packsToCool(VAULT, 100));
  await twins.ask(({ collection }) => collection.coldPacks(VAULT, PACKS));
  for (const id of PACKS) await twins.ask(({ collection }) => collection.pointsUsing(VAULT, id));
  for (const id of POINTS) await twins.ask(({ collection }) => collection.packUses(VAULT, id));
}

forEachDatabase((name, open) => {
  test('answers whatever is done to it as the authority that stands alone does', async (t) => {
    const catalog = await open(t);
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 20, maxLength: 60 }), async (steps) => {
        await emptyAuthorityTables(catalog);
        const clock = { now: () => twins.time };
        const alone = new SqliteAuthority({ path: ':memory:', clock: () => clock.now() });
        const twins = new Twins([alone, new CatalogAuthority(catalog, () => clock.now())]);
        for (const action of steps) await action(twins);
        await compareAll(twins);
        alone.close();
      }),
      { numRuns: name === 'sqlite' ? 60 : 12, maxSkipsPerRun: 0, interruptAfterTimeLimit: 60_000 },
    );
  });
});
