import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
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

function twoFiles(): AsyncGenerator<ItemEntry> {
  return files([Buffer.from('alpha'), Buffer.alloc(100_000, 7)]);
}

/** Files a, b, c ... with these contents. */
async function* files(contents: readonly Buffer[]): AsyncGenerator<ItemEntry> {
  for (const [index, bytes] of contents.entries()) {
    const path = Buffer.from(String.fromCharCode(97 + index));
    yield {
      item: { path, type: 'file', sizeBytes: bytes.length, metadata: {}, content: { kind: 'inline', bytes } },
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
    resumeFences: [],
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
  assert.deepEqual(await contentOf(far, 'copy'), { a: 5, b: 100_000 });
  await using reader = await far.openRecoveryPoint('copy');
  assert.deepEqual(reader.summary.facts, { isCopy: true });
});

test('a copy that was committed by a worker that vanished is not made again', async (t) => {
  const { open, near, far } = await twoVaults(t);
  await near.backupItems({ recoveryPointId: 'one', retention: {}, facts: {}, entries: twoFiles() });
  const port = engineCopyPort({ open });
  await port.copy(aCopy());
  assert.deepEqual(await port.copy(aCopy()), { storedBytes: 0 });
  assert.deepEqual(await contentOf(far, 'copy'), { a: 5, b: 100_000 });
});

test('a copy that was cut off goes on from what it had stored', async (t) => {
  const { open, near, far } = await twoVaults(t);
  const noise = (index: number) => createHash('shake256', { outputLength: 900_000 }).update(String(index)).digest();
  const sizes = Array.from({ length: 8 }, (_, index) => noise(index));
  await near.backupItems({ recoveryPointId: 'one', retention: {}, facts: {}, entries: files(sizes) });
  const port = engineCopyPort({ open }, { targetPackBytes: 1 << 20 });
  const stop = new AbortController();
  const fences: number[] = [];
  let puts = 0;
  const { store } = far.parts;
  const put = store.put.bind(store);
  t.mock.method(store, 'put', (...parameters: Parameters<typeof put>) => {
    puts += 1;
    if (puts === 4) stop.abort(new Error('the worker ends'));
    return put(...parameters);
  });
  const onProgress = ({ fence }: { fence: number }) => void fences.push(fence);
  await assert.rejects(port.copy({ ...aCopy(), signal: stop.signal, onProgress }), /the worker ends/);
  const { storedBytes } = await port.copy({ ...aCopy(), resumeFences: fences });
  assert.ok(storedBytes < 5 * 900_000, `${storedBytes} bytes were stored again`);
  assert.equal(Object.keys(await contentOf(far, 'copy')).length, sizes.length);
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
