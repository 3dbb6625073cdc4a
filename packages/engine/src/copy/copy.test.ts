import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { SqliteAuthority } from '../authority/sqlite-authority.ts';
import { auditVault } from '../collect/audit-vault.ts';
import { EngineError } from '../engine-error.ts';
import { packKey } from '../pack/pack-id.ts';
import { deleteRecoveryPoint } from '../retention/delete-recovery-point.ts';
import { readSealedRetention } from '../retention/retention-records.ts';
import { listAll, sampleBytes } from '../store/contract/store-case.ts';
import { FaultyStore } from '../store/decorators/faulty-store.ts';
import { MemoryStore } from '../store/memory-store.ts';
import { MemoryKeyProvider } from '../testing/memory-key-provider.ts';
import { SampleVault, type SampleVaultOptions, TestClock } from '../testing/sample-vault.ts';
import { copyRecoveryPoint } from './copy-point.ts';

function content(...seeds: readonly number[]): Map<string, Uint8Array> {
  return new Map(seeds.map((seed) => [`file-${seed}`, sampleBytes(900, seed)]));
}

const RANGE = Array.from({ length: 20 }, (_, index) => index + 1);
const TINY = { targetPackBytes: 4096 };

async function vaults(targetOptions: SampleVaultOptions = {}) {
  const clock = new TestClock();
  const source = await SampleVault.create({ clock, seed: 1 });
  const keyProvider = new MemoryKeyProvider();
  keyProvider.rotate();
  const store = new FaultyStore(new MemoryStore({ now: clock.now }));
  const authority = new SqliteAuthority({ path: ':memory:', clock: clock.now });
  const target = await SampleVault.create({
    clock,
    store,
    authority,
    keyProvider,
    vaultId: 'cd'.repeat(16),
    seed: 2,
    ...targetOptions,
  });
  return { source, target, store, clock };
}

describe('copying a recovery point', () => {
  test('gives the same content under other keys, independent of the source', async () => {
    const { source, target } = await vaults();
    await source.backup('one', content(...RANGE));
    const retention = { lockedUntilAt: Date.parse('2026-02-01'), lockMode: 'compliance' as const };
    const request = { source, target, recoveryPointId: 'one', targetRecoveryPointId: 'copy', retention, ...TINY };
    const outcome = await copyRecoveryPoint({ ...request, facts: { copied: true } });
    assert.equal(outcome.items, RANGE.length);
    const expected = await source.restore('one');
    await deleteRecoveryPoint(source, 'one');
    for (const { key } of await listAll(source.store, 'packs/')) await source.store.delete(key);
    assert.deepEqual(await target.restore('copy'), expected);
    assert.deepEqual((await auditVault(target)).findings, []);
    const sealed = await readSealedRetention(target, 'copy', outcome.fence);
    assert.deepEqual([sealed.retention, sealed.point.body.facts], [retention, { copied: true }]);
    for (const { key } of await listAll(target.store, 'packs/')) {
      assert.equal((await target.store.head(key)).retention?.untilAt, retention.lockedUntilAt);
    }
  });

  test('reads and sends only what the target lacks', async () => {
    const { source, target } = await vaults();
    await source.backup('one', content(...RANGE));
    await copyRecoveryPoint({ source, target, recoveryPointId: 'one', retention: {}, ...TINY });
    await source.backup('two', content(...RANGE, 100, 101), { parentId: 'one' });
    const outcome = await copyRecoveryPoint({ source, target, recoveryPointId: 'two', retention: {}, ...TINY });
    assert.ok(outcome.newChunkBytes < 2 * 900 + 4000, `${outcome.newChunkBytes} bytes were sent for two new files`);
    assert.deepEqual(await target.restore('two'), await source.restore('two'));
    await deleteRecoveryPoint(target, 'one');
    assert.deepEqual((await auditVault(target)).findings, []);
  });

  test('works between ID domains, where everything must be read', async () => {
    const { source, target } = await vaults({ idDomainKey: Buffer.alloc(32, 77) });
    await source.backup('one', content(...RANGE));
    await copyRecoveryPoint({ source, target, recoveryPointId: 'one', retention: {}, ...TINY });
    assert.deepEqual(await target.restore('one'), await source.restore('one'));
    const second = await copyRecoveryPoint({
      source,
      target,
      recoveryPointId: 'one',
      targetRecoveryPointId: 'again',
      retention: {},
      ...TINY,
    });
    assert.equal(second.newChunkBytes, 0, 'what was sent once is not stored twice');
  });

  test('takes over what an interrupted copy had stored', async () => {
    const { source, target, clock } = await vaults();
    await source.backup('one', content(...RANGE));
    const failing = Object.assign(Object.create(target) as SampleVault, {
      store: new FaultyStore(target.store, {
        rules: [{ operation: 'put', key: /^packs/, nth: 3, fault: { kind: 'error', code: 'no-space' } }],
      }),
    });
    let fence = 0;
    const first = { source, target: failing, recoveryPointId: 'one', retention: {}, ...TINY };
    const interrupted = copyRecoveryPoint({ ...first, onProgress: (progress) => (fence = progress.fence) });
    await assert.rejects(interrupted, /no-space/);
    assert.deepEqual(await target.recoveryPointIds(), []);
    clock.advance(1);
    const second = { source, target, recoveryPointId: 'one', retention: {}, ...TINY };
    const outcome = await copyRecoveryPoint({ ...second, resumeFences: [fence] });
    assert.equal(outcome.adoptedPacks, 2);
    assert.ok(outcome.newChunkBytes < RANGE.length * 900);
    assert.deepEqual(await target.restore('one'), await source.restore('one'));
    assert.deepEqual((await auditVault(target)).findings, []);
  });

  test('names the chunk that the source lost, and commits nothing', async () => {
    const { source, target } = await vaults();
    await source.backup('one', content(...RANGE));
    const packs = await source.authority.allPacks(source.vaultId, undefined, 100);
    const data = packs.find(({ kind }) => kind === 'data');
    await source.store.delete(packKey(data?.packId ?? ''));
    await assert.rejects(
      copyRecoveryPoint({ source, target, recoveryPointId: 'one', retention: {}, ...TINY }),
      (error) => error instanceof EngineError && error.code === 'damaged' && /chunk [0-9a-f]{48}/.test(error.message),
    );
    assert.deepEqual(await target.recoveryPointIds(), []);
  });

  test('refuses to commit what the target does not hold', async () => {
    const { source, target } = await vaults();
    await source.backup('one', content(...RANGE));
    const lying = Object.assign(Object.create(target) as SampleVault, {
      store: new FaultyStore(target.store, {
        rules: [{ key: /^packs/, nth: 2, fault: { kind: 'torn-write', keptBytes: 10, reported: 'success' } }],
      }),
    });
    const request = { source, target: lying, recoveryPointId: 'one', retention: {}, ...TINY };
    await assert.rejects(copyRecoveryPoint(request), /pack .* of the copy/);
    assert.deepEqual(await target.recoveryPointIds(), []);
  });
});
