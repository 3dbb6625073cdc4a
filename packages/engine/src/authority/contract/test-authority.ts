import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { Authority, PackFacts, RecoveryPointCommit, WriteLease } from '../authority.ts';
import { AuthorityError, type AuthorityErrorCode } from '../authority-error.ts';

const VAULT = '000000000000000000000000000000aa';
const TTL_MS = 60_000;

/** An authority whose clock the suite moves. */
export interface AuthorityUnderTest {
  readonly authority: Authority;
  advance(ms: number): void;
  now(): number;
  close(): Promise<void>;
}

function packId(number: number): string {
  return number.toString(16).padStart(32, '0');
}

function facts(number: number): PackFacts {
  return { packId: packId(number), kind: 'data', sizeBytes: 1000, merkleRoot: '00'.repeat(32), crc32: number };
}

async function refuses(action: Promise<unknown>, code: AuthorityErrorCode): Promise<void> {
  await assert.rejects(action, (error) => error instanceof AuthorityError && error.code === code, `expected ${code}`);
}

/** What each case works with: a lease or a committed recovery point in one call. */
class Bench {
  readonly authority: Authority;
  readonly #test: AuthorityUnderTest;

  constructor(underTest: AuthorityUnderTest) {
    this.authority = underTest.authority;
    this.#test = underTest;
  }

  advance(ms: number): void {
    this.#test.advance(ms);
  }

  now(): number {
    return this.#test.now();
  }

  lease(recoveryPointId: string): Promise<WriteLease> {
    return this.authority.acquireWriteLease({ vaultId: VAULT, recoveryPointId, holder: 'test', ttlMs: TTL_MS });
  }

  read(recoveryPointId: string) {
    return this.authority.acquireReadLease({ vaultId: VAULT, recoveryPointId, holder: 'test', ttlMs: TTL_MS });
  }

  commitOf(recoveryPointId: string, packs: readonly number[], more: Partial<RecoveryPointCommit> = {}) {
    const uses = packs.map((number) => ({ packId: packId(number), usedBytes: 100 }));
    const createdAt = this.now();
    return { recoveryPointId, createdAt, retention: {}, logicalBytes: 1, itemCount: 1, uses, segments: [], ...more };
  }

  /** Writes the packs and commits a recovery point that uses them. */
  async committed(recoveryPointId: string, packs: readonly number[], more: Partial<RecoveryPointCommit> = {}) {
    const lease = await this.lease(recoveryPointId);
    await this.authority.recordPacks(lease, packs.map(facts));
    await this.authority.commit(lease, this.commitOf(recoveryPointId, packs, more));
    return lease;
  }

  async pack(number: number) {
    return (await this.authority.packs(VAULT, [packId(number)]))[0];
  }

  async collectable(): Promise<readonly string[]> {
    return (await this.authority.collectablePacks(VAULT, 100)).map((pack) => pack.packId);
  }
}

type Case = readonly [title: string, run: (bench: Bench) => Promise<void>];

