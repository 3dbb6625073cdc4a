import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { lstatSync, utimesSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { requireProgram } from '@holdfast/testkit';
import { keyOf } from '../sdk/v1/testing.ts';
import { openPosixFiles } from './posix/open-posix-files.ts';
import { portablePosixFiles } from './posix/portable-posix-files.ts';
import { backUp, directoryFixture, restoredRoot, restoreFrom } from './testing/directory-fixture.ts';
import { buildHostileTree } from './testing/hostile-tree.ts';
import { assertSamePicture, treePicture } from './testing/tree-picture.ts';

/** Everything that Python sees of a tree: a witness that shares no code with what it judges. */
const WITNESS = `
import os, stat, sys, hashlib
root = os.fsencode(sys.argv[1])
def look(path, key):
    s = os.lstat(path)
    row = [key, oct(s.st_mode), s.st_uid, s.st_gid, s.st_mtime_ns]
    if not stat.S_ISDIR(s.st_mode): row += [s.st_nlink]
    if stat.S_ISLNK(s.st_mode): row += [os.readlink(path)]
    if stat.S_ISCHR(s.st_mode) or stat.S_ISBLK(s.st_mode): row += [s.st_rdev]
    if stat.S_ISREG(s.st_mode) and os.access(path, os.R_OK):
        row += [s.st_size, hashlib.sha256(open(path, 'rb').read()).hexdigest(), s.st_size > 1000000 and s.st_blocks * 1024 < s.st_size]
    row += [sorted((n, os.getxattr(path, n, follow_symlinks=False)) for n in os.listxattr(path, follow_symlinks=False))]
    print(row)
    if stat.S_ISDIR(s.st_mode):
        for name in sorted(os.listdir(path)): look(path + b'/' + name, key + b'/' + name)
look(root, b'')
`;

describe('A tree of everything that POSIX knows', () => {
  it('comes back with every attribute, into a new file system', async (t) => {
    const { sourcePath, posix, context, open } = directoryFixture(t);
    buildHostileTree(sourcePath, posix.files);
    const before = treePicture(sourcePath, { files: posix.files });
    const connector = await open();
    const { point } = await backUp(connector);
    assert.deepEqual(point.issues, []);
    const { outcome, issues } = await restoreFrom(connector, context, point);
    assert.deepEqual(issues, []);
    assertSamePicture(treePicture(restoredRoot(outcome), { files: posix.files }), before);
    assertSamePicture(treePicture(sourcePath, { files: posix.files }), before, 'the backup changed the source');
  });

  it('is seen alike by another program', async (t) => {
    const python = requireProgram(t, 'python3');
    if (python === undefined) return;
    const { sourcePath, posix, context, open } = directoryFixture(t);
    buildHostileTree(sourcePath, posix.files);
    const look = (path: string) => execFileSync(python, ['-c', WITNESS, path], { encoding: 'utf8' });
    const before = look(sourcePath);
    const connector = await open();
    const { outcome } = await restoreFrom(connector, context, (await backUp(connector)).point);
    assert.equal(look(restoredRoot(outcome)), before);
    assert.ok(before.split('\n').length > 40);
  });

  it('comes back the same when it is restored over its own changed self', async (t) => {
    const { sourcePath, posix, context, open } = directoryFixture(t);
    buildHostileTree(sourcePath, posix.files);
    const before = treePicture(sourcePath, { files: posix.files });
    const connector = await open();
    const { point } = await backUp(connector);
    execFileSync('sh', ['-c', DAMAGE], { cwd: sourcePath });
    const metadata = { newFileSystem: 'false', 'holdfast:in-place': 'true' };
    const { outcome, issues } = await restoreFrom(connector, context, point, { metadata });
    assert.deepEqual(issues, []);
    assert.equal(outcome.resource, undefined);
    assertSamePicture(treePicture(sourcePath, { files: posix.files }), before);
  });

  it('keeps access times, and does not change them by reading', async (t) => {
    const { sourcePath, posix, context, open } = directoryFixture(t);
    buildHostileTree(sourcePath, posix.files);
    utimesSync(join(sourcePath, 'one-byte'), 1000.5, 2000.25);
    const connector = await open();
    const { point } = await backUp(connector);
    const { outcome } = await restoreFrom(connector, context, point);
    const restored = lstatSync(join(restoredRoot(outcome), 'time-digits'), { bigint: true });
    assert.equal(restored.atimeNs, 1_234_567_890_123_456_790n);
    assert.equal(lstatSync(join(restoredRoot(outcome), 'one-byte'), { bigint: true }).atimeNs, 1_000_500_000_000n);
    const directory = lstatSync(join(sourcePath, 'empty-directory'), { bigint: true });
    assert.equal(directory.atimeNs, 111_111_111_111_111_111n);
  });

  it('says what a layer without attributes and nodes cannot keep, and keeps the rest', async (t) => {
    const posix = { files: portablePosixFiles(), limitation: 'Attributes are not kept here.' };
    const { sourcePath, context, open } = directoryFixture(t, { posix });
    buildHostileTree(sourcePath, openPosixFiles().files);
    const connector = await open();
    const { point } = await backUp(connector);
    assert.deepEqual(
      point.issues.map(({ code, dataMissing }) => ({ code, dataMissing })),
      [{ code: 'attributes-not-supported', dataMissing: false }],
    );
    const { outcome, issues } = await restoreFrom(connector, context, point);
    const nodes = new Set(point.records.filter((record) => NODES.has(record.type)).map((record) => keyOf(record.path)));
    const missing = issues.filter((issue) => issue.dataMissing).map((issue) => keyOf(issue.path));
    assert.deepEqual(new Set(missing), nodes);
    const coarse = (root: string) =>
      Object.entries(treePicture(root, { files: posix.files }))
        .filter(([key]) => !nodes.has(key))
        .map(([key, value]) => [key, { ...(value as object), modified: 0 }]);
    assertSamePicture(Object.fromEntries(coarse(restoredRoot(outcome))), Object.fromEntries(coarse(sourcePath)));
  });
});

const NODES = new Set(['fifo', 'socket', 'character-device', 'block-device']);

/** Changes of every kind: contents, types, modes, attributes, links, and things that go missing. */
const DAMAGE = `
echo changed > one-byte; rm -f larger; mkdir larger; rm -f fifo; echo now-a-file > fifo
rm -rf sort/a; ln -s /etc sort/a; chmod 777 set-uid; rm -f links/m-first; echo other > links/m-first
rm -f links/relative; ln -s elsewhere links/relative; rmdir empty-directory; truncate -s 10 sparse; chmod 000 sticky
printf more >> zeros; ln one-byte read-only-link && rm read-only-link
`;
