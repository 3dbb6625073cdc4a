import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { createRepository, type ItemEntry, MemoryStore, type Repository, SqliteAuthority } from '@holdfast/engine';
import { planTiers } from '@holdfast/engine/maintenance';
import { MemoryKeyProvider } from '@holdfast/engine/testing';
import { engineColdStorage } from '../lifecycle/engine-cold-storage.ts';
import { aRecoveryPoint, aVault } from '../plans/testing/plan-world.ts';
import type { EngineCopyRequest } from './copy-ports.ts';
import { engineCopyPort } from './engine-copy.ts';

const NEAR = aVault('near', { vaultId: '11'.repeat(16) });
const FAR = aVault('far', { vaultId: '22'.repeat(16), region: 'eu-west-1' });

/** Two vaults with keys, store and authority of their own. */
async function twoVaults(t: TestContext) {
  const opened = new Map<string, Repository>();
  for (const vault of [NEAR, FAR]) {
    const authority = new SqliteAuthority({ path: ':memory:', clock: Date.now });
    const keyProvider = new MemoryKeyProvider();
    const repository = await createRepository({
      store: new MemoryStore({ now: Date.now }),
      keyProvider,
      authority,
      vaultId: vault.vaultId,
      limits: { threads: 1 },
    });
    opened.set(vault.vaultId, repository);
    t.after(async () => {
      await repository.close();
      authority.close();
    });
  }
  const open = async ({ vaultId }: { vaultId: string }): Promise<Repository> => {
    const repository = opened.get(vaultId);
    assert.ok(repository);
    return repository;
  };
  return { open, near: await open(NEAR), far: await open(FAR) };
}

async function* twoFiles(): AsyncGenerator<ItemEntry> {
  for (const [name, bytes] of [
    ['a.txt', Buffer.from('alpha')],
    ['b.bin', Buffer.alloc(100_000, 7)],
  ] as const) {
    yield {
      item: {
        path: Buffer.from(name),
        type: 'file',
        sizeBytes: bytes.length,
        metadata: {},
        content: { kind: 'inline', bytes },
      },
    };
  }
}

async function contentOf(repository: Repository, id: string): Promise<Record<string, number>> {
  await using reader = await repository.openRecoveryPoint(id);
  const sizes: Record<string, number> = {};
  for await (const item of reader.items()) {
    let size = 0;
    for await (const part of reader.read(item.path)) size += part.length;
    sizes[Buffer.from(item.path).toString()] = size;
  }
  return sizes;
}

function aCopy(): EngineCopyRequest {
  return {
    sourceVault: NEAR,
    sourceRecoveryPointId: 'one',
    destinationVault: FAR,
    destinationRecoveryPointId: 'copy',
    retention: {},
    facts: { isCopy: true },
    signal: AbortSignal.timeout(60_000),
    onProgress: () => {},
  };
}

test('a copy holds the content of its source under its own name, facts and keys', async (t) => {
  const { open, near, far } = await twoVaults(t);
  await near.backupItems({ recoveryPointId: 'one', retention: {}, facts: {}, entries: twoFiles() });
  const { storedBytes } = await engineCopyPort({ open }).copy(aCopy());
  assert.ok(storedBytes > 0);
  assert.deepEqual(await contentOf(far, 'copy'), { 'a.txt': 5, 'b.bin': 100_000 });
  await using reader = await far.openRecoveryPoint('copy');
  assert.deepEqual(reader.summary.facts, { isCopy: true });
});

test('a copy that was committed by a worker that vanished is not made again', async (t) => {
  const { open, near, far } = await twoVaults(t);
  await near.backupItems({ recoveryPointId: 'one', retention: {}, facts: {}, entries: twoFiles() });
  const port = engineCopyPort({ open });
  await port.copy(aCopy());
  assert.deepEqual(await port.copy(aCopy()), { storedBytes: 0 });
  assert.deepEqual(await contentOf(far, 'copy'), { 'a.txt': 5, 'b.bin': 100_000 });
});

test('a recovery point of the cold tier lets its packs go cold', async (t) => {
  const { open, near } = await twoVaults(t);
  await near.backupItems({ recoveryPointId: 'one', retention: {}, facts: {}, entries: twoFiles() });
  assert.equal((await planTiers(near.parts)).cool.length, 0);
  const coldStorage = engineColdStorage({ open });
  const point = aRecoveryPoint('one', NEAR);
  await coldStorage.moveToColdStorage(point);
  await coldStorage.moveToColdStorage(point);
  assert.ok((await planTiers(near.parts)).cool.length > 0);
});
