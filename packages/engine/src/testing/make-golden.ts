/**
 * Makes a golden vault: a small one in which everything of the format occurs. Run once per released format; the archive
 * is kept for ever and never made again, since it proves that vaults of that day can still be read.
 *
 *   node scripts/run.mjs packages/engine/src/testing/make-golden.ts <name>
 */
import { execFileSync } from 'node:child_process';
import { createHash, randomUUID } from 'node:crypto';
import { existsSync, linkSync, mkdirSync, mkdtempSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { SqliteAuthority } from '../authority/sqlite-authority.ts';
import { executeCollection } from '../collect/execute-collection.ts';
import { COLLECTION_DEFAULTS, planCollection } from '../collect/plan-collection.ts';
import { createRepository } from '../engine-repository.ts';
import { KeyFileProvider } from '../keys/key-file-provider.ts';
import { openStore } from '../store/open-store.ts';
import { entriesOf, makeTree } from './repository-bench.ts';

/** Bytes that do not compress and are the same on every machine. */
function noise(label: string, length: number): Buffer {
  return createHash('shake256', { outputLength: length }).update(label).digest();
}

const [name = ''] = process.argv.slice(2);
const archive = join(import.meta.dirname, '..', '..', 'testdata', `${name}.tar.gz`);
if (!/^[a-z0-9-]+$/.test(name) || existsSync(archive)) throw new Error(`${archive} exists, or ${name} is no name`);

const directory = mkdtempSync(join(tmpdir(), 'holdfast-golden-'));
const source = join(directory, 'source');
makeTree(source, {
  'a.txt': 'the first file\n',
  empty: '',
  'directory/nested/deep.txt': 'deep\n'.repeat(2000),
  'directory/empty-directory': 'directory',
  link: { link: 'directory/nested/deep.txt' },
  'letters/größe.txt': 'Namen sind Bytes\n',
  'noise.bin': noise('noise', 700_000),
  'text.log': Buffer.from('a line of a log that compresses well\n'.repeat(20_000)),
});
for (let index = 0; index < 120; index += 1) {
  makeTree(join(source, 'many'), { [`f${String(index).padStart(3, '0')}`]: noise(`small ${index}`, 37 * index) });
}
linkSync(join(source, 'a.txt'), join(source, 'hard-link'));
writeFileSync(join(source, 'sparse'), noise('sparse', 4096));
truncateSync(join(source, 'sparse'), 3_000_000);

const keyProvider = await KeyFileProvider.open(join(directory, 'vault', 'key'));
const store = await openStore(
  { kind: 'file-system', root: join(directory, 'vault', 'store'), create: true, reserveBytes: 0 },
  { now: Date.now, newName: randomUUID },
);
const authority = new SqliteAuthority({ path: ':memory:' });
const repository = await createRepository({ store, keyProvider, authority });
const common = { retention: {}, facts: { resource: 'golden' } };

// What goes first is deleted again, so that its packs are collected and frames that are still needed move.
mkdirSync(join(source, 'gone'));
writeFileSync(join(source, 'gone', 'soon.bin'), noise('gone', 2_000_000));
await repository.backupItems({ ...common, recoveryPointId: 'first', entries: entriesOf(source) });
rmSync(join(source, 'gone'), { recursive: true });
await repository.backupItems({ ...common, recoveryPointId: 'second', parentId: 'first', entries: entriesOf(source) });
await repository.executeDelete(await repository.planDelete(['first']));
const collection = { ...COLLECTION_DEFAULTS, graceMs: 0, repackBelow: 0.99 };
for (let round = 0; round < 3; round += 1) {
  await executeCollection(repository.parts, await planCollection(repository.parts, collection), collection);
}
writeFileSync(join(source, 'a.txt'), 'the first file, changed\n');
await repository.backupItems({ ...common, recoveryPointId: 'third', parentId: 'second', entries: entriesOf(source) });
await repository.close();

execFileSync('tar', ['--format=posix', '-C', directory, '-czf', archive, 'vault', 'source']);
rmSync(directory, { recursive: true, force: true });
console.log(archive);
