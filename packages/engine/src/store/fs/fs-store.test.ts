import assert from 'node:assert/strict';
import { mkdirSync, readdirSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { temporaryDirectory } from '@holdfast/testkit';
import { listAll, putBytes, sampleBytes } from '../contract/store-case.ts';
import { testStore } from '../contract/test-store.ts';
import { isStoreError } from '../store-error.ts';
import { objectPath } from './fs-layout.ts';
import { type FsStoreOptions, openFsStore } from './fs-store.ts';
import { setImmutable } from './immutable-file.ts';

const START = Date.now();

async function open(root: string, options: Partial<FsStoreOptions> = {}) {
  let time = START;
  const now = () => time;
  const store = await openFsStore({ root, now, create: true, ...options });
  const waitUntil = async (at: number) => {
    time = Math.max(time, at);
  };
  return { store, now, waitUntil };
}

testStore('a file-system store', async (t) => open(temporaryDirectory(t)));
testStore('a file-system store with a cold directory', async (t) => {
  const directory = temporaryDirectory(t);
  return open(join(directory, 'warm'), { coldRoot: join(directory, 'cold') });
});

describe('a file-system store', () => {
  test('never takes an unmounted directory for an empty store', async (t) => {
    const root = temporaryDirectory(t);
    const { store } = await open(root);
    await putBytes(store, 'a/b', sampleBytes(10));
    renameSync(root, `${root}-away`);
    mkdirSync(root);
    t.after(() => rmSync(`${root}-away`, { recursive: true, force: true }));
    for (const call of [
      () => store.get('a/b'),
      () => store.head('a/b'),
      () => store.delete('a/b'),
      () => putBytes(store, 'a/c', sampleBytes(10)),
      () => listAll(store, ''),
      () => openFsStore({ root, now: Date.now }),
    ]) {
      await assert.rejects(call(), (error) => isStoreError(error, 'unavailable'));
    }
    assert.deepEqual(readdirSync(root), [], 'nothing was written beside the mount');
  });

  test('leaves no temporary file behind and removes those of dead processes when it opens', async (t) => {
    const root = temporaryDirectory(t);
    const { store } = await open(root);
    await putBytes(store, 'kept', sampleBytes(10));
    await assert.rejects(putBytes(store, 'kept', sampleBytes(10)));
    assert.deepEqual(readdirSync(join(root, '.tmp')), []);
    const neverAlive = 2 ** 22 + 1;
    writeFileSync(join(root, '.tmp', `${hostname()}+${neverAlive}+0+1`), 'half an object');
    writeFileSync(join(root, '.tmp', `${hostname()}+${process.pid}+0+1`), 'a writer at work');
    writeFileSync(join(root, '.tmp', 'other-machine+1+0+1'), 'a writer elsewhere');
    await open(root);
    assert.deepEqual(readdirSync(join(root, '.tmp')).length, 2);
    await openFsStore({ root, now: () => START + 25 * 3_600_000 });
    assert.deepEqual(readdirSync(join(root, '.tmp')), []);
  });

  test('refuses to fill the space that is kept for others', async (t) => {
    const { store } = await open(temporaryDirectory(t), { reserveBytes: 2 ** 62 });
    await assert.rejects(putBytes(store, 'a', sampleBytes(10)), (error) => isStoreError(error, 'no-space'));
    await putBytes(store, 'small', sampleBytes(10), { mayUseReserve: true });
  });

  test('finishes a move between tiers that a crash cut in two', async (t) => {
    const directory = temporaryDirectory(t);
    const roots = { root: join(directory, 'warm'), coldRoot: join(directory, 'cold') };
    const { store } = await open(roots.root, roots);
    const bytes = sampleBytes(1000);
    await putBytes(store, 'pack', bytes);
    const copy = objectPath(roots.coldRoot, 'pack');
    mkdirSync(copy.directory, { recursive: true });
    writeFileSync(copy.file, bytes);
    assert.equal((await store.head('pack')).tier, 'warm');
    assert.equal((await listAll(store, '')).length, 1);
    await store.setTier('pack', 'cold');
    assert.equal((await store.head('pack')).tier, 'cold');
    assert.deepEqual(await store.get('pack'), bytes);
  });

  test('keeps files read-only, and immutable under a lock where the system can', async (t) => {
    const root = temporaryDirectory(t);
    const { store, now, waitUntil } = await open(root);
    await putBytes(store, 'pack', sampleBytes(10), { retention: { mode: 'compliance', untilAt: now() + 1000 } });
    const { file } = objectPath(root, 'pack');
    assert.equal(statSync(file).mode & 0o777, 0o440);
    if (store.properties.retentionMessage?.includes('are immutable') === true) {
      assert.throws(() => rmSync(file), /EPERM/);
      rmSync(`${file}@lock`);
      await assert.rejects(store.delete('pack'), (error) => isStoreError(error, 'locked'));
      await setImmutable(file, false);
    }
    await waitUntil(now() + 2000);
    await store.delete('pack');
  });

  test('may be told by several at once to delete what was locked', async (t) => {
    const { store, now, waitUntil } = await open(temporaryDirectory(t));
    const keys = Array.from({ length: 20 }, (_, index) => `pack-${index}`);
    const retention = { mode: 'governance', untilAt: now() + 1000 } as const;
    for (const key of keys) await putBytes(store, key, sampleBytes(10), { retention });
    await waitUntil(now() + 2000);
    await Promise.all(keys.flatMap((key) => [1, 2, 3, 4].map(() => store.delete(key))));
    assert.deepEqual(await listAll(store, ''), []);
  });

  test('takes a damaged lock record for a lock', async (t) => {
    const root = temporaryDirectory(t);
    const { store, now, waitUntil } = await open(root);
    await putBytes(store, 'pack', sampleBytes(10), { retention: { mode: 'governance', untilAt: now() + 1000 } });
    const { file } = objectPath(root, 'pack');
    writeFileSync(`${file}@lock`, '{"mode":');
    await waitUntil(now() + 2000);
    await assert.rejects(store.delete('pack'), (error) => isStoreError(error, 'locked'));
    await setImmutable(file, false);
  });
});
