import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { chmodSync, lstatSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { fileURLToPath } from 'node:url';
import type { ItemRecord } from '@holdfast/engine';
import { keyOf, MemoryRecoveryPoint } from '../sdk/v1/testing.ts';
import { backUp, directoryFixture, restoredRoot, restoreFrom } from './testing/directory-fixture.ts';
import { treePicture } from './testing/tree-picture.ts';

const NOBODY = 65534;
const isRoot = process.getuid?.() === 0;

describe('Without root', () => {
  if (isRoot) {
    it('all of the following holds (run again as another user)', () => {
      const { NODE_TEST_CONTEXT: _, ...env } = process.env;
      const file = fileURLToPath(import.meta.url);
      const run = spawnSync(process.execPath, ['--test', file], { uid: NOBODY, gid: NOBODY, env, encoding: 'utf8' });
      assert.equal(run.status, 0, run.stdout + run.stderr);
      assert.match(run.stdout, /pass [1-9]/);
    });
    return;
  }

  it('what refuses to be read is an issue, and the rest is kept', async (t) => {
    const { sourcePath, open } = directoryFixture(t);
    mkdirSync(join(sourcePath, 'closed'), { recursive: true });
    writeFileSync(join(sourcePath, 'closed', 'inside'), 'inside');
    writeFileSync(join(sourcePath, 'secret'), 'secret');
    writeFileSync(join(sourcePath, 'open'), 'open');
    chmodSync(join(sourcePath, 'closed'), 0);
    chmodSync(join(sourcePath, 'secret'), 0);
    const { point } = await backUp(await open());
    chmodSync(join(sourcePath, 'closed'), 0o700);
    assert.deepEqual(
      point.issues.map((issue) => `${keyOf(issue.path)} ${issue.code} ${issue.dataMissing}`),
      ['closed unreadable true', 'secret unreadable true'],
    );
    assert.equal(point.contentOf(Buffer.from('open')).toString(), 'open');
  });

  it('the check says what an unprivileged process will miss', async (t) => {
    const { sourcePath, open } = directoryFixture(t);
    mkdirSync(sourcePath);
    const findings = await (await open()).check(new AbortController().signal);
    const advice = findings.filter((finding) => !finding.ok);
    assert.deepEqual(
      advice.map((finding) => finding.advisory),
      [true],
    );
    assert.match(advice[0]?.hint ?? '', /CAP_DAC_READ_SEARCH/);
  });

  it('directories that their owner may not write in come back with all that they hold, also the second time', async (t) => {
    const { sourcePath, posix, context, open } = directoryFixture(t);
    mkdirSync(join(sourcePath, 'read-only', 'sub'), { recursive: true });
    writeFileSync(join(sourcePath, 'read-only', 'sub', 'f'), 'f');
    chmodSync(join(sourcePath, 'read-only', 'sub', 'f'), 0o400);
    chmodSync(join(sourcePath, 'read-only', 'sub'), 0o500);
    chmodSync(join(sourcePath, 'read-only'), 0o500);
    const before = treePicture(sourcePath, { files: posix.files });
    const connector = await open();
    const { point } = await backUp(connector);
    const { outcome, issues } = await restoreFrom(connector, context, point);
    assert.deepEqual(issues, []);
    assert.deepEqual(treePicture(restoredRoot(outcome), { files: posix.files }), before);
    const metadata = { newFileSystem: 'false', 'holdfast:in-place': 'true' };
    const again = await restoreFrom(connector, context, point, { metadata, jobId: 'again' });
    assert.deepEqual(again.issues, []);
    assert.deepEqual(treePicture(sourcePath, { files: posix.files }), before);
  });

  it('owners and devices that cannot be made are issues, and set-user-id bits do not go to the wrong owner', async (t) => {
    const { sourcePath, context, open } = directoryFixture(t);
    mkdirSync(sourcePath);
    const point = new MemoryRecoveryPoint();
    const record = (path: string, type: ItemRecord['type'], mode: number): ItemRecord => ({
      path: Buffer.from(path),
      type,
      sizeBytes: 4,
      metadata: { posix: { mode, uid: 0, gid: 0, modifiedAtNs: 1_000_000_001n } },
      ...(type === 'block-device' ? { rdev: { major: 7, minor: 0 } } : {}),
    });
    point.add(record('device', 'block-device', 0o600));
    point.add(record('program', 'file', 0o4755), Buffer.from('code'));
    const { outcome, issues } = await restoreFrom(await open(), context, point);
    const summary = issues.map((issue) => `${keyOf(issue.path)} ${issue.code} ${issue.dataMissing}`);
    assert.deepEqual(summary, ['device not-restored true', 'program attribute-not-restored false']);
    const restored = lstatSync(join(restoredRoot(outcome), 'program'), { bigint: true });
    assert.equal(restored.mode & 0o7777n, 0o755n);
    assert.equal(restored.mtimeNs, 1_000_000_001n);
    assert.equal(readFileSync(join(restoredRoot(outcome), 'program'), 'utf8'), 'code');
  });
});
