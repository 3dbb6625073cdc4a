/**
 * Memory of a backup into a vault whose index is that of 100 TiB. The index is made up by one process; another one, whose
 * memory is measured, opens the vault as any writer does and backs up what is all new and what is all known.
 *
 *   node large-index.ts <directory> [TiB]
 */
import { spawnSync } from 'node:child_process';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createRepository, type ItemEntry, openRepository } from '@holdfast/engine';
import { addSyntheticIndex } from '@holdfast/engine/testing';
import { SeededRandom } from '../../datasets/random.ts';
import { report } from '../../report.ts';
import { peakMiB, repositoryParts } from './bench-repository.ts';

const FILES = 100;
const FILE_BYTES = 4_000_000;
const [directory = '', tebibytes = '100', isMeasured = ''] = process.argv.slice(2);
const place = join(directory, 'repository');
const source = join(directory, 'index-source');

function makeSource(): void {
  const random = new SeededRandom(9);
  const content = Buffer.allocUnsafe(FILE_BYTES);
  mkdirSync(source, { recursive: true });
  for (let index = 0; index < FILES; index += 1) {
    random.fill(content);
    writeFileSync(join(source, `file-${index + FILES}`), content);
  }
}

async function* entries(): AsyncGenerator<ItemEntry> {
  for (let index = 0; index < FILES; index += 1) {
    const name = `file-${index + FILES}`;
    const content = { kind: 'local-file', path: Buffer.from(join(source, name)) } as const;
    yield { item: { path: Buffer.from(name), type: 'file', sizeBytes: FILE_BYTES, metadata: {}, content } };
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
  makeSource();
  await addSyntheticIndex(repository.parts, Number(tebibytes));
  await repository.close();
  parts.authority.close();
  const again = [...process.execArgv, process.argv[1] ?? '', directory, tebibytes, 'measured'];
  const { status } = spawnSync(process.execPath, again, { stdio: 'inherit' });
  process.exitCode = status ?? 1;
  for (const path of [place, source]) rmSync(path, { recursive: true, force: true });
}
