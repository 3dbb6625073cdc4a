/**
 * Benchmarks, each beside a peer or against a stated goal, never part of the tests.
 *
 *   npm run bench                        all of them with default sizes
 *   npm run bench -- engine [--rounds 5] [--mib 2048] [--files 100000] [--only mixed,small] [--directory DIR]
 *   npm run bench -- s3 [--rounds 3] [--objects 20000] [--large-mib 512]   beside aws s3 sync and rclone
 *   npm run bench -- catalog             lists over a million recovery points
 *   npm run bench -- postgresql [--rounds 3] [--mib 1024]
 *   npm run bench -- plans               firing 100 plans over 10,000 resources
 *   npm run bench -- lifecycle           rounds of the lifecycle over a million recovery points
 *   npm run bench -- console             the dashboard over 100,000 jobs, in Chromium
 */
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { benchEngine } from './engine/run.ts';
import { benchPostgresql } from './postgresql/run.ts';
import { benchS3 } from './s3/run.ts';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    rounds: { type: 'string', default: '5' },
    mib: { type: 'string', default: '2048' },
    files: { type: 'string', default: '100000' },
    objects: { type: 'string', default: '20000' },
    'large-mib': { type: 'string', default: '512' },
    only: { type: 'string', default: 'mixed,small' },
    directory: { type: 'string', default: join(import.meta.dirname, 'results') },
  },
});
const wanted =
  positionals.length === 0 ? ['engine', 's3', 'postgresql', 'catalog', 'plans', 'lifecycle', 'console'] : positionals;

for (const name of wanted) {
  if (name === 'engine') {
    await benchEngine({
      directory: values.directory,
      rounds: Number(values.rounds),
      mib: Number(values.mib),
      files: Number(values.files),
      only: values.only.split(','),
    });
  } else if (name === 's3') {
    await benchS3({
      directory: values.directory,
      rounds: Math.min(3, Number(values.rounds)),
      objects: Number(values.objects),
      mib: Number(values['large-mib']),
    });
  } else if (name === 'postgresql') {
    await benchPostgresql({ directory: values.directory, rounds: Number(values.rounds), mib: Number(values.mib) });
  } else if (name === 'catalog') runProgram('catalog/list-recovery-points.ts');
  else if (name === 'plans') runProgram('plans/fire-plans.ts');
  else if (name === 'lifecycle') runProgram('lifecycle/evaluate-lifecycle.ts');
  else if (name === 'console') runProgram('console/dashboard.ts');
  else {
    console.error(`there is no benchmark ${name}: engine, s3, postgresql, catalog, plans, lifecycle, console`);
    process.exitCode = 1;
  }
}

function runProgram(path: string): void {
  const { status } = spawnSync(process.execPath, [join(import.meta.dirname, path)], { stdio: 'inherit' });
  if (status !== 0) process.exitCode = 1;
}