const leaseCases: readonly Case[] = [
  [
    'each write lease has a larger fence than all before',
    async (bench) => {
      const first = await bench.lease('a');
      await bench.authority.releaseWriteLease(first);
      const second = await bench.lease('a');
      const third = await bench.lease('b');
      assert.ok(first.fence < second.fence && second.fence < third.fence);
    },
  ],
  [
    'a lapsed lease cannot commit, journal, pin or be renewed, whatever happened since',
    async (bench) => {
      const lease = await bench.lease('a');
      bench.advance(TTL_MS);
      await refuses(bench.authority.renewWriteLease(lease, TTL_MS), 'lease-lost');
      await refuses(bench.authority.recordPacks(lease, [facts(1)]), 'lease-lost');
      await refuses(bench.authority.pinPacks(lease, [packId(1)]), 'lease-lost');
      await refuses(bench.authority.commit(lease, bench.commitOf('a', [])), 'lease-lost');
      assert.equal(await bench.authority.recoveryPoint(VAULT, 'a'), undefined);
    },
  ],
  [
    'a renewed lease outlives its first term',
    async (bench) => {
      const lease = await bench.lease('a');
      bench.advance(TTL_MS - 1);
      const renewed = await bench.authority.renewWriteLease(lease, TTL_MS);
      bench.advance(TTL_MS - 1);
      assert.equal(renewed.expiresAt, bench.now() + 1);
      await bench.authority.commit(renewed, bench.commitOf('a', []));
    },
  ],
  [
    'a released lease cannot commit, and releasing twice is harmless',
    async (bench) => {
      const lease = await bench.lease('a');
      await bench.authority.releaseWriteLease(lease);
      await bench.authority.releaseWriteLease(lease);
      await refuses(bench.authority.commit(lease, bench.commitOf('a', [])), 'lease-lost');
    },
  ],
  [
    'a committed recovery point cannot be written again',
    async (bench) => {
      await bench.committed('a', [1]);
      await refuses(bench.lease('a'), 'already-exists');
    },
  ],
  [
    'a read lease needs a committed recovery point, and lapses',
    async (bench) => {
      await refuses(bench.read('a'), 'not-found');
      await bench.committed('a', [1]);
      const lease = await bench.read('a');
      bench.advance(TTL_MS);
      await refuses(bench.authority.renewReadLease(lease, TTL_MS), 'lease-lost');
    },
  ],
];

const commitCases: readonly Case[] = [
  [
    'a commit counts references and bytes, and lists its segments',
    async (bench) => {
      await bench.committed('a', [1, 2], { segments: ['s1'] });
      const pack = await bench.pack(1);
      assert.deepEqual([pack?.referenceCount, pack?.usedBytes, pack?.state], [1, 100, 'live']);
      assert.deepEqual(await bench.authority.segments(VAULT), ['s1']);
      const point = await bench.authority.recoveryPoint(VAULT, 'a');
      assert.deepEqual([point?.itemCount, point?.holds], [1, []]);
    },
  ],
  [
    'a commit may not name a pack that nobody journalled, and then changes nothing',
    async (bench) => {
      const lease = await bench.lease('a');
      await bench.authority.recordPacks(lease, [facts(1)]);
      await refuses(bench.authority.commit(lease, bench.commitOf('a', [1, 9])), 'pack-missing');
      assert.equal((await bench.pack(1))?.referenceCount, 0);
      assert.equal(await bench.authority.recoveryPoint(VAULT, 'a'), undefined);
      await bench.authority.commit(lease, bench.commitOf('a', [1]));
    },
  ],
  [
    'a known pack counts only when it is pinned, or the read-leased parent needs it',
    async (bench) => {
      await bench.committed('a', [1]);
      const unpinned = await bench.lease('b');
      await refuses(bench.authority.commit(unpinned, bench.commitOf('b', [1])), 'pack-missing');
      assert.deepEqual(await bench.authority.pinPacks(unpinned, [packId(1), packId(9)]), [packId(1)]);
      await bench.authority.commit(unpinned, bench.commitOf('b', [1]));
      const child = await bench.lease('c');
      const asChild = bench.commitOf('c', [1], { parentId: 'a' });
      await refuses(bench.authority.commit(child, asChild), 'pack-missing');
      await bench.read('a');
      await bench.authority.commit(child, asChild);
      assert.equal((await bench.pack(1))?.referenceCount, 3);
    },
  ],
  [
    'recovery points are listed in order, page by page',
    async (bench) => {
      for (const id of ['c', 'a', 'b']) await bench.committed(id, []);
      const first = await bench.authority.recoveryPoints(VAULT, undefined, 2);
      const rest = await bench.authority.recoveryPoints(VAULT, 'b', 2);
      assert.deepEqual(
        [...first, ...rest].map((point) => point.recoveryPointId),
        ['a', 'b', 'c'],
      );
    },
  ],
];

