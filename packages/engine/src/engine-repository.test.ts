import assert from 'node:assert/strict';
import { createCipheriv, createHash } from 'node:crypto';
import {
  appendFileSync,
  chmodSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { open } from 'node:fs/promises';
import { join } from 'node:path';
import { after, describe, test } from 'node:test';
import { temporaryDirectory } from '@holdfast/testkit';
import { AuthorityError } from './authority/authority-error.ts';
import { SqliteAuthority } from './authority/sqlite-authority.ts';
import type { ItemEntry, ItemRecord } from './content/item-record.ts';
import { EngineError } from './engine-error.ts';
import { createRepository, openRepository } from './engine-repository.ts';
import { KeyError } from './keys/key-error.ts';
import { packKey } from './pack/pack-id.ts';
import { FaultyStore } from './store/decorators/faulty-store.ts';
import { totalRequests } from './store/decorators/request-ledger.ts';
import { MemoryStore } from './store/memory-store.ts';
import { MemoryKeyProvider } from './testing/memory-key-provider.ts';
import { entriesOf, makeTree, openBench, restoreTree, snapshotOf } from './testing/repository-bench.ts';
import { PayloadWorkers } from './worker/payload-workers.ts';

const workers = new PayloadWorkers(2, 2);
after(() => workers.close());

/** Bytes that do not compress and differ by seed. */
function noise(seed: string, count: number): Buffer {
  const key = createHash('sha256').update(seed).digest();
  return createCipheriv('aes-256-ctr', key, Buffer.alloc(16)).update(Buffer.alloc(count));
}

const SAMPLE = {
  'a.txt': 'hello',
  empty: '',
  'b/large.bin': noise('large', 3_000_000),
  'b/text.log': 'line of text\n'.repeat(60_000),
  'b/c/one': noise('one', 5000),
  'b/c/two': noise('two', 250_000),
  'b!': 'sorts behind what b contains',
  link: { link: 'b/c/one' },
  void: 'directory',
} as const;

function request(recoveryPointId: string, entries: AsyncIterable<ItemEntry>) {
  return { recoveryPointId, retention: {}, facts: { arn: `arn:${recoveryPointId}` }, entries };
}

async function* listed(...items: readonly ItemRecord[]): AsyncGenerator<ItemEntry> {
  for (const item of items) yield { item };
}

const byCode = (code: string) => (error: unknown) => error instanceof EngineError && error.code === code;

async function readAll(content: AsyncIterable<Uint8Array>): Promise<Buffer> {
  const parts: Uint8Array[] = [];
  for await (const part of content) parts.push(part);
  return Buffer.concat(parts);
}

describe('backing up and restoring', () => {
  test('a tree comes back byte for byte, with its facts and numbers', async (t) => {
    const root = temporaryDirectory(t);
    makeTree(join(root, 'source'), SAMPLE);
    const bench = await openBench({ workers });
    const sealed = await bench.repository.backupItems(request('rp-1', entriesOf(join(root, 'source'))));
    assert.equal(sealed.outcome, 'complete');
    assert.equal(sealed.statistics.itemCount, 12);
    assert.ok(sealed.statistics.storedBytes < sealed.statistics.logicalBytes);
    const reader = await bench.repository.openRecoveryPoint('rp-1');
    assert.deepEqual(reader.summary.facts, { arn: 'arn:rp-1' });
    assert.equal((await restoreTree(reader, join(root, 'target'))).size, 0);
    assert.deepEqual(snapshotOf(join(root, 'target')), snapshotOf(join(root, 'source')));
    await reader.close();
    await bench.close();
  });

  test('a file with several names counts once in the size of its recovery point', async () => {
    const bench = await openBench({ workers });
    const bytes = Buffer.alloc(1000, 7);
    const file = { type: 'file', sizeBytes: bytes.length, metadata: {} } as const;
    const { statistics } = await bench.repository.backupItems(
      request(
        'rp-1',
        listed(
          { ...file, path: Buffer.from('a'), content: { kind: 'inline', bytes } },
          { ...file, path: Buffer.from('b'), hardLinkTo: Buffer.from('a') },
        ),
      ),
    );
    assert.deepEqual([statistics.itemCount, statistics.logicalBytes], [2, 1000]);
    await bench.close();
  });

  test('an unchanged tree is reused from the parent without reading, in fewer than 20 requests', async (t) => {
    const root = temporaryDirectory(t);
    makeTree(root, SAMPLE);
    const bench = await openBench({ workers });
    await bench.repository.backupItems(request('rp-1', entriesOf(root)));
    const reopened = await openRepository(bench.options);
    const before = bench.store.totals;
    const sealed = await reopened.backupItems({ ...request('rp-2', entriesOf(root)), parentId: 'rp-1' });
    assert.deepEqual(
      [sealed.statistics.readBytes, sealed.statistics.newChunkCount, sealed.statistics.storedBytes],
      [0, 0, 0],
    );
    const requests = totalRequests(bench.store.since(before));
    assert.ok(requests < 20, `${requests} requests`);
    await bench.repository.executeDelete(await bench.repository.planDelete(['rp-1']));
    const reader = await reopened.openRecoveryPoint('rp-2');
    assert.deepEqual(await readAll(reader.read(Buffer.from('b/c/two'))), SAMPLE['b/c/two']);
    await reader.close();
    await reopened.close();
    await bench.close();
  });

  test('content that the vault holds already is not stored again, in the same backup or a later one', async (t) => {
    const root = temporaryDirectory(t);
    makeTree(root, { one: noise('same', 2_000_000), two: noise('same', 2_000_000) });
    const bench = await openBench({ workers });
    const first = await bench.repository.backupItems(request('rp-1', entriesOf(root, { fingerprints: false })));
    assert.ok(first.statistics.storedBytes < 2_200_000, `${first.statistics.storedBytes} bytes`);
    const second = await bench.repository.backupItems(request('rp-2', entriesOf(root, { fingerprints: false })));
    assert.deepEqual([second.statistics.readBytes, second.statistics.newChunkCount], [4_000_000, 0]);
    await bench.close();
  });

  test('holes are kept as holes and come back as holes', async (t) => {
    const root = temporaryDirectory(t);
    const file = await open(join(root, 'sparse'), 'w');
    await file.truncate(200_000_000);
    await file.write(noise('island', 300_000), 0, 300_000, 50_000_000);
    await file.close();
    const bench = await openBench({ workers });
    const sealed = await bench.repository.backupItems(request('rp-1', entriesOf(root)));
    assert.ok(sealed.statistics.readBytes < 1_000_000, `${sealed.statistics.readBytes} bytes read`);
    const reader = await bench.repository.openRecoveryPoint('rp-1');
    const target = join(root, 'target');
    assert.equal((await restoreTree(reader, target)).size, 0);
    const restored = statSync(join(target, 'sparse'));
    assert.equal(restored.size, 200_000_000);
    assert.ok(restored.blocks * 512 < 2_000_000, `${restored.blocks} blocks`);
    const part = await readAll(reader.read(Buffer.from('sparse'), { offset: 49_999_990, length: 30 }));
    assert.deepEqual(part, Buffer.concat([Buffer.alloc(10), noise('island', 20)]));
    await reader.close();
    await bench.close();
  });

  test('an item of many extents goes through a map, whole and in ranges', async (t) => {
    const root = temporaryDirectory(t);
    const islands = 80;
    const file = await open(join(root, 'islands'), 'w');
    await file.truncate(islands * 131_072);
    for (let island = 0; island < islands; island += 1) {
      await file.write(noise(`island ${island}`, 8192), 0, 8192, island * 131_072);
    }
    await file.close();
    const bench = await openBench({ workers });
    const first = await bench.repository.backupItems(request('rp-1', entriesOf(root)));
    assert.ok(first.statistics.newChunkCount > islands, 'chunks and a map node');
    const second = await bench.repository.backupItems({ ...request('rp-2', entriesOf(root)), parentId: 'rp-1' });
    assert.deepEqual([second.statistics.readBytes, second.statistics.newChunkCount], [0, 0]);
    await bench.repository.executeDelete(await bench.repository.planDelete(['rp-1']));
    const reader = await bench.repository.openRecoveryPoint('rp-2');
    const whole = readFileSync(join(root, 'islands'));
    assert.ok((await readAll(reader.read(Buffer.from('islands')))).equals(whole));
    const range = { offset: 4_123_456, length: 3_000_000 };
    assert.ok((await readAll(reader.read(Buffer.from('islands'), range))).equals(whole.subarray(4_123_456, 7_123_456)));
    const target = join(root, 'target');
    assert.equal((await restoreTree(reader, target)).size, 0);
    assert.ok(readFileSync(join(target, 'islands')).equals(whole));
    await reader.close();
    await bench.close();
  });

  test('a stream comes back with its extra sections', async () => {
    const bench = await openBench({ workers });
    const whole = noise('stream', 12_000_000);
    async function* openStream() {
      for (let at = 0; at < whole.length; at += 777_777) yield whole.subarray(at, at + 777_777);
    }
    const record: ItemRecord = {
      path: Buffer.from('bucket/key'),
      type: 'object',
      sizeBytes: whole.length,
      metadata: { extra: { 's3.object': Buffer.from('{"etag":1}') } },
      content: { kind: 'stream', open: openStream },
    };
    await bench.repository.backupItems(request('rp-1', listed(record)));
    const reader = await bench.repository.openRecoveryPoint('rp-1');
    assert.ok((await readAll(reader.read(record.path))).equals(whole));
    const found = await reader.item(record.path);
    assert.deepEqual(Buffer.from(found?.metadata.extra?.['s3.object'] ?? []).toString(), '{"etag":1}');
    await reader.close();
    await bench.close();
  });

  test('small streams and inline contents share chunks and come back', async () => {
    const bench = await openBench({ workers });
    const items = Array.from({ length: 300 }, (_, index): ItemRecord => {
      const bytes = noise(`object ${index}`, 100 + index * 7);
      async function* openStream() {
        yield bytes.subarray(0, 50);
        yield bytes.subarray(50);
      }
      return {
        path: Buffer.from(`k${String(index).padStart(4, '0')}`),
        type: 'object',
        sizeBytes: bytes.length,
        metadata: {},
        content: index % 2 === 0 ? { kind: 'stream', open: openStream } : { kind: 'inline', bytes },
      };
    });
    const sealed = await bench.repository.backupItems(request('rp-1', listed(...items)));
    assert.ok(sealed.statistics.newChunkCount < 5, `${sealed.statistics.newChunkCount} chunks`);
    const reader = await bench.repository.openRecoveryPoint('rp-1');
    for (const index of [0, 1, 2, 151, 299]) {
      const bytes = await readAll(reader.read(items[index]?.path ?? new Uint8Array(0)));
      assert.deepEqual(bytes, noise(`object ${index}`, 100 + index * 7));
    }
    await reader.close();
    await bench.close();
  });
});

describe('what goes wrong at the source', () => {
  test('is an issue of the recovery point and never silent', async (t) => {
    const root = temporaryDirectory(t);
    makeTree(root, { gone: 'x', kept: 'y', swapped: 'z', twisted: noise('t', 400_000) });
    const bench = await openBench({ workers });
    async function* entries() {
      for await (const entry of entriesOf(root)) {
        if ('item' in entry && entry.item.path.length === 0) {
          yield entry;
          rmSync(join(root, 'gone'));
          rmSync(join(root, 'swapped'));
          symlinkSync('kept', join(root, 'swapped'));
          rmSync(join(root, 'twisted'));
          mkdirSync(join(root, 'twisted'));
        } else yield entry;
      }
      const issue = { path: Buffer.from('zz'), code: 'attribute-not-kept', message: 'no acl', dataMissing: false };
      yield { issue };
    }
    // All records are made before anything is taken away, as if the files went between listing and reading.
    const all: ItemEntry[] = [];
    for await (const entry of entriesOf(root)) all.push(entry);
    const drained = entries();
    async function* replay() {
      yield* all.slice(0, 1);
      for await (const entry of drained) if ('issue' in entry) yield entry;
      yield* all.slice(1);
    }
    const sealed = await bench.repository.backupItems(request('rp-1', replay()));
    const codes = new Map(sealed.issues.map(({ path, code }) => [Buffer.from(path).toString(), code]));
    assert.equal(codes.get('gone'), 'vanished');
    assert.equal(codes.get('swapped'), 'vanished', 'a symbolic link is never followed');
    assert.equal(codes.get('zz'), 'attribute-not-kept');
    assert.ok(codes.has('twisted'));
    const reader = await bench.repository.openRecoveryPoint('rp-1');
    const stored: string[] = [];
    for await (const { path } of reader.issues()) stored.push(Buffer.from(path).toString());
    assert.deepEqual(stored.sort(), [...codes.keys()].sort());
    assert.equal(await reader.item(Buffer.from('gone')), undefined);
    assert.deepEqual(await readAll(reader.read(Buffer.from('kept'))), Buffer.from('y'));
    await reader.close();
    await bench.close();
  });

  test('a file that grew since it was listed is kept as it is now, without fingerprint', async (t) => {
    const root = temporaryDirectory(t);
    makeTree(root, { log: 'first', big: noise('big', 300_000) });
    const bench = await openBench({ workers });
    const all: ItemEntry[] = [];
    for await (const entry of entriesOf(root)) all.push(entry);
    appendFileSync(join(root, 'log'), ' and second');
    appendFileSync(join(root, 'big'), 'more');
    async function* replay() {
      yield* all;
    }
    const sealed = await bench.repository.backupItems(request('rp-1', replay()));
    assert.deepEqual(sealed.issues, []);
    const reader = await bench.repository.openRecoveryPoint('rp-1');
    for (const [name, size] of [
      ['log', 16],
      ['big', 300_004],
    ] as const) {
      const item = await reader.item(Buffer.from(name));
      assert.deepEqual([item?.sizeBytes, item?.fingerprint], [size, undefined]);
      assert.equal((await readAll(reader.read(Buffer.from(name)))).length, size);
    }
    await reader.close();
    await bench.close();
  });

  test('a stream that fails costs its item, and the outcome is partial', async () => {
    const bench = await openBench({ workers });
    const stream = (sizeBytes: number, name: string): ItemRecord => ({
      path: Buffer.from(name),
      type: 'object',
      sizeBytes,
      metadata: {},
      content: {
        kind: 'stream',
        open: async function* () {
          yield Buffer.alloc(1000);
          throw new Error('the bucket said no');
        },
      },
    });
    const sealed = await bench.repository.backupItems(
      request('rp-1', listed(stream(5000, 'a'), stream(5_000_000, 'b'))),
    );
    assert.equal(sealed.outcome, 'partial');
    assert.deepEqual(
      sealed.issues.map(({ code, message }) => [code, message]),
      [
        ['unreadable', 'the bucket said no'],
        ['unreadable', 'the bucket said no'],
      ],
    );
    await bench.close();
  });

  test('a source that throws, an abort, and items out of order end the backup with nothing committed', async (t) => {
    const root = temporaryDirectory(t);
    makeTree(root, SAMPLE);
    const bench = await openBench({ workers });
    async function* broken() {
      for await (const entry of entriesOf(root)) {
        yield entry;
        if ('item' in entry && entry.item.type === 'file') throw new Error('connection lost');
      }
    }
    await assert.rejects(bench.repository.backupItems(request('rp-1', broken())), /connection lost/);
    const abort = new AbortController();
    async function* hanging() {
      yield* entriesOf(root);
      setImmediate(() => abort.abort(new Error('cancelled by the operator')));
      await new Promise(() => undefined);
    }
    const cancelled = bench.repository.backupItems({ ...request('rp-1', hanging()), signal: abort.signal });
    await assert.rejects(cancelled, /cancelled by the operator/);
    const item = (name: string): ItemRecord => ({
      path: Buffer.from(name),
      type: 'directory',
      sizeBytes: 0,
      metadata: {},
    });
    await assert.rejects(
      bench.repository.backupItems(request('rp-1', listed(item('b'), item('a')))),
      byCode('invalid-argument'),
    );
    await assert.rejects(bench.repository.openRecoveryPoint('rp-1'), byCode('not-found'));
    await bench.repository.backupItems(request('rp-1', entriesOf(root)));
    await assert.rejects(bench.repository.backupItems(request('rp-1', entriesOf(root))), byCode('already-exists'));
    await bench.close();
  });
});

describe('reading a recovery point', () => {
  test('lists one directory page by page, whatever lies below its children', async (t) => {
    const root = temporaryDirectory(t);
    makeTree(root, { 'a/x': '1', 'a/y/z': '2', 'a.b': '3', 'a/y/w/v': '4', c: '5' });
    const bench = await openBench({ workers });
    await bench.repository.backupItems(request('rp-1', entriesOf(root)));
    const reader = await bench.repository.openRecoveryPoint('rp-1');
    const names = async (path: string, limit: number) => {
      const pages: string[][] = [];
      let cursor: string | undefined;
      do {
        const page = await reader.list(Buffer.from(path), cursor, limit);
        pages.push(page.items.map((item) => Buffer.from(item.path).toString()));
        cursor = page.cursor;
      } while (cursor !== undefined);
      return pages;
    };
    assert.deepEqual(await names('', 2), [['a', 'a.b'], ['c']]);
    assert.deepEqual(await names('a', 1), [['a/x'], ['a/y']]);
    assert.deepEqual(await names('c', 10), [[]]);
    const under: string[] = [];
    for await (const item of reader.items(Buffer.from('a'))) under.push(Buffer.from(item.path).toString());
    assert.deepEqual(under, ['a', 'a/x', 'a/y', 'a/y/w', 'a/y/w/v', 'a/y/z']);
    await reader.close();
    await assert.rejects(reader.item(Buffer.from('a')), byCode('closed'));
    await bench.close();
  });

  test('a restore over existing files moves only what differs, and cuts what is too long', async (t) => {
    const root = temporaryDirectory(t);
    const source = join(root, 'source');
    makeTree(source, SAMPLE);
    // A fixed key, since a random one cuts the large file in other places each time.
    const bench = await openBench({ workers, idDomainKey: Buffer.alloc(32, 2) });
    await bench.repository.backupItems(request('rp-1', entriesOf(source)));
    const reader = await bench.repository.openRecoveryPoint('rp-1');
    const target = join(root, 'target');
    await restoreTree(reader, target);
    rmSync(join(target, 'link'));
    appendFileSync(join(target, 'b/c/one'), 'tail');
    truncateSync(join(target, 'b/c/two'), 100);
    writeFileSync(join(target, 'empty'), 'no longer');
    const file = await open(join(target, 'b/large.bin'), 'r+');
    await file.write('scribble', 2_900_000);
    await file.close();
    const before = bench.store.totals;
    assert.equal((await restoreTree(reader, target, { overExisting: true })).size, 0);
    assert.deepEqual(snapshotOf(target), snapshotOf(source));
    const { bytesDown } = bench.store.since(before).get;
    assert.ok(bytesDown < 2_500_000, `${bytesDown} bytes were read`);
    await reader.close();
    await bench.close();
  });

  test('a target that cannot be written costs that file alone', async (t) => {
    const root = temporaryDirectory(t);
    const source = join(root, 'source');
    makeTree(source, { big: noise('big', 1_000_000), small: 'fine' });
    const bench = await openBench({ workers });
    await bench.repository.backupItems(request('rp-1', entriesOf(source)));
    const reader = await bench.repository.openRecoveryPoint('rp-1');
    const blocked = join(root, 'blocked');
    makeTree(blocked, { 'small/in-the-way': '' });
    const issues = await restoreTree(reader, blocked);
    assert.deepEqual([...issues], [['small', 'unwritable']]);
    await reader.close();
    await bench.close();
  });

  test('damaged and lost packs cost exactly the files concerned, by name', async (t) => {
    const root = temporaryDirectory(t);
    const source = join(root, 'source');
    const names = Array.from({ length: 8 }, (_, index) => `file-${index}`);
    makeTree(source, Object.fromEntries(names.map((name) => [name, noise(name, 900_000)])));
    const bench = await openBench({ workers });
    const { vaultId } = bench.repository;
    await bench.repository.backupItems(request('rp-1', entriesOf(source)));
    const packs = await bench.authority.allPacks(vaultId, undefined, 100);
    const data = packs.filter(({ kind, sizeBytes }) => kind === 'data' && sizeBytes > 500_000);
    for (const { packId } of data) bench.bytes.damage(packKey(packId), 400_000);
    const reader = await bench.repository.openRecoveryPoint('rp-1');
    const target = join(root, 'target');
    const issues = await restoreTree(reader, target);
    assert.ok(issues.size >= 1 && issues.size <= data.length, `${issues.size} files, ${data.length} packs`);
    const restored = snapshotOf(target);
    for (const [name, bytes] of snapshotOf(source)) {
      if (issues.has(name)) assert.equal(issues.get(name), 'damaged');
      else assert.equal(restored.get(name), bytes);
    }
    for (const { packId } of data) bench.bytes.lose(packKey(packId));
    assert.equal((await restoreTree(reader, join(root, 'again'))).size, names.length);
    await assert.rejects(readAll(reader.read(Buffer.from('file-0'))), byCode('damaged'));
    await reader.close();
    await bench.close();
  });

  test('another key, or a vault whose key was removed, opens nothing', async () => {
    const bench = await openBench({ workers });
    const stranger = new MemoryKeyProvider();
    stranger.remove('key-1');
    await assert.rejects(openRepository({ ...bench.options, keyProvider: stranger }), KeyError);
    await bench.close();
  });
});

describe('a backup that is cut off', () => {
  test('at any request to the store commits nothing, leaves nothing in the way, and is simply repeated', async (t) => {
    const root = temporaryDirectory(t);
    makeTree(root, { big: noise('big', 600_000), small: 'x', 'd/e': 'y' });
    for (let nth = 1; nth < 100; nth += 1) {
      const clock = () => Date.parse('2026-03-01');
      const bytes = new MemoryStore({ now: clock });
      const authority = new SqliteAuthority({ path: ':memory:', clock });
      const keyProvider = new MemoryKeyProvider();
      const made = await createRepository({ store: bytes, keyProvider, authority, clock, workers });
      const rules = [{ operation: 'put' as const, nth, fault: { kind: 'error' as const, code: 'no-space' as const } }];
      const store = new FaultyStore(bytes, { rules });
      const failing = await openRepository({ store, keyProvider, authority, clock, workers });
      const isCut = await failing.backupItems(request('rp-1', entriesOf(root))).then(
        () => false,
        () => true,
      );
      if (isCut) {
        assert.equal(await authority.recoveryPoint(made.vaultId, 'rp-1'), undefined);
        await made.backupItems(request('rp-1', entriesOf(root)));
      }
      const reader = await made.openRecoveryPoint('rp-1');
      assert.deepEqual(await readAll(reader.read(Buffer.from('big'))), noise('big', 600_000));
      await reader.close();
      if (!isCut) {
        assert.ok(nth > 4, 'packs, segment and recovery point were cut off one after the other');
        return;
      }
    }
    assert.fail('the backup never came through');
  });

  test('by a lapsed lease cannot commit, however long it goes on', async (t) => {
    const root = temporaryDirectory(t);
    makeTree(root, { a: 'x' });
    const bench = await openBench({ workers });
    async function* slow() {
      yield* entriesOf(root);
      bench.advance(3_600_000);
    }
    await assert.rejects(
      bench.repository.backupItems(request('rp-1', slow())),
      (error) => error instanceof AuthorityError && error.code === 'lease-lost',
    );
    assert.equal(await bench.authority.recoveryPoint(bench.repository.vaultId, 'rp-1'), undefined);
    await bench.close();
  });
});

test('a directory that is swapped for a link while the backup runs brings no foreign content in', async (t) => {
  const root = temporaryDirectory(t);
  const foreign = temporaryDirectory(t);
  for (const directory of [join(root, 'inner'), foreign]) {
    makeTree(directory, { small: directory.startsWith(foreign) ? 'foreign' : 'my own', big: Buffer.alloc(400_000, 7) });
  }
  const bench = await openBench({ workers });
  async function* swapped() {
    const entries = [];
    for await (const entry of entriesOf(root, { fingerprints: false })) entries.push(entry);
    renameSync(join(root, 'inner'), join(root, 'aside'));
    symlinkSync(foreign, join(root, 'inner'));
    yield* entries;
  }
  const sealed = await bench.repository.backupItems(request('rp-1', swapped()));
  assert.deepEqual(sealed.issues.map((issue) => `${Buffer.from(issue.path)} ${issue.code}`).sort(), [
    'inner/big unreadable',
    'inner/small unreadable',
  ]);
  await bench.close();
});

/** Root may read everything, so it becomes somebody else meanwhile; all threads of the process do. */
async function asNobody<T>(work: () => Promise<T>): Promise<T> {
  if (process.getuid?.() !== 0) return work();
  process.seteuid?.(65534);
  try {
    return await work();
  } finally {
    process.seteuid?.(0);
  }
}

test('files that this process may not read are issues', async (t) => {
  const root = temporaryDirectory(t);
  makeTree(root, { secret: 'x' });
  chmodSync(root, 0o755);
  chmodSync(join(root, 'secret'), 0);
  const bench = await openBench({ workers });
  const sealed = await asNobody(() => bench.repository.backupItems(request('rp-1', entriesOf(root))));
  assert.deepEqual([sealed.issues[0]?.code, sealed.outcome], ['unreadable', 'partial']);
  await bench.close();
});
