import assert from 'node:assert/strict';
import { linkSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import type { ItemRecord } from '@holdfast/engine';
import type { FileToWrite, RecoveryPointContent, WriteFilesOptions } from '../sdk/v1/connector.ts';
import { keyOf, type MemoryRecoveryPoint, runBackup } from '../sdk/v1/testing.ts';
import { openPosixFiles } from './posix/open-posix-files.ts';
import { buildDeepTree } from './testing/deep-tree.ts';
import {
  backUp,
  directoryFixture,
  RECOVERY_DIRECTORY,
  restoredRoot,
  restoreFrom,
} from './testing/directory-fixture.ts';
import { assertSamePicture, treePicture } from './testing/tree-picture.ts';

const { files } = openPosixFiles();

/** A recovery point that counts the files written and breaks after so many. */
function breaking(point: MemoryRecoveryPoint, breakAfter: number) {
  const state = { written: 0 };
  const content: RecoveryPointContent = {
    items: (under) => point.items(under),
    item: (path) => point.item(path),
    read: (path, range) => point.read(path, range),
    writeFiles(wanted: AsyncIterable<FileToWrite>, options: WriteFilesOptions) {
      const counted = async function* () {
        for await (const file of wanted) {
          if (state.written === breakAfter) throw new Error('the store is gone');
          state.written += 1;
          yield file;
        }
      };
      return point.writeFiles(counted(), options);
    },
  };
  return { content, state };
}

describe('A restore that breaks off', () => {
  it('is continued by the same job: finished files are not written again, and all is as it was', async (t) => {
    const { sourcePath, context, open } = directoryFixture(t);
    for (let directory = 0; directory < 5; directory += 1) {
      mkdirSync(join(sourcePath, `d${directory}`), { recursive: true });
      for (let file = 0; file < 300; file += 1) writeFileSync(join(sourcePath, `d${directory}`, `f${file}`), `${file}`);
      linkSync(join(sourcePath, `d${directory}`, 'f0'), join(sourcePath, `d${directory}`, 'z-link'));
    }
    const before = treePicture(sourcePath, { files });
    const connector = await open();
    const { point } = await backUp(connector);
    const broken = breaking(point, 1300);
    await assert.rejects(restoreFrom(connector, context, point, { content: broken.content }), /the store is gone/);
    assert.equal(broken.state.written, 1300);
    const whole = breaking(point, Number.POSITIVE_INFINITY);
    const { outcome, issues } = await restoreFrom(connector, context, point, { content: whole.content });
    assert.deepEqual(issues, []);
    assert.ok(whole.state.written <= 1500 - 1300, `${whole.state.written} files were written`);
    assertSamePicture(treePicture(restoredRoot(outcome), { files }), before);
  });

  it('is continued in the existing file system in the directory that it began with', async (t) => {
    const { sourcePath, context, open } = directoryFixture(t);
    mkdirSync(sourcePath);
    writeFileSync(join(sourcePath, 'a'), 'a');
    writeFileSync(join(sourcePath, 'b'), 'b');
    const connector = await open();
    const { point } = await backUp(connector);
    const metadata = { newFileSystem: 'false' };
    const broken = breaking(point, 1);
    await assert.rejects(restoreFrom(connector, context, point, { content: broken.content, metadata }));
    await restoreFrom(connector, context, point, { metadata, startedAt: context.now() + 5000 });
    const names = Object.keys(treePicture(sourcePath, { files, root: false })).filter((key) => !key.includes('/'));
    assert.deepEqual(names, ['a', RECOVERY_DIRECTORY, 'b']);
  });
});

describe('A tree that is deeper than a path may be long', () => {
  it('is restored to its bottom and removed again', async (t) => {
    const { sourcePath, context, open } = directoryFixture(t);
    mkdirSync(sourcePath);
    buildDeepTree(files, sourcePath, 1500, 'bottom');
    const connector = await open();
    const { point } = await backUp(connector);
    const { outcome, issues } = await restoreFrom(connector, context, point);
    assert.deepEqual(issues, []);
    const restored = await runBackup(connector, outcome.createdResourceArn);
    const prefix = Buffer.from(`${RECOVERY_DIRECTORY}/`);
    const below = restored.point.records.slice(2);
    assert.deepEqual(
      below.map((record) => describeRecord(record, prefix.length)),
      point.records.slice(1).map((record) => describeRecord(record, 0)),
    );
    assert.equal(restored.point.contentOf(below.at(-1)?.path ?? prefix).toString(), 'bottom');
    await connector.deleteRestored(outcome.createdResourceArn, new AbortController().signal);
  });
});

function describeRecord(record: ItemRecord, skip: number) {
  const { posix } = record.metadata;
  return [keyOf(record.path).slice(skip), record.type, record.sizeBytes, posix?.mode, posix?.modifiedAtNs];
}
