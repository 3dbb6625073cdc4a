/**
 * A thousand recovery points of a tree that changes a little each time; half of them, every other one, are deleted and
 * collected while a writer goes on. Nobody may wait for the collection, and it says what it moved.
 *
 *   node collection.ts <directory> [recovery points]
 */
import { join } from 'node:path';
import type { ItemEntry } from '@holdfast/engine';
import { COLLECTION_DEFAULTS, executeCollection, planCollection } from '@holdfast/engine/maintenance';
import { SeededRandom } from '../../datasets/random.ts';
import { median } from '../../measure.ts';
import { report } from '../../report.ts';
import { benchRepository, peakMiB } from './bench-repository.ts';

const FILES = 40;
/** So many that the files fill several chunks: a change leaves most of an older pack needed, and collection has to move. */
const FILE_BYTES = 100_000;
const QUIET_RUNS = 15;
const [directory = '', points = '1000'] = process.argv.slice(2);
const random = new SeededRandom(6);
const contents = Array.from({ length: FILES }, () => Buffer.allocUnsafe(FILE_BYTES));
for (const content of contents) random.fill(content);

async function* entries(): AsyncGenerator<ItemEntry> {
  for (const [index, bytes] of contents.entries()) {
    const path = Buffer.from(`file-${String(index).padStart(3, '0')}`);
    yield { item: { path, type: 'file', sizeBytes: bytes.length, metadata: {}, content: { kind: 'inline', bytes } } };
  }
}

await using bench = await benchRepository(join(directory, 'repository'));
const { repository } = bench;
let made = 0;

/** @returns seconds */
async function backup(): Promise<number> {
  const content = contents[random.below(FILES)];
  if (content !== undefined) random.fill(content);
  const startedAt = performance.now();
  await repository.backupItems({
    recoveryPointId: `point-${made}`,
    ...(made === 0 ? {} : { parentId: `point-${made - 1}` }),
    retention: {},
    facts: {},
    entries: entries(),
  });
  made += 1;
  return (performance.now() - startedAt) / 1000;
}

for (let point = 0; point < Number(points); point += 1) await backup();
const doomed = Array.from({ length: Math.floor(Number(points) / 2) }, (_, index) => `point-${index * 2}`);
await repository.executeDelete(await repository.planDelete(doomed));

const quiet: number[] = [];
for (let run = 0; run < QUIET_RUNS; run += 1) quiet.push(await backup());

const options = { ...COLLECTION_DEFAULTS, graceMs: 0 };
const [moved, withdrawn] = [[0], [0]];
let isCollecting = true;
const startedAt = performance.now();
const collecting = (async () => {
  for (let round = 0; round < 3; round += 1) {
    const plan = await planCollection(repository.parts, options);
    moved.push(plan.totals.movedBytes);
    withdrawn.push(plan.totals.withdrawnBytes);
    await executeCollection(repository.parts, plan, options);
  }
  isCollecting = false;
  return (performance.now() - startedAt) / 1000;
})();
const busy: number[] = [];
while (isCollecting) busy.push(await backup());
const seconds = await collecting;

const sum = (values: readonly number[]) => values.reduce((total, value) => total + value, 0);
const scenario = `Collection, half of ${points} recovery points deleted`;
report(directory, 'collection', [
  { scenario, name: 'time of three rounds', value: seconds, unit: 's' },
  { scenario, name: 'backup meanwhile, median, by one alone', value: median(busy) / median(quiet), unit: 'x', goal: 2 },
  { scenario, name: 'backup meanwhile, slowest', value: Math.max(...busy), unit: 's' },
  { scenario, name: 'repack traffic', value: sum(moved) / 2 ** 20, unit: 'MiB' },
  {
    scenario,
    name: 'repack traffic, by what was withdrawn',
    value: sum(moved) / Math.max(1, sum(withdrawn)),
    unit: 'x',
  },
  { scenario, name: 'peak memory', value: peakMiB(), unit: 'MiB', goal: 512 },
]);
