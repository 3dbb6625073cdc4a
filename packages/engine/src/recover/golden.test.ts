import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { temporaryDirectory } from '@holdfast/testkit';
import { SqliteAuthority } from '../authority/sqlite-authority.ts';
import { openRepository } from '../engine-repository.ts';
import { KeyFileProvider } from '../keys/key-file-provider.ts';
import { openStore } from '../store/open-store.ts';
import { executeRecovery } from './execute-recovery.ts';
import { planRecovery } from './recover-vault.ts';

const ARCHIVES = globSync(join(import.meta.dirname, '..', '..', 'testdata', '*-healthy.tar.gz'));

for (const archive of ARCHIVES) {
  test(`recovers ${archive.split('/').at(-1)} from store and key, and reads all of it`, async (t) => {
    const directory = temporaryDirectory(t);
    execFileSync('tar', ['-C', directory, '-xzf', archive]);
    const vault = join(directory, 'vault');
    const store = await openStore(
      { kind: 'file-system', root: join(vault, 'store'), reserveBytes: 0 },
      { now: Date.now, newName: randomUUID },
    );
    const authority = new SqliteAuthority({ path: ':memory:' });
    await using repository = await openRepository({
      store,
      authority,
      keyProvider: await KeyFileProvider.open(join(vault, 'key')),
    });
    const plan = await planRecovery(repository.parts);
    assert.deepEqual(plan.unusable, []);
    const { committed } = await executeRecovery(repository.parts, plan);
    assert.deepEqual([...committed].sort(), ['second', 'third']);
    await using reader = await repository.openRecoveryPoint('third');
    let files = 0;
    for await (const item of reader.items()) {
      if (item.type !== 'file' || item.hardLinkTo !== undefined) continue;
      const parts: Uint8Array[] = [];
      for await (const part of reader.read(item.path)) parts.push(part);
      const path = Buffer.from(item.path).toString();
      assert.ok(Buffer.concat(parts).equals(readFileSync(join(directory, 'source', path))), path);
      files += 1;
    }
    assert.ok(files > 120);
  });
}
