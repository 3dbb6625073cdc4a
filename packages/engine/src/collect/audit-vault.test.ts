import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { SqliteAuthority } from '../authority/sqlite-authority.ts';
import { pointKey } from '../point/point-object.ts';
import { sampleBytes } from '../store/contract/store-case.ts';
import { MemoryStore } from '../store/memory-store.ts';
import { SampleVault, TestClock } from '../testing/sample-vault.ts';
import { auditVault } from './audit-vault.ts';

function content(...seeds: readonly number[]): Map<string, Uint8Array> {
  return new Map(seeds.map((seed) => [`file-${seed}`, sampleBytes(900, seed)]));
}

async function sample() {
  const clock = new TestClock();
  const store = new MemoryStore({ now: clock.now });
  const authority = new SqliteAuthority({ path: ':memory:', clock: clock.now });
  const vault = await SampleVault.create({ clock, store, authority });
  await vault.backup('one', content(1, 2, 3, 4, 5, 6, 7));
  await vault.backup('two', content(4, 5, 6, 7, 8, 9), { parentId: 'one' });
  return { vault, store, clock };
}

/** An authority that forgets one use of a recovery point: what a restored old database would do. */
function forgetful(vault: SampleVault, recoveryPointId: string, packId: string): SampleVault {
  const { collection } = vault.authority;
  const wrong = Object.assign(Object.create(collection) as typeof collection, {
    packUses: async (vaultId: string, point: string) => {
      const uses = await collection.packUses(vaultId, point);
      return point === recoveryPointId ? uses.filter((use) => use.packId !== packId) : uses;
    },
    freeze: (vaultId: string, reason: string) => collection.freeze(vaultId, reason),
    reinstatePacks: (vaultId: string, ids: readonly string[]) => collection.reinstatePacks(vaultId, ids),
    miscountedPacks: (vaultId: string, limit: number) => collection.miscountedPacks(vaultId, limit),
  });
  const authority = new Proxy(vault.authority, {
    get(target, property) {
      if (property === 'collection') return wrong;
      const value: unknown = Reflect.get(target, property, target);
      return typeof value === 'function' ? value.bind(target) : value;
    },
  });
  return Object.assign(Object.create(vault) as SampleVault, { authority });
}

describe('the audit of a vault', () => {
  test('finds nothing in a healthy vault, and freezes nothing', async () => {
    const { vault } = await sample();
    const outcome = await auditVault(vault);
    assert.deepEqual(outcome.findings, []);
    assert.equal(outcome.recoveryPoints, 2);
    assert.ok(outcome.chunksMet > 13);
    assert.equal(await vault.authority.collection.frozenReason(vault.vaultId), undefined);
  });

  test('freezes deletion when a recovery point needs what no counter knows', async () => {
    const { vault } = await sample();
    const [use] = await vault.authority.collection.packUses(vault.vaultId, 'two');
    const outcome = await auditVault(forgetful(vault, 'two', use?.packId ?? ''));
    assert.ok(outcome.findings.every(({ kind }) => kind === 'uncounted-chunk'));
    assert.ok(outcome.findings.length > 0);
    assert.match((await vault.authority.collection.frozenReason(vault.vaultId)) ?? '', /uncounted-chunk at .* two/);
  });

  test('takes a needed pack back out of the trash', async () => {
    const { vault } = await sample();
    const [use] = await vault.authority.collection.packUses(vault.vaultId, 'one');
    const packId = use?.packId ?? '';
    const withdrawn = new Proxy(vault.authority, {
      get(target, property) {
        if (property === 'packs') {
          return async (vaultId: string, ids: readonly string[]) => {
            const packs = await target.packs(vaultId, ids);
            return packs.map((pack) => (pack.packId === packId ? { ...pack, state: 'withdrawn' } : pack));
          };
        }
        const value: unknown = Reflect.get(target, property, target);
        return typeof value === 'function' ? value.bind(target) : value;
      },
    });
    const outcome = await auditVault(Object.assign(Object.create(vault) as SampleVault, { authority: withdrawn }));
    assert.ok(outcome.findings.some((finding) => finding.kind === 'withdrawn-pack' && finding.packId === packId));
    assert.match((await vault.authority.collection.frozenReason(vault.vaultId)) ?? '', /withdrawn-pack/);
  });

  test('freezes deletion when a recovery point cannot be read', async () => {
    const { vault, store } = await sample();
    const point = await vault.authority.recoveryPoint(vault.vaultId, 'one');
    store.damage(pointKey('one', point?.fence ?? 0), 200);
    const outcome = await auditVault(vault);
    assert.deepEqual(
      outcome.findings.map(({ kind }) => kind),
      ['unreadable-point'],
    );
    assert.ok(outcome.frozen);
  });
});
