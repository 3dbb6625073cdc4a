import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { AuthorityError } from '../authority/authority-error.ts';
import { executeTiers, planTiers } from '../cold/move-tiers.ts';
import { copyRecoveryPoint } from '../copy/copy-point.ts';
import { packKey } from '../pack/pack-id.ts';
import { executeRecovery } from '../recover/execute-recovery.ts';
import { planRecovery } from '../recover/recover-vault.ts';
import { changeRetention } from '../retention/change-retention.ts';
import { deleteRecoveryPoint } from '../retention/delete-recovery-point.ts';
import { placeHold, releaseHold } from '../retention/legal-hold.ts';
import { listAll, sampleBytes } from '../store/contract/store-case.ts';
import type { Store } from '../store/store.ts';
import { TINY_PACKS, tryEveryCrash } from '../testing/crash-scenarios.ts';
import { SampleVault, TestClock } from '../testing/sample-vault.ts';
import { executeCollection } from './execute-collection.ts';
import { planCollection } from './plan-collection.ts';
import { executeReconcile, planReconcile } from './reconcile.ts';

function content(...seeds: readonly number[]): Map<string, Uint8Array> {
  return new Map(seeds.map((seed) => [`file-${seed}`, sampleBytes(900, seed)]));
}

const RANGE = Array.from({ length: 18 }, (_, index) => index + 1);
const FEW = content(1, 7, 13);

async function unlessCommitted(vault: SampleVault, recoveryPointId: string, work: () => Promise<void>): Promise<void> {
  const committed = await vault.authority.recoveryPoint(vault.vaultId, recoveryPointId);
  if (committed === undefined) await work();
}

async function ifThere(work: Promise<void>): Promise<void> {
  await work.catch((error: unknown) => {
    if (!(error instanceof AuthorityError && error.code === 'not-found')) throw error;
  });
}

/** Flags on what the authority knows; one on a withdrawn pack goes with the pack. */
async function heldObjects(vault: SampleVault, store: Store): Promise<number> {
  const packs = await vault.authority.allPacks(vault.vaultId, undefined, 1000);
  const keys = packs.filter(({ state }) => state === 'live').map(({ packId }) => packKey(packId));
  for (const prefix of ['points/', 'retention/']) keys.push(...(await listAll(store, prefix)).map(({ key }) => key));
  const facts = await Promise.all(keys.map((key) => store.head(key)));
  return facts.filter(({ isHeld }) => isHeld === true).length;
}

/** The store itself keeps all that a recovery point needs. */
async function assertKept(vault: SampleVault, store: Store, recoveryPointId: string, untilAt: number): Promise<void> {
  const uses = await vault.authority.collection.packUses(vault.vaultId, recoveryPointId);
  assert.ok(uses.length > 0);
  for (const { packId } of uses) assert.equal((await store.head(packKey(packId))).retention?.untilAt, untilAt, packId);
}

