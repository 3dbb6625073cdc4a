/**
 * Benchmarks, each beside a peer or against a stated goal, never part of the tests.
 *
 *   npm run bench                        all of them with default sizes
 *   npm run bench -- engine [--rounds 5] [--mib 2048] [--files 100000] [--only mixed,small] [--directory DIR]
 *   npm run bench -- image [--image-gib 8]        a disk image with 1 % change and hints
 *   npm run bench -- requests                     what a bucket is asked
 *   npm run bench -- collection [--points 1000]   half of them deleted, collected while a writer goes on
 *   npm run bench -- large-index [--index-tib 100]   memory of a backup into a large vault
 *   npm run bench -- summary             the table of all figures in --directory, for README.md
 *   npm run bench -- s3 [--rounds 3] [--objects 20000] [--large-mib 512]   beside aws s3 sync and rclone
 *   npm run bench -- catalog             lists over a million recovery points
 *   npm run bench -- postgresql [--rounds 3] [--mib 1024]
 *   npm run bench -- mariadb [--rounds 3] [--mib 1024]   beside mariadb-backup alone
 *   npm run bench -- plans               firing 100 plans over 10,000 resources
 *   npm run bench -- lifecycle           rounds of the lifecycle over a million recovery points
 *   npm run bench -- console             the dashboard over 100,000 jobs, in Chromium
 */
import { spawnSync } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { benchEngine } from './engine/run.ts';
import { benchMariadb } from './mariadb/run.ts';
import { benchPostgresql } from './postgresql/run.ts';
import { summary } from './report.ts';
import { benchS3 } from './s3/run.ts';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    rounds: { type: 'string', default: '5' },
    mib: { type: 'string', default: '2048' },
    files: { type: 'string', default: '100000' },
    'image-gib': { type: 'string', default: '8' },
    points: { type: 'string', default: '1000' },
    'index-tib': { type: 'string', default: '100' },
    objects: { type: 'string', default: '20000' },
    'large-mib': { type: 'string', default: '512' },
    only: { type: 'string', default: 'mixed,small' },
    directory: { type: 'string', default: join(import.meta.dirname, 'results') },
  },
});
const wanted =
  positionals.length === 0
    ? [
        'engine',
        'image',
        'requests',
        'collection',
        'large-index',
        's3',
        'postgresql',
        'mariadb',
        'catalog',
        'plans',
        'lifecycle',
        'console',
        'summary',
      ]
    : positionals;

for (const name of wanted) {
  if (name === 'engine') {
    await benchEngine({
      directory: values.directory,
      rounds: Number(values.rounds),
      mib: Number(values.mib),
      files: Number(values.files),
      only: values.only.split(','),
    });
  } else if (name === 'image') runScenario('disk-image.ts', values['image-gib']);
  else if (name === 'requests') runScenario('store-requests.ts');
  else if (name === 'collection') runScenario('collection.ts', values.points);
  else if (name === 'large-index') runScenario('large-index.ts', values['index-tib']);
  else if (name === 'summary') console.log(summary(values.directory));
  else if (name === 's3') {
    await benchS3({
      directory: values.directory,
      rounds: Math.min(3, Number(values.rounds)),
      objects: Number(values.objects),
      mib: Number(values['large-mib']),
    });
  } else if (name === 'postgresql') {
    await benchPostgresql({ directory: values.directory, rounds: Number(values.rounds), mib: Number(values.mib) });
  } else if (name === 'mariadb') {
    await benchMariadb({ directory: values.directory, rounds: Number(values.rounds), mib: Number(values.mib) });
  } else if (name === 'catalog') runProgram('catalog/list-recovery-points.ts');
  else if (name === 'plans') runProgram('plans/fire-plans.ts');
  else if (name === 'lifecycle') runProgram('lifecycle/evaluate-lifecycle.ts');
  else if (name === 'console') runProgram('console/dashboard.ts');
  else {
    console.error(
      `there is no benchmark ${name}: engine, image, requests, collection, large-index, summary, s3, postgresql, mariadb, catalog, plans, lifecycle, console`,
    );
    process.exitCode = 1;
  }
}

/** A process of its own, whose memory is measured. */
function runScenario(file: string, size?: string): void {
  mkdirSync(values.directory, { recursive: true });
  runProgram(join('engine', 'scenarios', file), values.directory, ...(size === undefined ? [] : [size]));
}

function runProgram(path: string, ...args: readonly string[]): void {
  const program = [join(import.meta.dirname, path), ...args];
  const { status } = spawnSync(process.execPath, program, { stdio: 'inherit' });
  if (status !== 0) process.exitCode = 1;
}
