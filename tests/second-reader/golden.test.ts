import assert from 'node:assert/strict';
import { globSync, lstatSync, readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { temporaryDirectory } from '@holdfast/testkit';
import { extractGolden, GOLDEN_ARCHIVES, unwrapWith } from './golden-archive.ts';
import { items, mapExtents, type ReadItem, readContent } from './item-reader.ts';
import { rootOf, SealedVault } from './sealed-vault.ts';

const ARCHIVES = globSync(join(GOLDEN_ARCHIVES, '*-healthy.tar.gz'));

async function openVault(t: TestContext, archive: string) {
  const { objects, keyFile, source } = extractGolden(temporaryDirectory(t), archive);
  const names = [...objects.keys()];
  const vault = await SealedVault.open((name) => objects.get(name), names, unwrapWith(keyFile));
  const newest = (id: string): string => names.filter((name) => name.startsWith(`points/${id}.`)).at(-1) ?? '';
  return { vault, newest, source };
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
    const { vault, newest, source } = await openVault(t, archive);
    const all = new Map([...items(vault, rootOf(vault.point(newest('third'))))].map((item) => [item.path, item]));
    for (const item of all.values()) assertSame(vault, item, all, source);
    const expected = readdirSync(source, { recursive: true, encoding: 'latin1' });
    assert.equal(all.size, expected.length + 1, 'every file, and the root');
    t.diagnostic(`${all.size} items`);
  });
}

test('a reader written from the format document restores images, delta leaves and holes included', async (t) => {
  const { vault, newest, source } = await openVault(t, join(GOLDEN_ARCHIVES, 'format-1-images.tar.gz'));
  const nodeTypes = new Set<number>();
  for (const id of ['disk-1', 'disk-2']) {
    const root = rootOf(vault.point(newest(id)));
    nodeTypes.add(vault.chunk(3, root).readUInt8(0));
    const blocks = [...mapExtents(vault, root)].map(({ length, data }) =>
      data === undefined
        ? Buffer.alloc(length)
        : vault.chunk(1, data.chunk).subarray(data.offset, data.offset + length),
    );
    assert.ok(Buffer.concat(blocks).equals(readFileSync(join(source, `${id}.img`))), id);
    assert.ok(
      [...mapExtents(vault, root)].some(({ data }) => data === undefined),
      'a hole stays a hole',
    );
  }
  assert.deepEqual([...nodeTypes], [0, 2], 'the first image is a full leaf, the second a delta on it');
});

/** What must fail, and how; everything else of `files-2` may be read, and is never wrong. */
const DAMAGES: Readonly<Record<string, RegExp>> = {
  'flipped-data': /damaged: pack/,
  'flipped-tree': /damaged: pack/,
  'flipped-point': /authenticate/,
  'truncated-pack': /damaged: pack/,
  'missing-pack': /in no index segment and in no pack/,
  'swapped-packs': /damaged: pack/,
  'replayed-point': /damaged: points\/files-2.* holds points\/files-1/,
  'newer-version': /unsupported: points\/files-2/,
  'wrong-key': /authenticate/,
};

for (const [damage, message] of Object.entries(DAMAGES)) {
  test(`a reader written from the format document notices ${damage}`, async (t) => {
    const read = async (): Promise<void> => {
      const { vault, newest } = await openVault(t, join(GOLDEN_ARCHIVES, `format-1-damaged-${damage}.tar.gz`));
      for (const item of items(vault, rootOf(vault.point(newest('files-2'))))) readContent(vault, item);
    };
    await assert.rejects(read, message);
  });
}

test('a reader written from the format document needs no index while no pack was moved', async (t) => {
  const { vault, newest } = await openVault(t, join(GOLDEN_ARCHIVES, 'format-1-damaged-flipped-index.tar.gz'));
  for (const item of items(vault, rootOf(vault.point(newest('files-2'))))) readContent(vault, item);
});