describe('a crash at any step', () => {
  test('of a first and of an incremental backup loses nothing and leaves nothing', async (t) => {
    const both = new Map([
      ['one', content(1, 2, 3, 4, 5)],
      ['two', content(3, 4, 5, 6)],
    ]);
    const crashes = await tryEveryCrash({
      prepare: async () => undefined,
      async operate(vault) {
        await unlessCommitted(vault, 'one', () => vault.backup('one', content(1, 2, 3, 4, 5)));
        await unlessCommitted(vault, 'two', () => vault.backup('two', content(3, 4, 5, 6), { parentId: 'one' }));
      },
      always: new Map(),
      finally: both,
    });
    t.diagnostic(`${crashes} crashes`);
  });

  test('of a deletion and its collection loses nothing of others and leaves nothing', async (t) => {
    const crashes = await tryEveryCrash({
      async prepare(vault) {
        await vault.backup('all', content(...RANGE));
        await vault.backup('few', FEW);
      },
      async operate(vault, { clock }) {
        await ifThere(deleteRecoveryPoint(vault, 'all'));
        for (let round = 0; round < 2; round += 1) {
          await executeCollection(vault, await planCollection(vault, TINY_PACKS), TINY_PACKS);
          clock.advance(TINY_PACKS.graceMs);
        }
      },
      always: new Map([['few', FEW]]),
      finally: new Map([['few', FEW]]),
    });
    t.diagnostic(`${crashes} crashes`);
  });

  test('of freeing records of moves leaves none that is not needed, and none needed out', async (t) => {
    const crashes = await tryEveryCrash({
      async prepare(vault, { clock }) {
        await vault.backup('all', content(...RANGE));
        await vault.backup('few', FEW, { parentId: 'all' });
        await vault.backup('other', content(2, 30), { parentId: 'all' });
        await deleteRecoveryPoint(vault, 'all');
        for (let round = 0; round < 2; round += 1) {
          await executeCollection(vault, await planCollection(vault, TINY_PACKS), TINY_PACKS);
          clock.advance(TINY_PACKS.graceMs);
        }
      },
      async operate(vault, { clock }) {
        await ifThere(deleteRecoveryPoint(vault, 'other'));
        await executeCollection(vault, await planCollection(vault, TINY_PACKS), TINY_PACKS);
        clock.advance(vault.leaseMs + TINY_PACKS.graceMs);
        await executeReconcile(vault, await planReconcile(vault, { orphanGraceMs: 0 }));
        await ifThere(deleteRecoveryPoint(vault, 'few'));
        await executeReconcile(vault, await planReconcile(vault, { orphanGraceMs: 0 }));
      },
      always: new Map(),
      finally: new Map(),
    });
    t.diagnostic(`${crashes} crashes`);
  });

  test('of a change of retention keeps the stricter side, and repeating finishes it', async (t) => {
    const one = new Map([['one', content(1, 2, 3)]]);
    const crashes = await tryEveryCrash({
      prepare: (vault) => vault.backup('one', content(1, 2, 3)),
      async operate(vault, { clock }) {
        const lockedUntilAt = clock.now() + 10_000;
        await changeRetention(vault, 'one', { lockedUntilAt, lockMode: 'governance' });
        await placeHold(vault, 'one', 'case');
        await assert.rejects(deleteRecoveryPoint(vault, 'one'), /legal hold/);
        await releaseHold(vault, 'one', 'case');
      },
      always: one,
      finally: one,
    });
    t.diagnostic(`${crashes} crashes`);
  });

  test('of legal holds, with frames on the move between them, leaves no flag too few and none too many', async (t) => {
    const crashes = await tryEveryCrash({
      async prepare(vault) {
        await vault.backup('all', content(...RANGE));
        await vault.backup('few', FEW, { parentId: 'all' });
      },
      async operate(vault, { clock, store }) {
        await placeHold(vault, 'few', 'case-1');
        await ifThere(deleteRecoveryPoint(vault, 'all'));
        for (let round = 0; round < 2; round += 1) {
          await executeCollection(vault, await planCollection(vault, TINY_PACKS), TINY_PACKS);
          clock.advance(TINY_PACKS.graceMs);
        }
        await placeHold(vault, 'few', 'case-1');
        for (const { packId } of await vault.authority.collection.packUses(vault.vaultId, 'few')) {
          assert.equal((await store.head(packKey(packId))).isHeld, true);
        }
        await releaseHold(vault, 'few', 'case-1');
        assert.equal(await heldObjects(vault, store), 0);
      },
      always: new Map([['few', FEW]]),
      finally: new Map([['few', FEW]]),
    });
    t.diagnostic(`${crashes} crashes`);
  });

  test('of a rotation of keys keeps every recovery point readable', async (t) => {
    const one = new Map([['one', content(1, 2, 3)]]);
    const crashes = await tryEveryCrash({
      prepare: (vault) => vault.backup('one', content(1, 2, 3)),
      async operate(vault, { keyProvider }) {
        keyProvider.rotate();
        await vault.keys.rotate();
      },
      always: one,
      finally: one,
    });
    t.diagnostic(`${crashes} crashes`);
  });

  test('of a promotion keeps both recovery points, the short and the long one', async (t) => {
    const short = { retention: { keepUntilAt: Date.parse('2026-01-05') } };
    // The lock ends soon, so that what a crash left locked can be freed at the end.
    const lockedUntilAt = Date.parse('2026-01-01') + 150_000;
    const long = { keepUntilAt: Date.parse('2026-06-01'), lockedUntilAt, lockMode: 'governance' as const };
    const points = new Map([
      ['long', FEW],
      ['short', content(...RANGE)],
    ]);
    const crashes = await tryEveryCrash({
      async prepare(vault) {
        await vault.backup('short', content(...RANGE), short);
        await vault.backup('long', FEW, short);
      },
      async operate(vault, { store }) {
        await changeRetention(vault, 'long', long);
        await assertKept(vault, store, 'long', lockedUntilAt);
        const shared = await vault.authority.collection.packUses(vault.vaultId, 'short');
        for (const { packId } of shared) assert.equal((await store.head(packKey(packId))).retention, undefined);
      },
      always: points,
      finally: points,
    });
    t.diagnostic(`${crashes} crashes`);
  });

  test('of a backup that copies what it must keep longer keeps its promise from the commit on', async (t) => {
    const short = { retention: { keepUntilAt: Date.parse('2026-01-05') } };
    const lockedUntilAt = Date.parse('2026-01-01') + 150_000;
    const keepUntilAt = Date.parse('2026-06-01');
    const long = { retention: { keepUntilAt, lockedUntilAt, lockMode: 'governance' as const } };
    const points = new Map([
      ['child', content(1, 7, 13, 40)],
      ['long', content(1, 7, 13, 30)],
      ['short', content(...RANGE)],
    ]);
    const crashes = await tryEveryCrash({
      prepare: (vault) => vault.backup('short', content(...RANGE), short),
      async operate(vault, { store }) {
        const longBackup = { ...long, parentId: 'short' };
        await unlessCommitted(vault, 'long', () => vault.backup('long', content(1, 7, 13, 30), longBackup));
        await assertKept(vault, store, 'long', lockedUntilAt);
        const shared = await vault.authority.collection.packUses(vault.vaultId, 'short');
        for (const { packId } of shared) assert.equal((await store.head(packKey(packId))).retention, undefined);
        const childBackup = { ...short, parentId: 'long' };
        await unlessCommitted(vault, 'child', () => vault.backup('child', content(1, 7, 13, 40), childBackup));
      },
      always: new Map([['short', content(...RANGE)]]),
      finally: points,
    });
    t.diagnostic(`${crashes} crashes`);
  });

  test('of a copy commits all or nothing, and the retry takes over what was stored', async (t) => {
    const points = new Map([
      ['copied', content(...RANGE)],
      ['own', content(1, 2)],
    ]);
    const clock = new TestClock();
    const source = await SampleVault.create({ clock, vaultId: 'cd'.repeat(16), seed: 77 });
    await source.backup('copied', content(...RANGE));
    const crashes = await tryEveryCrash({
      prepare: (vault) => vault.backup('own', content(1, 2)),
      async operate(vault) {
        const committed = await vault.authority.recoveryPoint(vault.vaultId, 'copied');
        const last = await vault.authority.collection.lastFence(vault.vaultId);
        const request = { source, target: vault, recoveryPointId: 'copied', retention: {}, targetPackBytes: 4096 };
        if (committed === undefined) await copyRecoveryPoint({ ...request, resumeFences: [last] });
      },
      always: new Map([['own', content(1, 2)]]),
      finally: points,
    });
    t.diagnostic(`${crashes} crashes`);
  });

  test('of a move between tiers leaves every recovery point readable', async (t) => {
    const points = new Map([
      ['new', content(1, 2, 20)],
      ['old', content(...RANGE)],
    ]);
    const crashes = await tryEveryCrash({
      async prepare(vault) {
        await vault.backup('old', content(...RANGE));
        await vault.backup('new', content(1, 2, 20), { parentId: 'old' });
      },
      async operate(vault) {
        await vault.authority.collection.setPointTier(vault.vaultId, 'old', 'cold');
        // Small packs are bundled, one that would be alone moves as it is.
        const bundles = { smallPackBytes: 10_000, bundleBytes: 9_000 };
        await executeTiers(vault, await planTiers(vault, bundles), { warmForMs: 1000 });
        assert.deepEqual((await planTiers(vault, bundles)).cool, []);
        await vault.authority.collection.setPointTier(vault.vaultId, 'old', 'warm');
        await executeTiers(vault, await planTiers(vault), { warmForMs: 1000 });
      },
      always: points,
      finally: points,
    });
    t.diagnostic(`${crashes} crashes`);
  });

  test('of a recovery is finished by beginning it again', async (t) => {
    const points = new Map([
      ['one', content(1, 2, 3, 4)],
      ['two', content(3, 4, 5)],
    ]);
    const crashes = await tryEveryCrash({
      async prepare(vault, machine) {
        await vault.backup('one', content(1, 2, 3, 4));
        await vault.backup('two', content(3, 4, 5), { parentId: 'one' });
        machine.loseDatabase();
      },
      async operate(vault) {
        await executeRecovery(vault, await planRecovery(vault));
      },
      always: new Map(),
      finally: points,
    });
    t.diagnostic(`${crashes} crashes`);
  });
});
