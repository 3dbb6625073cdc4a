import assert from 'node:assert/strict';
import { mkdirSync, readdirSync, renameSync, rmSync, statSync, symlinkSync, unlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import type { ItemEntry } from '@holdfast/engine';
import { ConnectorError } from '../sdk/v1/connector-error.ts';
import { firstResource, keyOf, type MemoryRecoveryPoint, runBackup } from '../sdk/v1/testing.ts';
import { openPosixFiles } from './posix/open-posix-files.ts';
import { PosixError } from './posix/posix-error.ts';
import type { PosixFiles } from './posix/posix-files.ts';
import { buildDeepTree } from './testing/deep-tree.ts';
import { backUp, directoryFixture } from './testing/directory-fixture.ts';
import { failingPosixFiles } from './testing/failing-posix-files.ts';

const { files } = openPosixFiles();

function pathsOf(point: MemoryRecoveryPoint): string[] {
  return point.records.map((record) => keyOf(record.path));
}

function issuesOf(point: MemoryRecoveryPoint): string[] {
  return point.issues.map((issue) => `${keyOf(issue.path)} ${issue.code}${issue.dataMissing ? ' missing' : ''}`);
}

describe('A backup of a directory', () => {
  it('delivers names in byte order, with what a directory holds right behind it', async (t) => {
    const { sourcePath, open } = directoryFixture(t);
    for (const name of ['a', 'b/x', 'ab', 'b!', 'B']) mkdirSync(join(sourcePath, name), { recursive: true });
    const { point } = await backUp(await open());
    assert.deepEqual(pathsOf(point), ['', 'B', 'a', 'ab', 'b', 'b/x', 'b!']);
  });

  it('records a directory that refuses to be listed, and what cannot be looked at, as missing', async (t) => {
    const failing = failingPosixFiles(files, { refused: 'EACCES', broken: 'EIO' });
    const { sourcePath, open } = directoryFixture(t, { posix: { files: failing } });
    mkdirSync(join(sourcePath, 'refused', 'inside'), { recursive: true });
    symlinkSync('x', join(sourcePath, 'broken'));
    writeFileSync(join(sourcePath, 'good'), 'good');
    const { point } = await backUp(await open());
    assert.deepEqual(pathsOf(point), ['', 'good', 'refused']);
    assert.deepEqual(
      issuesOf(point).filter((issue) => issue.endsWith('missing')),
      ['broken unreadable missing', 'refused unreadable missing'],
    );
  });

  it('fails as a whole when the source itself is lost, or the process has no more files to open', async (t) => {
    let isLost = false;
    const losing: PosixFiles = {
      ...files,
      status() {
        isLost = true;
        throw new PosixError('stat', 'EIO');
      },
      statusOf(handle) {
        if (isLost) throw new PosixError('stat', 'ENOTCONN');
        return files.statusOf(handle);
      },
    };
    const exhausted = failingPosixFiles(files, { d: 'EMFILE' });
    for (const [layer, message] of [
      [losing, /lost.*ENOTCONN/],
      [exhausted, /ulimit/],
    ] as const) {
      const { sourcePath, open } = directoryFixture(t, { posix: { files: layer } });
      mkdirSync(join(sourcePath, 'd'), { recursive: true });
      await assert.rejects(backUp(await open()), message);
      isLost = false;
    }
  });

  it('records attributes that cannot be read as a lost detail', async (t) => {
    const failing: PosixFiles = { ...files, attributes: failingPosixFiles(files, { odd: 'EIO' }).attributes };
    const { sourcePath, open } = directoryFixture(t, { posix: { files: failing } });
    mkdirSync(sourcePath);
    writeFileSync(join(sourcePath, 'odd'), 'odd');
    const { point } = await backUp(await open());
    assert.deepEqual(issuesOf(point), ['odd attribute-not-kept']);
    assert.deepEqual(pathsOf(point), ['', 'odd']);
  });

  it('records files that vanish between being listed and being looked at', async (t) => {
    const { sourcePath, open } = directoryFixture(t);
    mkdirSync(join(sourcePath, 'd'), { recursive: true });
    for (const name of ['a', 'z']) writeFileSync(join(sourcePath, name), name);
    writeFileSync(join(sourcePath, 'd', 'f'), 'f');
    const entries = await collect(await open(), () => {
      unlinkSync(join(sourcePath, 'z'));
      rmSync(join(sourcePath, 'd'), { recursive: true });
    });
    const described = entries.map((entry) =>
      'item' in entry ? keyOf(entry.item.path) : `${keyOf(entry.issue.path)} ${entry.issue.code}`,
    );
    assert.deepEqual(described, ['', 'a', 'd vanished', 'z vanished']);
  });

  it('goes on where it can when a directory is moved away from above it', async (t) => {
    const posix = { files };
    const { sourcePath, directory, open } = directoryFixture(t, { posix });
    const deep = join(sourcePath, ...Array.from({ length: 50 }, (_, level) => `level-${level}`));
    mkdirSync(deep, { recursive: true });
    writeFileSync(join(sourcePath, 'level-0', 'z-after'), 'never reached');
    writeFileSync(join(sourcePath, 'z'), 'reached');
    const entries = await collect(await open(), undefined, (entry) => {
      if (!('item' in entry) || !keyOf(entry.item.path).endsWith('level-49')) return;
      renameSync(join(sourcePath, 'level-0', 'level-1'), join(directory, 'elsewhere'));
    });
    const paths = entries.flatMap((entry) => ('item' in entry ? [keyOf(entry.item.path)] : []));
    const issues = entries.flatMap((entry) =>
      'issue' in entry ? [`${keyOf(entry.issue.path)} ${entry.issue.code}`] : [],
    );
    assert.equal(paths.at(-1), 'z');
    assert.ok(issues.length > 0 || paths.includes('level-0/z-after'), 'something went missing in silence');
  });

  it('never reads through a link that takes the place of a directory', async (t) => {
    const { sourcePath, directory, open } = directoryFixture(t);
    mkdirSync(join(sourcePath, 'd'), { recursive: true });
    writeFileSync(join(sourcePath, 'a'), 'a');
    mkdirSync(join(directory, 'secret'));
    writeFileSync(join(directory, 'secret', 'key'), 'secret');
    const swapping: PosixFiles = {
      ...files,
      openDirectory(parent, name) {
        if (name === 'd') {
          rmSync(join(sourcePath, 'd'), { recursive: true });
          symlinkSync(join(directory, 'secret'), join(sourcePath, 'd'));
        }
        return files.openDirectory(parent, name);
      },
    };
    const other = directoryFixture(t, { posix: { files: swapping } });
    await using connector = await other.open({ path: sourcePath });
    const { point } = await backUp(connector);
    assert.deepEqual(pathsOf(point), ['', 'a', 'd']);
    assert.deepEqual(issuesOf(point), ['d unreadable missing']);
    await using plain = await open();
    assert.equal((await backUp(plain)).point.records.find((record) => keyOf(record.path) === 'd')?.type, 'symlink');
  });

  it('leaves out what the settings exclude, without an issue', async (t) => {
    const { sourcePath, open } = directoryFixture(t);
    for (const name of ['cache/x', 'src/cache/y', 'src/keep', 'build/out']) {
      mkdirSync(join(sourcePath, name), { recursive: true });
    }
    writeFileSync(join(sourcePath, 'src', 'a.tmp'), '');
    const { point } = await backUp(await open({ exclude: ['cache', '*.tmp', '/build/*'] }));
    assert.deepEqual(pathsOf(point), ['', 'build', 'src', 'src/keep']);
    assert.deepEqual(point.issues, []);
  });

  it('leaves out the directories of Holdfast itself and says so', async (t) => {
    const base = directoryFixture(t);
    const own = join(base.sourcePath, 'deep', 'holdfast-data');
    const { open } = directoryFixture(t, { context: { holdfastDirectories: [own, join(base.directory, 'no-such')] } });
    mkdirSync(own, { recursive: true });
    writeFileSync(join(own, 'pack'), 'pack');
    await using connector = await open({ path: base.sourcePath });
    const { point } = await backUp(connector);
    assert.deepEqual(pathsOf(point), ['', 'deep']);
    assert.deepEqual(issuesOf(point), ['deep/holdfast-data holdfast-own-data']);
  });

  it('refuses to back up the data directory of Holdfast itself', async (t) => {
    const base = directoryFixture(t);
    mkdirSync(base.sourcePath);
    const { open } = directoryFixture(t, { context: { holdfastDirectories: [base.sourcePath] } });
    await using connector = await open({ path: base.sourcePath });
    await assert.rejects(
      backUp(connector),
      (error) => error instanceof ConnectorError && error.class === 'invalid-request',
    );
    const bad = (await connector.check(new AbortController().signal)).filter(
      (finding) => !finding.ok && !finding.advisory,
    );
    assert.match(bad.map((finding) => finding.what).join(), /Holdfast itself/);
  });

  it('keeps the whole of a tree that is deeper than a path may be long', async (t) => {
    const { sourcePath, open } = directoryFixture(t);
    mkdirSync(sourcePath);
    const depth = 3000;
    buildDeepTree(files, sourcePath, depth, 'deep file');
    const { point } = await backUp(await open());
    assert.deepEqual(issuesOf(point), []);
    assert.equal(point.records.length, depth + 2);
    const last = point.records.at(-1);
    assert.equal(last?.path.length, depth * 5 + 4);
    assert.equal(point.contentOf(last?.path ?? new Uint8Array(0)).toString(), 'deep file');
  });

  it('keeps few files open in a deep tree, and none afterwards', async (t) => {
    if (process.platform !== 'linux') return t.skip('counts open files by way of /proc');
    const { sourcePath, open } = directoryFixture(t);
    mkdirSync(sourcePath);
    buildDeepTree(files, sourcePath, 500, 'x');
    const before = openDescriptors();
    let most = 0;
    await collect(await open(), undefined, () => {
      most = Math.max(most, openDescriptors());
    });
    assert.ok(most - before < 50, `${most - before} more files were open`);
    assert.equal(openDescriptors(), before);
  });

  it('writes no fingerprint for a file that was changed within the last tick of the clock', async (t) => {
    const frozen = { now: 0n };
    const { sourcePath, open } = directoryFixture(t, { posix: { files: { ...files, fileClockNs: () => frozen.now } } });
    mkdirSync(sourcePath);
    writeFileSync(join(sourcePath, 'f'), 'f');
    const connector = await open();
    const changedAtNs = statSync(join(sourcePath, 'f'), { bigint: true }).ctimeNs;
    frozen.now = changedAtNs + 1_000_000n;
    assert.equal((await backUp(connector)).point.records.at(-1)?.fingerprint, undefined);
    frozen.now = changedAtNs + 60_000_000n;
    assert.equal((await backUp(connector)).point.records.at(-1)?.fingerprint?.byteLength, 40);
  });

  it('has an ARN in the form of EFS, and knows no other resource', async (t) => {
    const { sourcePath, open } = directoryFixture(t);
    mkdirSync(sourcePath);
    const connector = await open();
    const { arn } = await firstResource(connector);
    assert.match(arn, /^arn:aws:elasticfilesystem:us-east-1:123456789012:file-system\/fs-[0-9a-f]{17}$/);
    await assert.rejects(runBackup(connector, arn.replace('us-east-1', 'eu-west-1')), /has no file system/);
    await assert.rejects(runBackup(connector, 'not-an-arn'), /is not an ARN/);
  });

  it('estimates a backup and the size of the resource by what the last one found', async (t) => {
    const { sourcePath, open } = directoryFixture(t);
    mkdirSync(sourcePath);
    writeFileSync(join(sourcePath, 'f'), Buffer.alloc(1000));
    const first = await backUp(await open());
    assert.equal(first.session.estimate, undefined);
    const second = await backUp(await open());
    assert.deepEqual(second.session.estimate, { items: 2, bytes: 1000 });
    assert.equal((await firstResource(await open())).sizeBytes, 1000);
  });

  it('keeps its id when its path is changed, since it is still the same source', async (t) => {
    const { sourcePath, directory, open } = directoryFixture(t);
    const before = await firstResource(await open());
    const moved = await firstResource(await open({ path: join(directory, 'moved') }));
    assert.equal(moved.arn, before.arn);
    assert.equal(before.path, sourcePath);
    assert.equal(moved.path, join(directory, 'moved'));
  });
});

async function collect(
  connector: Awaited<ReturnType<ReturnType<typeof directoryFixture>['open']>>,
  afterOpen?: () => void,
  onEntry?: (entry: ItemEntry) => void,
): Promise<ItemEntry[]> {
  const { signal } = new AbortController();
  const { arn } = await firstResource(connector);
  const session = await connector.openBackup({ resourceArn: arn, options: {}, signal });
  const entries: ItemEntry[] = [];
  for await (const entry of session.entries(signal)) {
    // The root arrives when its names have been listed and before any is looked at.
    if (entries.length === 0) afterOpen?.();
    entries.push(entry);
    onEntry?.(entry);
  }
  await session.release({ stored: false });
  return entries;
}

function openDescriptors(): number {
  return readdirSync('/proc/self/fd').length;
}
