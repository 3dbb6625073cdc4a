/**
 * An image of a disk (sparse: a tenth of its blocks hold data) of which one block in a hundred, scattered, changed since
 * the parent, and whose source says which: only these may be read, and the new map must be small.
 *
 *   node disk-image.ts <directory> [GiB]
 */
import { closeSync, ftruncateSync, openSync, rmSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import type { ImageExtent, Repository } from '@holdfast/engine';
import { SeededRandom } from '../../datasets/random.ts';
import { report } from '../../report.ts';
import { benchRepository, peakMiB } from './bench-repository.ts';

const BLOCK_BYTES = 1 << 20;
const [directory = '', gib = '8'] = process.argv.slice(2);
const blocks = Number(gib) * 1024;
const sizeBytes = blocks * BLOCK_BYTES;
const random = new SeededRandom(8);
const image = join(directory, 'disk.img');
const block = Buffer.allocUnsafe(BLOCK_BYTES);

function writeBlocks(descriptor: number, chosen: Iterable<number>): void {
  for (const index of chosen) {
    random.fill(block);
    writeSync(descriptor, block, 0, BLOCK_BYTES, index * BLOCK_BYTES);
  }
}

async function* hints(changed: ReadonlySet<number>): AsyncGenerator<ImageExtent> {
  for (let index = 0; index < blocks; index += 1) {
    yield { offset: index * BLOCK_BYTES, length: BLOCK_BYTES, state: changed.has(index) ? 'data' : 'unchanged' };
  }
}

function packsOf({ parts }: Repository) {
  return parts.authority.allPacks(parts.vaultId, undefined, 1_000_000);
}

const changed = new Set<number>();
while (changed.size < blocks / 100) changed.add(random.below(blocks));
const descriptor = openSync(image, 'w+');
ftruncateSync(descriptor, sizeBytes);
writeBlocks(
  descriptor,
  Array.from({ length: Math.floor(blocks / 10) }, (_, index) => index * 10),
);
{
  await using bench = await benchRepository(join(directory, 'repository'));
  const { repository, ledger } = bench;
  const source = { kind: 'local-file', path: Buffer.from(image) } as const;
  const request = { retention: {}, facts: {}, sizeBytes, blockBytes: BLOCK_BYTES, source };
  await repository.backupImage({ ...request, recoveryPointId: 'first' });
  writeBlocks(descriptor, changed);
  const before = ledger.totals;
  const packsBefore = await packsOf(repository);
  const startedAt = performance.now();
  const { statistics } = await repository.backupImage({
    ...request,
    recoveryPointId: 'second',
    parentId: 'first',
    extents: hints(changed),
    confidence: 'certain',
  });
  const seconds = (performance.now() - startedAt) / 1000;
  const since = ledger.since(before);
  const changedBytes = changed.size * BLOCK_BYTES;
  const newPacks = (await packsOf(repository)).filter(
    ({ packId }) => !packsBefore.some((old) => old.packId === packId),
  );
  const mapBytes = newPacks.reduce((sum, { kind, sizeBytes }) => sum + (kind === 'tree' ? sizeBytes : 0), 0);
  const perTebibyte = (bytes: number): number => bytes / Number(gib) / 1024;
  const scenario = `Image of ${gib} GiB, 1 % changed, with hints`;
  const figure = (name: string, value: number, unit: string, goal?: number) => ({
    scenario,
    name,
    value,
    unit,
    ...(goal === undefined ? {} : { goal }),
  });
  report(directory, 'image', [
    figure('read, by what changed', statistics.readBytes / changedBytes, 'x', 1),
    figure('new map per TiB of image', perTebibyte(mapBytes), 'MiB', 4),
    figure(
      'index, pack headers and recovery point per TiB',
      perTebibyte(since.put.bytesUp - changedBytes - mapBytes),
      'MiB',
    ),
    figure('time', seconds, 's'),
    figure(
      'store requests',
      Object.values(since).reduce((sum, { requests }) => sum + requests, 0),
      '',
    ),
    figure('peak memory', peakMiB(), 'MiB', 512),
  ]);
}
closeSync(descriptor);
rmSync(image);
