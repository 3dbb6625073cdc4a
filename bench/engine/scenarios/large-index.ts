/**
 * Memory of a backup into a vault whose index is that of 100 TiB. The index is made up by one process; another one, whose
 * memory is measured, opens the vault as any writer does and backs up what is all new and what is all known.
 *
 *   node large-index.ts <directory> [TiB]
 */
import { spawnSync } from 'node:child_process';
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { createRepository, type ItemEntry, openRepository } from '@holdfast/engine';
import { addSyntheticIndex } from '@holdfast/engine/testing';
import { SeededRandom } from '../../datasets/random.ts';
import { report } from '../../report.ts';
import { peakMiB, repositoryParts } from './bench-repository.ts';

const ITEMS = 400;
const ITEM_BYTES = 1_000_000;
const [directory = '', tebibytes = '100', isMeasured = ''] = process.argv.slice(2);
const place = join(directory, 'repository');

async function* entries(): AsyncGenerator<ItemEntry> {
  const random = new SeededRandom(9);
  for (let index = 0; index < ITEMS; index += 1) {
    const bytes = Buffer.allocUnsafeSlow(ITEM_BYTES);
    random.fill(bytes);
    const path = Buffer.from(`item-${String(index).padStart(4, '0')}`);
    yield { item: { path, type: 'file', sizeBytes: ITEM_BYTES, metadata: {}, content: { kind: 'inline', bytes } } };
  }
}

async function measured(): Promise<void> {
  const parts = await repositoryParts(place, false);
  const repository = await openRepository(parts);
  const startedAt = performance.now();
  for (const recoveryPointId of ['new', 'known']) {
    await repository.backupItems({ recoveryPointId, retention: {}, facts: {}, entries: entries() });
  }
  const seconds = (performance.now() - startedAt) / 1000;
  await repository.close();
  parts.authority.close();
  const scenario = `Backup into an index of ${tebibytes} TiB`;
  report(directory, 'large-index', [
    { scenario, name: 'peak memory', value: peakMiB(), unit: 'MiB', goal: 512 },
    { scenario, name: 'two backups of 400 MB, one new, one known', value: seconds, unit: 's' },
  ]);
}

if (isMeasured !== '') await measured();
else {
  rmSync(place, { recursive: true, force: true });
  const parts = await repositoryParts(place, true);
  const repository = await createRepository(parts);
  await addSyntheticIndex(repository.parts, Number(tebibytes));
  await repository.close();
  parts.authority.close();
  const again = [...process.execArgv, process.argv[1] ?? '', directory, tebibytes, 'measured'];
  const { status } = spawnSync(process.execPath, again, { stdio: 'inherit' });
  process.exitCode = status ?? 1;
  rmSync(place, { recursive: true, force: true });
}
