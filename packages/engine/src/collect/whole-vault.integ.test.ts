import assert from 'node:assert/strict';
import { rmSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { temporaryDirectory } from '@holdfast/testkit';
import { SqliteAuthority } from '../authority/sqlite-authority.ts';
import { copyRecoveryPoint } from '../copy/copy-point.ts';
import { openRepository } from '../engine-repository.ts';
import { executeRecovery } from '../recover/execute-recovery.ts';
import { planRecovery } from '../recover/recover-vault.ts';
import type { Repository } from '../repository.ts';
import { sampleBytes } from '../store/contract/store-case.ts';
import { entriesOf, makeTree, openBench, restoreTree, snapshotOf } from '../testing/repository-bench.ts';
import { affectedItems } from '../verify/affected-items.ts';
import { executeVerification, planVerification } from '../verify/verify-vault.ts';
import { PayloadWorkers } from '../worker/payload-workers.ts';
import { auditVault } from './audit-vault.ts';
import { executeCollection } from './execute-collection.ts';
import { COLLECTION_DEFAULTS, type CollectionOptions, planCollection } from './plan-collection.ts';

const workers = new PayloadWorkers(2, 2);
after(() => workers.close());

/** Repacks at the slightest waste, and at once. */
const EAGER: CollectionOptions = { ...COLLECTION_DEFAULTS, graceMs: 0, repackBelow: 0.97, targetPackBytes: 1 << 20 };
const BLOCK_BYTES = 65_536;

async function collect(repository: Repository, advance: (ms: number) => void): Promise<number> {
  let emptied = 0;
  for (let round = 0; round < 3; round += 1) {
    const outcome = await executeCollection(repository.parts, await planCollection(repository.parts, EAGER), EAGER);
    assert.equal(outcome.frozen, undefined);
    emptied += outcome.relocations.reduce((sum, relocation) => sum + relocation.emptied.length, 0);
    advance(1);
  }
  return emptied;
}

async function assertHealthy(repository: Repository): Promise<void> {
  assert.deepEqual((await auditVault(repository.parts)).findings, []);
  const { damaged } = await executeVerification(repository.parts, await planVerification(repository.parts));
  assert.deepEqual(damaged, []);
}

async function restored(repository: Repository, recoveryPointId: string, directory: string) {
  const reader = await repository.openRecoveryPoint(recoveryPointId);
  try {
    rmSync(directory, { recursive: true, force: true });
    assert.equal((await restoreTree(reader, directory)).size, 0);
    return snapshotOf(directory);
  } finally {
    await reader.close();
  }
}

async function imageOf(repository: Repository, recoveryPointId: string): Promise<Buffer> {
  const reader = await repository.openImage(recoveryPointId);
  const parts: Uint8Array[] = [];
  for await (const part of reader.read()) parts.push(part);
  await reader.close();
  return Buffer.concat(parts);
}

test('a vault of files stays whole through backups on moved parents, deletions, repacking, a copy and a disaster', async (t) => {
  const root = temporaryDirectory(t);
  const source = join(root, 'source');
  const names = Array.from({ length: 120 }, (_, index) => `dir-${index % 7}/file-${index}`);
  makeTree(source, Object.fromEntries(names.map((name, index) => [name, sampleBytes(2000 + index * 700, index + 1)])));
  makeTree(source, { 'large.bin': sampleBytes(9_000_000, 999) });
  const bench = await openBench({ workers });
  const { repository } = bench;
  const expected = new Map<string, ReadonlyMap<string, string>>();
  let parentId: string | undefined;
  let emptied = 0;
  for (let day = 1; day <= 6; day += 1) {
    for (let index = day; index < names.length; index += 9) {
      writeFileSync(join(source, names[index] ?? ''), sampleBytes(1000 + index * 650, 10_000 * day + index));
    }
    if (day === 3) truncateSync(join(source, 'large.bin'), 4_000_000);
    const recoveryPointId = `day-${day}`;
    const parent = parentId === undefined ? {} : { parentId };
    const entries = entriesOf(source, { fingerprints: day !== 4 });
    await repository.backupItems({ recoveryPointId, retention: {}, facts: { day }, entries, ...parent });
    expected.set(recoveryPointId, snapshotOf(source));
    parentId = recoveryPointId;
    if (day >= 2) {
      const gone = `day-${day - 1}`;
      if (day !== 4) {
        await repository.executeDelete(await repository.planDelete([gone]));
        expected.delete(gone);
      }
    }
    emptied += await collect(repository, bench.advance);
    await assertHealthy(repository);
    for (const [id, snapshot] of expected) {
      assert.deepEqual(await restored(repository, id, join(root, 'target')), snapshot, `${id} after day ${day}`);
    }
  }
  assert.ok(emptied > 0, 'nothing was repacked');

  const other = await openBench({ workers });
  const newest = parentId ?? '';
  const copy = { source: repository.parts, target: other.repository.parts, recoveryPointId: newest, retention: {} };
  await copyRecoveryPoint(copy);
  await assertHealthy(other.repository);
  assert.deepEqual(await restored(other.repository, newest, join(root, 'copied')), expected.get(newest));
  await other.repository.backupItems({
    recoveryPointId: 'on-a-copy',
    parentId: newest,
    retention: {},
    facts: {},
    entries: entriesOf(source),
  });
  assert.deepEqual(await restored(other.repository, 'on-a-copy', join(root, 'copied')), expected.get(newest));

  const authority = new SqliteAuthority({ path: ':memory:' });
  const revived = await openRepository({ ...bench.options, authority });
  const plan = await planRecovery(revived.parts);
  assert.deepEqual(plan.unusable, []);
  await executeRecovery(revived.parts, plan);
  await assertHealthy(revived);
  for (const [id, snapshot] of expected) {
    assert.deepEqual(await restored(revived, id, join(root, 'revived')), snapshot, `${id} after the disaster`);
  }
  await revived.close();
  authority.close();
  await other.close();
  await bench.close();
});

test('a vault of images stays whole through shared and delta maps, deletions and repacking', async () => {
  const bench = await openBench({ workers });
  const { repository } = bench;
  const blocks = 60;
  const image = Buffer.from(sampleBytes(blocks * BLOCK_BYTES, 7));
  const expected = new Map<string, Buffer>();
  let parentId: string | undefined;
  for (let run = 1; run <= 5; run += 1) {
    const changed = run === 1 ? [] : [run, 20 + run, 40 + run * 2];
    for (const index of changed) image.set(sampleBytes(BLOCK_BYTES, 100 * run + index), index * BLOCK_BYTES);
    const state = (index: number) =>
      run === 1 || changed.includes(index) ? ('data' as const) : ('unchanged' as const);
    async function* extents() {
      for (let index = 0; index < blocks; index += 1) {
        yield { offset: index * BLOCK_BYTES, length: BLOCK_BYTES, state: state(index) };
      }
    }
    const recoveryPointId = `run-${run}`;
    const content = Buffer.from(image);
    const read = async (offset: number, length: number) => Uint8Array.from(content.subarray(offset, offset + length));
    await repository.backupImage({
      recoveryPointId,
      retention: {},
      facts: {},
      blockBytes: BLOCK_BYTES,
      sizeBytes: content.length,
      confidence: 'certain',
      source: { kind: 'reader', read },
      extents: extents(),
      ...(parentId === undefined ? {} : { parentId }),
    });
    expected.set(recoveryPointId, content);
    if (parentId !== undefined && run !== 3) {
      await repository.executeDelete(await repository.planDelete([parentId]));
      expected.delete(parentId);
    }
    parentId = recoveryPointId;
    await collect(repository, bench.advance);
    await assertHealthy(repository);
    for (const [id, bytes] of expected)
      assert.ok((await imageOf(repository, id)).equals(bytes), `${id} after run ${run}`);
  }
  const packs = await bench.authority.allPacks(repository.vaultId, undefined, 1000);
  assert.deepEqual(
    await affectedItems(
      repository.parts,
      packs.map(({ packId }) => packId),
    ),
    [],
  );
  const other = await openBench({ workers });
  const copy = { source: repository.parts, target: other.repository.parts, recoveryPointId: 'run-5', retention: {} };
  await copyRecoveryPoint(copy);
  assert.ok((await imageOf(other.repository, 'run-5')).equals(image));
  await assertHealthy(other.repository);
  await other.close();
  await bench.close();
});
