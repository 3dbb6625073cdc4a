/**
 * Makes a small golden vault with images, and one broken vault for each kind of damage, named for it. Like every golden
 * vault they are made once per released format and kept for ever: they prove that damage of that day is still found.
 *
 *   node scripts/run.mjs packages/engine/src/testing/make-golden-damage.ts <format>
 */
import { execFileSync } from 'node:child_process';
import { createHash, randomUUID } from 'node:crypto';
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { SqliteAuthority } from '../authority/sqlite-authority.ts';
import { createRepository } from '../engine-repository.ts';
import { segmentKey } from '../index/segment-layout.ts';
import { KeyFileProvider } from '../keys/key-file-provider.ts';
import { packKey } from '../pack/pack-id.ts';
import { pointKey } from '../point/point-object.ts';
import type { BackupImageRequest, Repository } from '../repository.ts';
import { readPoint } from '../retention/read-point.ts';
import { objectPath } from '../store/fs/fs-layout.ts';
import { openStore } from '../store/open-store.ts';
import { entriesOf, makeTree } from './repository-bench.ts';

const BLOCK = 65_536;
const testdata = join(import.meta.dirname, '..', '..', 'testdata');
const [format = ''] = process.argv.slice(2);
if (!/^format-[0-9]+$/.test(format) || existsSync(join(testdata, `${format}-images.tar.gz`))) {
  throw new Error(`the golden vaults of ${format} exist, or it is no name`);
}

/** Bytes that differ from label to label and compress well, so that the archives stay small. */
function pattern(label: string, length: number): Buffer {
  const piece = createHash('shake256', { outputLength: 512 }).update(label).digest();
  return Buffer.alloc(length, piece);
}

const directory = mkdtempSync(join(tmpdir(), 'holdfast-golden-'));
const root = join(directory, 'vault', 'store');
const store = await openStore(
  { kind: 'file-system', root, create: true, reserveBytes: 0 },
  { now: Date.now, newName: randomUUID },
);
const keyProvider = await KeyFileProvider.open(join(directory, 'vault', 'key'));
const authority = new SqliteAuthority({ path: ':memory:' });
const repository = await createRepository({ store, keyProvider, authority, limits: { threads: 1 } });
await backUpFiles();
await backUpDisks();
const objects = await objectsToDamage(repository);
await repository.close();

execFileSync('tar', ['-C', directory, '-czf', join(testdata, `${format}-images.tar.gz`), 'vault', 'source']);
damaged('flipped-data', (file) => flip(file(objects.data), 120));
damaged('flipped-tree', (file) => flip(file(objects.tree), 120));
damaged('flipped-index', (file) => flip(file(objects.segment), 160));
damaged('flipped-point', (file) => flip(file(objects.point), 300));
damaged('truncated-pack', (file) => truncateSync(file(objects.data), 200));
damaged('missing-pack', (file) => rmSync(file(objects.data)));
damaged('swapped-packs', (file) => {
  const [data, older] = [readFileSync(file(objects.data)), readFileSync(file(objects.olderData))];
  overwrite(file(objects.data), older);
  overwrite(file(objects.olderData), data);
});
damaged('replayed-point', (file) => overwrite(file(objects.point), readFileSync(file(objects.olderPoint))));
damaged('newer-version', (file) => {
  const bytes = readFileSync(file(objects.point));
  bytes.writeUInt8(2, 5);
  overwrite(file(objects.point), bytes);
});
damaged('wrong-key', (_, key) => {
  const content = JSON.parse(readFileSync(key, 'utf8')) as { keys: Record<string, string> };
  for (const id of Object.keys(content.keys)) content.keys[id] = pattern('another key', 32).toString('base64');
  overwrite(key, Buffer.from(JSON.stringify(content)));
});
rmSync(directory, { recursive: true, force: true });

async function backUpFiles(): Promise<void> {
  const source = join(directory, 'source');
  const common = { retention: {}, facts: { resource: 'golden' } };
  for (const [id, parentId, files] of [
    ['files-1', undefined, { 'a.bin': pattern('a', 3000), 'big.bin': pattern('big', 300_000) }],
    ['files-2', 'files-1', { 'c.bin': pattern('c', 5000) }],
  ] as const) {
    if (parentId !== undefined) cpSync(join(source, parentId), join(source, id), { recursive: true });
    makeTree(join(source, id), files);
    const entries = withPlainFingerprints(join(source, id));
    const parent = parentId === undefined ? {} : { parentId };
    await repository.backupItems({ ...common, ...parent, recoveryPointId: id, entries });
  }
}

