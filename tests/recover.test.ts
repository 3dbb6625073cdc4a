import assert from 'node:assert/strict';
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { temporaryDirectory } from '@holdfast/testkit';
import { holdfast, startHoldfast } from './support/running-server.ts';

test('with the catalog lost, stores and keys bring every recovery point back', async (t) => {
  const directory = temporaryDirectory(t, 'holdfast-e2e-');
  const source = join(directory, 'source');
  mkdirSync(source);
  writeFileSync(join(source, 'letter.txt'), 'Dear diary');
  const before = await startHoldfast(t, { directory });
  assert.equal((await holdfast(before, ['source', 'add', 'directory', 'letters', '--path', source])).code, 0);
  const made = await holdfast(before, ['protect', source, '--json']);
  const { recoveryPointArn } = JSON.parse(made.stdout) as { recoveryPointArn: string };
  assert.equal(await before.stop(), 0);
  for (const ending of ['', '-wal', '-shm']) rmSync(join(before.data, `catalog.db${ending}`), { force: true });

  const recovered = await holdfast(before, ['recover', '--json']);
  assert.equal(recovered.code, 0, recovered.stderr);
  const report = JSON.parse(recovered.stdout) as { vaults: { recoveryPoints: number; vaultArn: string }[] };
  assert.deepEqual(
    report.vaults.map(({ recoveryPoints, vaultArn }) => [recoveryPoints, vaultArn]),
    [[1, 'arn:aws:backup:us-east-1:123456789012:backup-vault:Default']],
  );

  const after = await startHoldfast(t, { directory });
  const out = join(directory, 'out.txt');
  const got = await holdfast(after, ['get', recoveryPointArn, 'letter.txt', '--out', out]);
  assert.equal(got.code, 0, got.stderr);
  assert.equal(readFileSync(out, 'utf8'), 'Dear diary');
});
