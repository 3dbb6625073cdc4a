import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it, type TestContext } from 'node:test';
import { fileURLToPath } from 'node:url';
import { requireProgram, temporaryDirectory } from '@holdfast/testkit';

const LIST = fileURLToPath(new URL('./testing/list-source.ts', import.meta.url));

/** A source with another file system mounted in it, and one of its own directories mounted in another place. */
function list(t: TestContext, oneFileSystem: boolean): readonly string[] | undefined {
  const unshare = requireProgram(t, 'unshare');
  if (unshare === undefined) return undefined;
  const root = temporaryDirectory(t);
  for (const name of ['mounted', 'bound', 'real']) mkdirSync(join(root, name));
  writeFileSync(join(root, 'real', 'file'), 'file');
  const script = `mount -t tmpfs none "$1/mounted" && touch "$1/mounted/other" && mount --bind "$1/real" "$1/bound" &&
    exec "$2" --disable-warning=ExperimentalWarning "$3" "$1" ${oneFileSystem}`;
  const arguments_ = ['--mount', 'sh', '-c', script, 'sh', root, process.execPath, LIST];
  const run = spawnSync(unshare, arguments_, { encoding: 'utf8' });
  if (run.status !== 0 && /not permitted|denied/i.test(run.stderr)) {
    t.skip(`mounting is not permitted here: ${run.stderr.trim()}`);
    return undefined;
  }
  assert.equal(run.status, 0, run.stderr);
  return JSON.parse(run.stdout) as string[];
}

describe('File systems mounted within a source', () => {
  it('are left out and named, also when they are a part of the same device', (t) => {
    const lines = list(t, true);
    if (lines === undefined) return;
    assert.deepEqual(lines, [
      '',
      'bound',
      'bound other-file-system',
      'mounted',
      'mounted other-file-system',
      'real',
      'real/file',
    ]);
  });

  it('are taken in when the settings say so', (t) => {
    const lines = list(t, false);
    if (lines === undefined) return;
    assert.deepEqual(lines, ['', 'bound', 'bound/file', 'mounted', 'mounted/other', 'real', 'real/file']);
  });
});