/** The copy of a tree has other inodes: name and size speak for its files here. */
async function* withPlainFingerprints(source: string) {
  for await (const entry of entriesOf(source)) {
    if (!('item' in entry)) throw new Error('a golden source has no issues');
    const { item } = entry;
    const fingerprint = Buffer.concat([item.path, Buffer.from(String(item.sizeBytes))]);
    yield { item: item.type === 'file' ? { ...item, fingerprint } : item };
  }
}

/** The second disk is a delta of the first: one block changed, one became a hole. */
async function backUpDisks(): Promise<void> {
  const blocks = Array.from({ length: 16 }, (_, index) => pattern(`block ${index}`, BLOCK));
  blocks[3] = Buffer.alloc(BLOCK);
  const first = Buffer.concat(blocks).subarray(0, 16 * BLOCK - 1000);
  const second = Buffer.from(first);
  second.set(pattern('changed', BLOCK), 5 * BLOCK);
  second.fill(0, 7 * BLOCK, 8 * BLOCK);
  await backUpDisk('disk-1', first, {});
  await backUpDisk('disk-2', second, { parentId: 'disk-1' });
}

async function backUpDisk(id: string, image: Buffer, more: Partial<BackupImageRequest>): Promise<void> {
  mkdirSync(join(directory, 'source'), { recursive: true });
  writeFileSync(join(directory, 'source', `${id}.img`), image);
  await repository.backupImage({
    recoveryPointId: id,
    retention: {},
    facts: { resource: 'golden' },
    sizeBytes: image.length,
    blockBytes: BLOCK,
    source: { kind: 'reader', read: async (at, length) => Uint8Array.from(image.subarray(at, at + length)) },
    ...more,
  });
}

/** What only `files-2` needs, and what it shares with `files-1`. */
async function objectsToDamage({ parts }: Repository) {
  const packsOf = async (id: string) => {
    const uses = await authority.collection.packUses(parts.vaultId, id);
    const ids = uses.map(({ packId }) => packId);
    return authority.packs(parts.vaultId, ids);
  };
  const older = await packsOf('files-1');
  const newer = (await packsOf('files-2')).filter(({ packId }) => !older.some((pack) => pack.packId === packId));
  const pack = (of: typeof older, kind: 'data' | 'tree'): string =>
    packKey(of.find((each) => each.kind === kind)?.packId ?? '');
  const fenceOf = async (id: string) => (await authority.recoveryPoint(parts.vaultId, id))?.fence ?? 0;
  const { body } = await readPoint(parts, 'files-2', await fenceOf('files-2'));
  return {
    data: pack(newer, 'data'),
    tree: pack(newer, 'tree'),
    olderData: pack(older, 'data'),
    segment: segmentKey(body.segments[0] ?? ''),
    point: pointKey('files-2', await fenceOf('files-2')),
    olderPoint: pointKey('files-1', await fenceOf('files-1')),
  };
}

/** Copies the healthy vault, breaks the copy and keeps it under the name of the damage. */
function damaged(name: string, breakIt: (file: (object: string) => string, key: string) => void): void {
  const copy = join(directory, name);
  cpSync(join(directory, 'vault'), join(copy, 'vault'), { recursive: true });
  breakIt((object) => objectPath(join(copy, 'vault', 'store'), object).file, join(copy, 'vault', 'key'));
  execFileSync('tar', ['-C', copy, '-czf', join(testdata, `${format}-damaged-${name}.tar.gz`), 'vault']);
  console.log(name);
}

function flip(file: string, offset: number): void {
  const bytes = readFileSync(file);
  bytes.writeUInt8(bytes.readUInt8(offset) ^ 0x10, offset);
  overwrite(file, bytes);
}

/** Objects are read-only files, and keys are nobody else's. */
function overwrite(file: string, bytes: Uint8Array): void {
  rmSync(file);
  writeFileSync(file, bytes, { mode: 0o600 });
}
