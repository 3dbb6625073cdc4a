import assert from 'node:assert/strict';
import { appendFileSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it, type TestContext } from 'node:test';
import { firstResource, runBackup } from '../sdk/v1/testing.ts';
import { openPosixFiles } from './posix/open-posix-files.ts';
import { buildDeepTree } from './testing/deep-tree.ts';
import { directoryFixture, restoredRoot, restoreFrom } from './testing/directory-fixture.ts';
import { backUpIntoEngine, engineContent, engineRepository } from './testing/engine-fixture.ts';
import { buildHostileTree } from './testing/hostile-tree.ts';
import { assertSamePicture, treePicture } from './testing/tree-picture.ts';

const { files } = openPosixFiles();

async function prepared(t: TestContext) {
  const fixture = directoryFixture(t);
  buildHostileTree(fixture.sourcePath, files);
  const repository = await engineRepository(t);
  const connector = await fixture.open();
  const { arn: resourceArn } = await firstResource(connector);
  return { ...fixture, connector, repository, resourceArn };
}

describe('A directory in a vault of the engine', () => {
  it('comes back with every attribute', async (t) => {
    const { connector, context, repository, resourceArn, sourcePath } = await prepared(t);
    const before = treePicture(sourcePath, { files });
    const sealed = await backUpIntoEngine(connector, { repository, resourceArn, recoveryPointId: 'first' });
    assert.deepEqual([sealed.outcome, sealed.issues], ['complete', []]);
    await using reader = await repository.openRecoveryPoint('first');
    const content = engineContent(reader);
    const { outcome, issues } = await restoreFrom(connector, context, content);
    assert.deepEqual(issues, []);
    assertSamePicture(treePicture(restoredRoot(outcome), { files }), before);
  });

  it('is not read again where it did not change, and comes back as it was at each time', async (t) => {
    const { connector, context, repository, resourceArn, sourcePath } = await prepared(t);
    await backUpIntoEngine(connector, { repository, resourceArn, recoveryPointId: 'first' });
    const before = treePicture(sourcePath, { files });
    appendFileSync(join(sourcePath, 'larger'), 'more');
    rmSync(join(sourcePath, 'zeros'));
    writeFileSync(join(sourcePath, 'sort', 'new'), 'new');
    const after = treePicture(sourcePath, { files });
    const next = { repository, resourceArn, recoveryPointId: 'second', parentId: 'first' };
    const { statistics } = await backUpIntoEngine(connector, next);
    assert.ok(statistics.readBytes < 4_000_000, `${statistics.readBytes} bytes were read`);
    for (const [recoveryPointId, picture] of [
      ['first', before],
      ['second', after],
    ] as const) {
      await using reader = await repository.openRecoveryPoint(recoveryPointId);
      const { outcome, issues } = await restoreFrom(connector, context, engineContent(reader), {
        jobId: recoveryPointId,
      });
      assert.deepEqual(issues, []);
      assertSamePicture(treePicture(restoredRoot(outcome), { files }), picture, recoveryPointId);
    }
  });

  it('comes back from deeper than a path may be long', async (t) => {
    const { sourcePath, context, open } = directoryFixture(t);
    mkdirSync(sourcePath);
    buildDeepTree(files, sourcePath, 1200, 'bottom');
    const repository = await engineRepository(t);
    const connector = await open();
    const { arn: resourceArn } = await firstResource(connector);
    const sealed = await backUpIntoEngine(connector, { repository, resourceArn, recoveryPointId: 'first' });
    assert.deepEqual(sealed.issues, []);
    await using reader = await repository.openRecoveryPoint('first');
    const { outcome, issues } = await restoreFrom(connector, context, engineContent(reader));
    assert.deepEqual(issues, []);
    const { point } = await runBackup(connector, outcome.createdResourceArn);
    assert.equal(point.records.length, 1200 + 3);
    assert.equal(point.contentOf(point.records.at(-1)?.path ?? new Uint8Array(0)).toString(), 'bottom');
  });

  it('comes back over its own changed self', async (t) => {
    const { connector, context, repository, resourceArn, sourcePath } = await prepared(t);
    const before = treePicture(sourcePath, { files });
    await backUpIntoEngine(connector, { repository, resourceArn, recoveryPointId: 'first' });
    writeFileSync(join(sourcePath, 'one-byte'), 'longer than it was');
    writeFileSync(join(sourcePath, 'larger'), Buffer.alloc(5_000_000, 'other'));
    writeFileSync(join(sourcePath, 'sparse'), 'dense');
    rmSync(join(sourcePath, 'links'), { recursive: true });
    await using reader = await repository.openRecoveryPoint('first');
    const metadata = { newFileSystem: 'false', 'holdfast:in-place': 'true' };
    const { issues } = await restoreFrom(connector, context, engineContent(reader), { metadata });
    assert.deepEqual(issues, []);
    assertSamePicture(treePicture(sourcePath, { files }), before);
  });
});
