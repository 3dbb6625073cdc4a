import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { createDecipheriv } from 'node:crypto';
import { globSync, lstatSync, readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { crc32 } from 'node:zlib';
import { temporaryDirectory } from '@holdfast/testkit';
import { items, type ReadItem, readContent } from './item-reader.ts';
import { listFiles, type Reference, SealedVault, type Unwrap } from './sealed-vault.ts';

const ARCHIVES = globSync(join(import.meta.dirname, '..', '..', 'packages', 'engine', 'testdata', '*-healthy.tar.gz'));

/** docs/format/stores.md: object `a/b` is the file `a/@xx/b`, `xx` the lowest byte of CRC-32 of the last segment. */
function fileOf(root: string, name: string): string {
  const segments = name.split('/');
  const last = segments.pop() ?? '';
  return join(root, ...segments, `@${(crc32(last) & 0xff).toString(16).padStart(2, '0')}`, last);
}

/** The key file of the archive: AES-256-GCM, nonce first, the sorted context as associated data (docs/format/keys.md). */
function unwrapWith(keyFile: string): Unwrap {
  const { keys } = JSON.parse(readFileSync(keyFile, 'utf8')) as { keys: Record<string, string> };
  return async ({ keyId, wrapped }, context) => {
    const decipher = createDecipheriv('aes-256-gcm', Buffer.from(keys[keyId] ?? '', 'base64'), wrapped.subarray(0, 12));
    decipher.setAAD(Buffer.from(JSON.stringify(Object.entries(context).sort(([a], [b]) => (a < b ? -1 : 1)))));
    decipher.setAuthTag(wrapped.subarray(-16));
    return Buffer.concat([decipher.update(wrapped.subarray(12, -16)), decipher.final()]);
  };
}

/** Compares one item with the file that it was made from. */
function assertSame(vault: SealedVault, item: ReadItem, all: ReadonlyMap<string, ReadItem>, source: string): void {
  const path = join(source, Buffer.from(item.path, 'latin1').toString());
  const stat = lstatSync(path, { bigint: true });
  assert.equal(item.posix?.mode, Number(stat.mode & 0o7777n), path);
  assert.equal(item.posix?.modifiedAtNs, stat.mtimeNs, path);
  if (item.type === 'symlink') assert.equal(item.linkTarget?.toString(), readlinkSync(path));
  else if (item.type === 'directory') assert.ok(stat.isDirectory(), path);
  else {
    const holder = item.hardLinkTo === undefined ? item : all.get(item.hardLinkTo.toString('latin1'));
    assert.ok(holder !== undefined && stat.isFile(), path);
    assert.ok(readContent(vault, holder).equals(readFileSync(path)), `${path} came back different`);
  }
}

test('there is a golden vault', () => assert.ok(ARCHIVES.length > 0));

for (const archive of ARCHIVES) {
  test(`a reader written from the format document restores ${archive.split('/').at(-1)}`, async (t) => {
    const directory = temporaryDirectory(t);
    execFileSync('tar', ['-C', directory, '-xzf', archive]);
    const store = join(directory, 'vault', 'store');
    const names = listFiles(store).map((file) => file.replace(/(^|\/)@[0-9a-f]{2}\//, '$1'));
    const vault = await SealedVault.open(
      (name) => fileOf(store, name),
      names,
      unwrapWith(join(directory, 'vault', 'key')),
    );
    const newest = names.filter((name) => name.startsWith('points/third.')).at(-1) ?? '';
    const [chunkId = '', packId = '', offset = 0, frameLength = 0, plainLength = 0] = vault.point(newest)['root'] as [
      string,
      string,
      number,
      number,
      number,
    ];
    const root: Reference = { chunkId: chunkId.slice(0, 48), packId, offset, frameLength, plainLength };
    const all = new Map([...items(vault, root)].map((item) => [item.path, item]));
    const source = join(directory, 'source');
    for (const item of all.values()) assertSame(vault, item, all, source);
    const expected = readdirSync(source, { recursive: true, encoding: 'latin1' });
    assert.equal(all.size, expected.length + 1, 'every file, and the root');
    t.diagnostic(`${all.size} items`);
  });
}