const deletionCases: readonly Case[] = [
  [
    'deleting takes the counters back',
    async (bench) => {
      await bench.committed('a', [1]);
      const lease = await bench.lease('b');
      await bench.authority.pinPacks(lease, [packId(1)]);
      await bench.authority.commit(lease, bench.commitOf('b', [1]));
      await bench.authority.deleteRecoveryPoint(VAULT, 'a');
      assert.deepEqual(await bench.collectable(), []);
      await bench.authority.deleteRecoveryPoint(VAULT, 'b');
      assert.deepEqual(await bench.collectable(), [packId(1)]);
      await refuses(bench.authority.deleteRecoveryPoint(VAULT, 'b'), 'not-found');
    },
  ],
  [
    'a lock refuses deletion until its date, and cannot become shorter',
    async (bench) => {
      const lockedUntilAt = bench.now() + 1000;
      await bench.committed('a', [], { retention: { lockedUntilAt, lockMode: 'compliance' } });
      await refuses(bench.authority.setRetention(VAULT, 'a', {}), 'locked');
      await refuses(bench.authority.deleteRecoveryPoint(VAULT, 'a'), 'locked');
      bench.advance(1000);
      await bench.authority.deleteRecoveryPoint(VAULT, 'a');
    },
  ],
  [
    'a hold and a reader refuse deletion while they stand',
    async (bench) => {
      await bench.committed('a', []);
      await bench.authority.addHold(VAULT, 'a', 'case 7');
      await refuses(bench.authority.deleteRecoveryPoint(VAULT, 'a'), 'held');
      await bench.authority.removeHold(VAULT, 'a', 'case 7');
      const reader = await bench.read('a');
      await refuses(bench.authority.deleteRecoveryPoint(VAULT, 'a'), 'in-use');
      await bench.authority.releaseReadLease(reader);
      await bench.authority.deleteRecoveryPoint(VAULT, 'a');
    },
  ],
];

