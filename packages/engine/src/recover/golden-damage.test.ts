import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { globSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { describe, type TestContext, test } from 'node:test';
import { temporaryDirectory } from '@holdfast/testkit';
import { SqliteAuthority } from '../authority/sqlite-authority.ts';
import { EngineError } from '../engine-error.ts';
import { openRepository } from '../engine-repository.ts';
import { KeyError } from '../keys/key-error.ts';
import { KeyFileProvider } from '../keys/key-file-provider.ts';
import type { Repository } from '../repository.ts';
import { openStore } from '../store/open-store.ts';
import { affectedItems } from '../verify/affected-items.ts';
import { executeVerification, planVerification, VERIFICATION_DEFAULTS } from '../verify/verify-vault.ts';
import { executeRecovery } from './execute-recovery.ts';
import { planRecovery } from './recover-vault.ts';

const TESTDATA = join(import.meta.dirname, '..', '..', 'testdata');
const FORMAT = 'format-1';
const CONTENTS = {
  'files-1': ['a.bin', 'big.bin'],
  'files-2': ['a.bin', 'big.bin', 'c.bin'],
  'disk-1': ['image'],
  'disk-2': ['image'],
} as const;
type PointId = keyof typeof CONTENTS;

/** What a vault with this damage must say; whatever is not named here must be whole. */
interface Expected {
  /** Recovery points that recovery cannot use, with its reason. */
  readonly unusable?: readonly string[];
  readonly damagedSegments?: number;
  /** Contents that must be refused as damaged, and never come back different. */
  readonly damaged?: readonly string[];
  /** What verification says is affected by the packs that it found. */
  readonly affected?: readonly string[];
}

const DAMAGES: Readonly<Record<string, Expected>> = {
  'flipped-data': { damaged: ['files-2/c.bin'], affected: ['files-2/c.bin'] },
  'flipped-tree': {
    damaged: ['files-2/a.bin', 'files-2/big.bin', 'files-2/c.bin'],
    affected: ['files-2: 1 unreadable node'],
  },
  'flipped-index': { damagedSegments: 1 },
  'flipped-point': { unusable: ['points/files-2: damaged'] },
  'truncated-pack': { damaged: ['files-2/c.bin'], affected: ['files-2/c.bin'] },
  'missing-pack': { unusable: ['points/files-2: packs-missing'] },
  'swapped-packs': {
    damaged: ['files-1/a.bin', 'files-1/big.bin', 'files-2/a.bin', 'files-2/big.bin', 'files-2/c.bin'],
    affected: ['files-1/a.bin', 'files-1/big.bin', 'files-2/a.bin', 'files-2/big.bin', 'files-2/c.bin'],
  },
  'replayed-point': { unusable: ['points/files-2: damaged'] },
  'newer-version': { unusable: ['points/files-2: unsupported'] },
};

function extract(t: TestContext, archive: string): string {
  const directory = temporaryDirectory(t);
  execFileSync('tar', ['-C', directory, '-xzf', join(TESTDATA, `${archive}.tar.gz`)]);
  return directory;
}

async function open(directory: string): Promise<Repository> {
  const root = join(directory, 'vault', 'store');
  const surroundings = { now: Date.now, newName: randomUUID };
  const store = await openStore({ kind: 'file-system', root, reserveBytes: 0 }, surroundings);
  const keyProvider = await KeyFileProvider.open(join(directory, 'vault', 'key'));
  const authority = new SqliteAuthority({ path: ':memory:' });
  return openRepository({ store, authority, keyProvider, limits: { threads: 1 } });
}

/** Reads one content completely. @throws EngineError `damaged` */
async function contentOf(repository: Repository, id: PointId, path: string): Promise<Buffer> {
  const parts: Uint8Array[] = [];
  if (path === 'image') {
    await using reader = await repository.openImage(id);
    for await (const part of reader.read()) parts.push(part);
  } else {
    await using reader = await repository.openRecoveryPoint(id);
    for await (const part of reader.read(Buffer.from(path))) parts.push(part);
  }
  return Buffer.concat(parts);
}

function sourceOf(healthy: string, id: string, path: string): Buffer {
  return readFileSync(path === 'image' ? join(healthy, 'source', `${id}.img`) : join(healthy, 'source', id, path));
}

/** Every content: whole, or refused as damaged, or of a recovery point that is not there. */
async function readAll(repository: Repository, healthy: string): Promise<readonly string[]> {
  const refused: string[] = [];
  for await (const { recoveryPointId } of repository.recoveryPoints()) {
    const id = recoveryPointId as PointId;
    for (const path of CONTENTS[id]) {
      try {
        const content = await contentOf(repository, id, path);
        assert.ok(content.equals(sourceOf(healthy, id, path)), `${id}/${path} came back different`);
      } catch (error) {
        if (!(error instanceof EngineError && error.code === 'damaged')) throw error;
        refused.push(`${id}/${path}`);
      }
    }
  }
  return refused.sort();
}

async function affectedBy(repository: Repository): Promise<readonly string[]> {
  const { parts } = repository;
  const plan = await planVerification(parts, VERIFICATION_DEFAULTS);
  const { damaged } = await executeVerification(parts, plan, VERIFICATION_DEFAULTS);
  const affected = await affectedItems(
    parts,
    damaged.map(({ packId }) => packId),
  );
  return affected.flatMap(({ recoveryPointId, items, unreadableNodes }) => [
    ...items.map((path) => `${recoveryPointId}/${Buffer.from(path).toString()}`),
    ...(unreadableNodes === 0 ? [] : [`${recoveryPointId}: ${unreadableNodes} unreadable node`]),
  ]);
}

describe(`a vault of ${FORMAT}`, () => {
  test('has a golden archive for each kind of damage, and each is expected here', () => {
    const found = globSync(join(TESTDATA, `${FORMAT}-damaged-*.tar.gz`)).map((path) =>
      basename(path, '.tar.gz').slice(`${FORMAT}-damaged-`.length),
    );
    assert.deepEqual(found.sort(), [...Object.keys(DAMAGES), 'wrong-key'].sort());
  });

  test('comes back whole when nothing is damaged', async (t) => {
    const healthy = extract(t, `${FORMAT}-images`);
    await using repository = await open(healthy);
    const plan = await planRecovery(repository.parts);
    assert.deepEqual([plan.unusable, plan.damagedSegments], [[], []]);
    const { committed } = await executeRecovery(repository.parts, plan);
    assert.deepEqual([...committed].sort(), Object.keys(CONTENTS).sort());
    assert.deepEqual(await readAll(repository, healthy), []);
    assert.deepEqual(await affectedBy(repository), []);
  });

  for (const [damage, expected] of Object.entries(DAMAGES)) {
    test(`with ${damage} says exactly what is affected, and all else comes back`, async (t) => {
      const healthy = extract(t, `${FORMAT}-images`);
      await using repository = await open(extract(t, `${FORMAT}-damaged-${damage}`));
      const plan = await planRecovery(repository.parts);
      const unusable = plan.unusable.map(({ name, reason }) => `${name.split('.')[0]}: ${reason}`);
      assert.deepEqual(unusable, expected.unusable ?? []);
      assert.equal(plan.damagedSegments.length, expected.damagedSegments ?? 0);
      const { committed } = await executeRecovery(repository.parts, plan);
      assert.equal(committed.length, Object.keys(CONTENTS).length - unusable.length);
      const frozen = await repository.parts.authority.collection.frozenReason(repository.vaultId);
      assert.equal(frozen !== undefined, unusable.length > 0, 'what an unusable recovery point needs is not deleted');
      assert.deepEqual(await readAll(repository, healthy), expected.damaged ?? []);
      assert.deepEqual(await affectedBy(repository), expected.affected ?? []);
    });
  }

  test('with another key under the name of its own is refused at once', async (t) => {
    const directory = extract(t, `${FORMAT}-damaged-wrong-key`);
    await assert.rejects(open(directory), (error) => error instanceof KeyError && error.code === 'tampered');
  });
});
