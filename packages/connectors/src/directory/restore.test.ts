import assert from 'node:assert/strict';
import {
  chmodSync,
  existsSync,
  linkSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { describe, it, type TestContext } from 'node:test';
import type { ItemIssue, ItemRecord } from '@holdfast/engine';
import { ConnectorError } from '../sdk/v1/connector-error.ts';
import { keyOf, MemoryRecoveryPoint, runBackup } from '../sdk/v1/testing.ts';
import { openPosixFiles } from './posix/open-posix-files.ts';
import { PosixError } from './posix/posix-error.ts';
import type { PosixFiles } from './posix/posix-files.ts';
import { removeContents } from './remove-tree.ts';
import {
  backUp,
  directoryFixture,
  RECOVERY_DIRECTORY,
  restoredRoot,
  restoreFrom,
} from './testing/directory-fixture.ts';
import { setAttribute } from './testing/hostile-tree.ts';
import { assertSamePicture, treePicture } from './testing/tree-picture.ts';

const { files } = openPosixFiles();
const codesOf = (issues: readonly ItemIssue[]) => issues.map((issue) => `${keyOf(issue.path)} ${issue.code}`);

/** A source with a few files, backed up. */
async function prepared(t: TestContext) {
  const fixture = directoryFixture(t);
  const { sourcePath } = fixture;
  mkdirSync(join(sourcePath, 'a', 'b'), { recursive: true });
  writeFileSync(join(sourcePath, 'a', 'b', 'one'), 'one');
  writeFileSync(join(sourcePath, 'a', 'two'), 'two');
  linkSync(join(sourcePath, 'a', 'two'), join(sourcePath, 'z-link'));
  chmodSync(join(sourcePath, 'a'), 0o710);
  const connector = await fixture.open();
  return { ...fixture, connector, ...(await backUp(connector)) };
}

describe('A restore into a new file system', () => {
  it('makes a directory under the restore path, holds all in a recovery directory, and is a resource with tags', async (t) => {
    const { connector, context, point, arn } = await prepared(t);
    const { outcome } = await restoreFrom(connector, context, point, { tags: { copied: 'yes' } });
    const { resource } = outcome;
    assert.ok(resource !== undefined && resource.arn !== arn);
    assert.equal(resource.path, join(context.restoreDirectory, resource.arn.split('/')[1] ?? ''));
    assert.deepEqual(readdirSync(resource.path ?? ''), [RECOVERY_DIRECTORY]);
    assert.deepEqual(resource.tags, { copied: 'yes' });
    assert.match(outcome.message ?? '', /Restored into/);
  });

  it('goes to the restore path of the settings', async (t) => {
    const { open, context, directory, point } = await prepared(t);
    const restorePath = join(directory, 'elsewhere', 'deep');
    const { outcome } = await restoreFrom(await open({ restorePath }), context, point);
    assert.ok(outcome.resource?.path?.startsWith(`${restorePath}/fs-`));
  });

  it('takes another place for every attempt', async (t) => {
    const { connector, context, point } = await prepared(t);
    const first = await restoreFrom(connector, context, point, { jobId: 'A' });
    const second = await restoreFrom(connector, context, point, { jobId: 'B' });
    assert.notEqual(first.outcome.createdResourceArn, second.outcome.createdResourceArn);
  });

  it('says which metadata have no effect on a directory', async (t) => {
    const { connector, context, point } = await prepared(t);
    const metadata = {
      Encrypted: 'true',
      KmsKeyId: 'alias/mine',
      ThroughputMode: 'bursting',
      'aws:backup:request-id': 'x',
    };
    const { outcome } = await restoreFrom(connector, context, point, { metadata });
    assert.match(outcome.message ?? '', /Without effect on a directory: Encrypted, KmsKeyId, ThroughputMode\.$/);
  });

  it('does not hand down default ACLs of the restore path', async (t) => {
    const { connector, context, point, sourcePath } = await prepared(t);
    const acl = Buffer.from(
      '0200000001000700ffffffff020006000200000004000500ffffffff10000700ffffffff20000500ffffffff',
      'hex',
    );
    mkdirSync(context.restoreDirectory);
    const parent = files.openPath(join(context.restoreDirectory, '..'));
    setAttribute(files, parent, 'restored', 'system.posix_acl_default', acl);
    files.close(parent);
    const { outcome } = await restoreFrom(connector, context, point);
    assertSamePicture(treePicture(restoredRoot(outcome), { files }), treePicture(sourcePath, { files }));
  });
});

describe('A restore into an existing file system', () => {
  it('puts everything into a recovery directory at its root', async (t) => {
    const { connector, context, point, arn, sourcePath } = await prepared(t);
    const before = treePicture(sourcePath, { files });
    const { outcome } = await restoreFrom(connector, context, point, { metadata: { newFileSystem: 'false' } });
    assert.equal(outcome.createdResourceArn, arn);
    assertSamePicture(treePicture(join(sourcePath, RECOVERY_DIRECTORY), { files }), before);
  });

  it('makes a second recovery directory for a second restore of the same moment', async (t) => {
    const { connector, context, point, sourcePath } = await prepared(t);
    const metadata = { newFileSystem: 'false' };
    await restoreFrom(connector, context, point, { metadata, jobId: 'A' });
    await restoreFrom(connector, context, point, { metadata, jobId: 'B' });
    assert.ok(existsSync(join(sourcePath, `${RECOVERY_DIRECTORY}-2`, 'a', 'two')));
  });

  it('refuses a file system that this source does not have', async (t) => {
    const { connector, context, point } = await prepared(t);
    const metadata = { newFileSystem: 'false', 'file-system-id': 'fs-0123456789abcdef0' };
    await assert.rejects(
      restoreFrom(connector, context, point, { metadata }),
      (error) => error instanceof ConnectorError && error.class === 'not-found',
    );
  });

  it('in place, brings back what changed and leaves alone what the recovery point does not hold', async (t) => {
    const { connector, context, point, sourcePath, directory } = await prepared(t);
    const before = treePicture(sourcePath, { files, root: false });
    writeFileSync(join(directory, 'outside'), 'outside');
    rmSync(join(sourcePath, 'a', 'b', 'one'));
    symlinkSync(join(directory, 'outside'), join(sourcePath, 'a', 'b', 'one'));
    rmSync(join(sourcePath, 'a', 'two'));
    linkSync(join(directory, 'outside'), join(sourcePath, 'a', 'two'));
    writeFileSync(join(sourcePath, 'new'), 'new');
    const metadata = { newFileSystem: 'false', 'holdfast:in-place': 'true' };
    const { issues } = await restoreFrom(connector, context, point, { metadata });
    assert.deepEqual(issues, []);
    assert.equal(readFileSync(join(directory, 'outside'), 'utf8'), 'outside');
    assert.equal(readFileSync(join(sourcePath, 'new'), 'utf8'), 'new');
    rmSync(join(sourcePath, 'new'));
    assertSamePicture(treePicture(sourcePath, { files, root: false }), before);
  });

  it('in place, does not remove a directory with things in it to make room for a file', async (t) => {
    const { connector, context, point, sourcePath } = await prepared(t);
    rmSync(join(sourcePath, 'a', 'two'));
    mkdirSync(join(sourcePath, 'a', 'two'));
    writeFileSync(join(sourcePath, 'a', 'two', 'precious'), 'precious');
    const metadata = { newFileSystem: 'false', 'holdfast:in-place': 'true' };
    const { issues } = await restoreFrom(connector, context, point, { metadata });
    assert.deepEqual(codesOf(issues.filter((issue) => issue.dataMissing)), ['a/two not-restored']);
    assert.equal(readFileSync(join(sourcePath, 'a', 'two', 'precious'), 'utf8'), 'precious');
  });
});

describe('A restore of items', () => {
  it('brings the named items with the directories that lead to them, and no tags', async (t) => {
    const { connector, context, point } = await prepared(t);
    const metadata = { ItemsToRestore: '["/a/b/one", "/a/b"]' };
    const { outcome, issues } = await restoreFrom(connector, context, point, { metadata, tags: { copied: 'yes' } });
    assert.deepEqual(issues, []);
    const root = restoredRoot(outcome);
    assert.deepEqual(Object.keys(treePicture(root, { files, root: false })), ['a', 'a/b', 'a/b/one']);
    assert.equal(lstatSync(join(root, 'a')).mode & 0o7777, 0o710);
    assert.deepEqual(outcome.resource?.tags, {});
  });

  it('gives a hard link its content when the first name is not among the items', async (t) => {
    const { connector, context, point } = await prepared(t);
    const metadata = { itemsToRestore: '["/z-link"]' };
    const { outcome, issues } = await restoreFrom(connector, context, point, { metadata });
    assert.deepEqual(issues, []);
    assert.equal(readFileSync(join(restoredRoot(outcome), 'z-link'), 'utf8'), 'two');
  });

  it('in place, does not link to a file of the same name that it did not restore', async (t) => {
    const { connector, context, point, sourcePath } = await prepared(t);
    rmSync(join(sourcePath, 'z-link'));
    writeFileSync(join(sourcePath, 'a', 'two'), 'newer');
    const metadata = { newFileSystem: 'false', 'holdfast:in-place': 'true', ItemsToRestore: '["/z-link"]' };
    await restoreFrom(connector, context, point, { metadata });
    assert.equal(readFileSync(join(sourcePath, 'z-link'), 'utf8'), 'two');
    assert.equal(readFileSync(join(sourcePath, 'a', 'two'), 'utf8'), 'newer');
  });

  it('reports an item that the recovery point does not hold, and fails when it holds none', async (t) => {
    const { connector, context, point } = await prepared(t);
    const some = await restoreFrom(connector, context, point, { metadata: { ItemsToRestore: '["/A", "/a/two"]' } });
    assert.deepEqual(codesOf(some.issues), ['A not-in-recovery-point']);
    const none = restoreFrom(connector, context, point, { metadata: { ItemsToRestore: '["/A"]' }, jobId: 'B' });
    await assert.rejects(none, (error) => error instanceof ConnectorError && error.class === 'not-found');
  });
});

describe('A restore of a hostile recovery point', () => {
  const file = (path: string, more: Partial<ItemRecord> = {}): ItemRecord => ({
    path: Buffer.from(path),
    type: 'file',
    sizeBytes: 4,
    metadata: { posix: { mode: 0o644, uid: 0, gid: 0, modifiedAtNs: 1n } },
    ...more,
  });

  async function restoreRecords(t: TestContext, records: (outside: string) => readonly ItemRecord[]) {
    const fixture = directoryFixture(t);
    mkdirSync(fixture.sourcePath);
    const outside = join(fixture.directory, 'outside');
    mkdirSync(outside);
    const point = new MemoryRecoveryPoint();
    point.add({ path: new Uint8Array(0), type: 'directory', sizeBytes: 0, metadata: {} });
    for (const record of records(outside)) point.add(record, Buffer.from('evil'));
    const run = await restoreFrom(await fixture.open(), fixture.context, point);
    assert.deepEqual(readdirSync(outside), []);
    return { ...run, names: readdirSync(restoredRoot(run.outcome)) };
  }

  it('does not write outside through names that lead up', async (t) => {
    const paths = ['../escaped', '..', 'a/../../escaped', '/absolute', './dot', 'nul\0name', 'a//b'];
    const { issues, names } = await restoreRecords(t, () => paths.map((path) => file(path)));
    assert.deepEqual(
      codesOf(issues),
      paths.map((path) => `${path} not-restored`),
    );
    assert.deepEqual(names, []);
  });

  it('does not write through a link that it has just restored', async (t) => {
    const { issues, names, outcome } = await restoreRecords(t, (outside) => [
      file('link', { type: 'symlink', linkTarget: Buffer.from(outside) }),
      file('link/escaped'),
    ]);
    assert.deepEqual(codesOf(issues), ['link/escaped not-restored']);
    assert.deepEqual(names, ['link']);
    assert.ok(readlinkSync(join(restoredRoot(outcome), 'link')).endsWith('outside'));
  });

  it('does not link to a file outside', async (t) => {
    let secret = '';
    const { issues } = await restoreRecords(t, (outside) => {
      secret = `${outside}-secret`;
      writeFileSync(secret, 'secret');
      return [
        file('up', { hardLinkTo: Buffer.from('../../../outside-secret') }),
        file('absolute', { hardLinkTo: Buffer.from('/etc/passwd') }),
      ];
    });
    assert.equal(lstatSync(secret).nlink, 1);
    const missing = issues.filter((issue) => issue.dataMissing);
    assert.deepEqual(codesOf(missing), ['up not-restored', 'absolute not-restored']);
  });

  it('reports names and link targets that no file system holds', async (t) => {
    const long = 'x'.repeat(10_000);
    const { issues, names } = await restoreRecords(t, () => [
      file(long),
      file('link', { type: 'symlink', linkTarget: Buffer.from('a\0b') }),
      file('link-too-long', { type: 'symlink', linkTarget: Buffer.alloc(10_000, 'x') }),
    ]);
    assert.deepEqual(codesOf(issues), [`${long} not-restored`, 'link not-restored', 'link-too-long not-restored']);
    assert.deepEqual(names, []);
  });

  it('stops when the disk is full, with what to do, instead of reporting each file', async (t) => {
    const full: PosixFiles = {
      ...files,
      createFile() {
        throw new PosixError('open', 'ENOSPC');
      },
    };
    const fixture = directoryFixture(t, { posix: { files: full } });
    mkdirSync(fixture.sourcePath);
    const point = new MemoryRecoveryPoint();
    point.add(file('f'), Buffer.from('f'));
    await assert.rejects(restoreFrom(await fixture.open(), fixture.context, point), /no space left.*Make room/);
  });

  it('reports objects of an object store, which have no place in a directory', async (t) => {
    const { issues } = await restoreRecords(t, () => [file('object', { type: 'object' })]);
    assert.deepEqual(codesOf(issues), ['object not-restored']);
  });

  it('writes nowhere else when somebody swaps a directory for a link while it works', async (t) => {
    const { connector, context, point, directory } = await prepared(t);
    const outside = join(directory, 'outside');
    mkdirSync(outside);
    let swapped = false;
    const attack = () => {
      const [id] = existsSync(context.restoreDirectory) ? readdirSync(context.restoreDirectory) : [];
      const target = join(context.restoreDirectory, id ?? '', RECOVERY_DIRECTORY, 'a');
      if (swapped || !existsSync(target)) return;
      renameSync(target, `${target}-moved`);
      symlinkSync(outside, target);
      swapped = true;
    };
    await restoreFrom(connector, context, point, { progress: attack });
    assert.ok(swapped, 'the attack did not take place');
    assert.deepEqual(readdirSync(outside), []);
  });
});

describe('Removing a restored file system', () => {
  it('leaves a directory alone that has taken its place', async (t) => {
    const { connector, context, point } = await prepared(t);
    const { outcome } = await restoreFrom(connector, context, point);
    const path = outcome.resource?.path ?? '';
    renameSync(path, `${path}-moved`);
    mkdirSync(path);
    writeFileSync(join(path, 'other'), 'other');
    const removal = connector.deleteRestored(outcome.createdResourceArn, new AbortController().signal);
    await assert.rejects(removal, (error) => error instanceof ConnectorError && error.class === 'conflict');
    assert.equal(readFileSync(join(path, 'other'), 'utf8'), 'other');
  });

  it('follows no link, and removes files that were made immutable', async (t) => {
    const { connector, context, point, directory } = await prepared(t);
    const { outcome } = await restoreFrom(connector, context, point);
    const root = restoredRoot(outcome);
    mkdirSync(join(directory, 'outside'));
    writeFileSync(join(directory, 'outside', 'precious'), 'precious');
    symlinkSync(join(directory, 'outside'), join(root, 'link'));
    if (process.getuid?.() === 0 && process.platform === 'linux') {
      const opened = files.openPath(join(root, 'a'));
      const immutable = files.openForReading(opened, 'two');
      files.setFlags(immutable, 0x10);
      files.close(immutable);
      files.close(opened);
    }
    await connector.deleteRestored(outcome.createdResourceArn, new AbortController().signal);
    assert.equal(existsSync(outcome.resource?.path ?? ''), false);
    assert.equal(readFileSync(join(directory, 'outside', 'precious'), 'utf8'), 'precious');
  });

  it('goes on when a read of a directory brings no name and yet is not the last', async (t) => {
    const { directory } = directoryFixture(t);
    mkdirSync(join(directory, 'a', 'b'), { recursive: true });
    for (let index = 0; index < 1000; index += 1) writeFileSync(join(directory, 'a', 'b', `${index}`), '');
    const begun = new Set<number>();
    const hesitant: PosixFiles = {
      ...files,
      openDirectory(parent, name) {
        const handle = files.openDirectory(parent, name);
        begun.delete(handle);
        return handle;
      },
      readNames(handle) {
        if (begun.has(handle)) return files.readNames(handle);
        begun.add(handle);
        return [];
      },
    };
    await removeContents(hesitant, files.openPath(join(directory, 'a')), new AbortController().signal);
    assert.deepEqual(readdirSync(join(directory, 'a')), []);
  });

  it('removes what is left of a restore that was interrupted', async (t) => {
    const { connector, context, point } = await prepared(t);
    const controller = new AbortController();
    const progress = () => controller.abort(new Error('stopped'));
    await assert.rejects(restoreFrom(connector, context, point, { signal: controller.signal, progress }), /stopped/);
    const resources = [];
    for await (const resource of connector.discover(new AbortController().signal)) resources.push(resource);
    assert.deepEqual(
      resources.map(({ status }) => status),
      ['available', 'unavailable'],
    );
    assert.match(resources[1]?.statusMessage ?? '', /interrupted/);
    await connector.deleteRestored(resources[1]?.arn ?? '', new AbortController().signal);
    assert.deepEqual(readdirSync(context.restoreDirectory), []);
  });
});

describe('A restored file system', () => {
  it('can be backed up itself, and the excludes of the source do not count for it', async (t) => {
    const { open, context, point } = await prepared(t);
    const connector = await open({ exclude: ['two'] });
    const { outcome } = await restoreFrom(connector, context, point);
    const again = await runBackup(connector, outcome.createdResourceArn);
    assert.ok(again.point.records.some((record) => keyOf(record.path) === `${RECOVERY_DIRECTORY}/a/two`));
  });
});