const collectionCases: readonly Case[] = [
  [
    'packs of a writer at work are not collectable; those of a dead one are',
    async (bench) => {
      const lease = await bench.lease('a');
      await bench.authority.recordPacks(lease, [facts(1)]);
      assert.deepEqual(await bench.collectable(), []);
      bench.advance(TTL_MS);
      assert.deepEqual(await bench.collectable(), [packId(1)]);
    },
  ],
  [
    'a pinned pack is not withdrawn; a withdrawn pack is not pinned',
    async (bench) => {
      await bench.committed('a', [1]);
      const lease = await bench.lease('b');
      await bench.authority.pinPacks(lease, [packId(1)]);
      await bench.authority.deleteRecoveryPoint(VAULT, 'a');
      assert.deepEqual(await bench.authority.withdrawPacks(VAULT, [packId(1)]), []);
      await bench.authority.releaseWriteLease(lease);
      assert.deepEqual(await bench.authority.withdrawPacks(VAULT, [packId(1)]), [packId(1)]);
      const late = await bench.lease('c');
      assert.deepEqual(await bench.authority.pinPacks(late, [packId(1)]), []);
      await refuses(bench.authority.commit(late, bench.commitOf('c', [1])), 'pack-missing');
    },
  ],
  [
    'frames promoted for one recovery point leave the children of the others with the pack that they need',
    async (bench) => {
      await bench.committed('a', [1]);
      const sharer = await bench.lease('b');
      await bench.authority.pinPacks(sharer, [packId(1)]);
      await bench.authority.commit(sharer, bench.commitOf('b', [1]));
      const promotion = await bench.lease('promotion');
      await bench.authority.recordPacks(promotion, [facts(9)]);
      await bench.authority.collection.closePacks(promotion, [packId(1)]);
      const move = { from: packId(1), to: [{ packId: packId(9), usedBytes: 40 }], points: ['b'] };
      await bench.authority.collection.movePacks(promotion, [move], []);
      for (const [parentId, childId, expected] of [
        ['a', 'child of a', [{ packId: packId(1), usedBytes: 100 }]],
        ['b', 'child of b', [{ packId: packId(9), usedBytes: 40 }]],
      ] as const) {
        await bench.read(parentId);
        await bench.authority.commit(await bench.lease(childId), bench.commitOf(childId, [1], { parentId }));
        assert.deepEqual(await bench.authority.collection.packUses(VAULT, childId), expected);
      }
    },
  ],
  [
    'packs are held while a recovery point under a legal hold needs them',
    async (bench) => {
      const { collection } = bench.authority;
      const ids = [packId(1), packId(2), packId(3)];
      await bench.committed('a', [1, 2]);
      await bench.committed('b', [3]);
      assert.deepEqual(await collection.heldPacks(VAULT, ids), []);
      await bench.authority.addHold(VAULT, 'a', 'case 7');
      await bench.authority.addHold(VAULT, 'a', 'case 8');
      assert.deepEqual(await collection.heldPacks(VAULT, ids), [packId(1), packId(2)]);
      await bench.authority.removeHold(VAULT, 'a', 'case 7');
      assert.deepEqual(await collection.heldPacks(VAULT, [packId(2), packId(3)]), [packId(2)]);
      await bench.authority.removeHold(VAULT, 'a', 'case 8');
      assert.deepEqual(await collection.heldPacks(VAULT, ids), []);
      assert.deepEqual(await collection.heldPacks(VAULT, []), []);
    },
  ],
  [
    'a commit on a recovered tree counts the packs that took the frames of one that is gone',
    async (bench) => {
      await bench.committed('parent', [2]);
      await bench.authority.collection.restoreMoves(VAULT, [
        { from: packId(1), to: [{ packId: packId(2), usedBytes: 40 }] },
      ]);
      await bench.read('parent');
      await bench.authority.commit(await bench.lease('child'), bench.commitOf('child', [1], { parentId: 'parent' }));
      assert.deepEqual(await bench.authority.collection.packUses(VAULT, 'child'), [
        { packId: packId(2), usedBytes: 40 },
      ]);
    },
  ],
  [
    'what a writer copied for itself counts for it and for its children, and not for others',
    async (bench) => {
      await bench.committed('source', [1]);
      const writer = await bench.lease('copier');
      await bench.authority.recordPacks(writer, [facts(2)]);
      const copy = { packId: packId(2), usedBytes: 40 };
      const moves = [{ from: packId(1), to: [copy], points: ['copier'] }];
      await bench.authority.commit(writer, { ...bench.commitOf('copier', []), uses: [copy], moves });
      assert.deepEqual(await bench.authority.collection.successors(VAULT, [packId(1), packId(2)]), [
        { from: packId(1), to: [copy] },
      ]);
      for (const [parentId, expected] of [
        ['source', { packId: packId(1), usedBytes: 100 }],
        ['copier', copy],
      ] as const) {
        await bench.read(parentId);
        const childId = `child of ${parentId}`;
        await bench.authority.commit(await bench.lease(childId), bench.commitOf(childId, [1], { parentId }));
        assert.deepEqual(await bench.authority.collection.packUses(VAULT, childId), [expected]);
      }
    },
  ],
  [
    'replacing segments shows the new ones and none of the old',
    async (bench) => {
      await bench.committed('a', [], { segments: ['s1'] });
      await bench.committed('b', [], { segments: ['s2'] });
      await bench.authority.replaceSegments(VAULT, ['s3'], ['s1', 's2']);
      assert.deepEqual(await bench.authority.segments(VAULT), ['s3']);
    },
  ],
];

/**
 * Registers the contract suite of an authority with `node:test`. `open` is called once per case and gives an empty
 * authority with a clock that stands still until it is moved.
 */
export function testAuthority(name: string, open: () => Promise<AuthorityUnderTest>): void {
  describe(`${name} keeps the contract of an authority:`, () => {
    for (const [title, run] of [...leaseCases, ...commitCases, ...deletionCases, ...collectionCases]) {
      test(title, async () => {
        const underTest = await open();
        try {
          await run(new Bench(underTest));
        } finally {
          await underTest.close();
        }
      });
    }
  });
}
