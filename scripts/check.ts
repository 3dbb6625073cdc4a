/** `npm run check`: format, lint, types, arrows between packages, licences, unused code, unit tests; stops at nothing, reports all. */
import { spawnSync } from 'node:child_process';

const steps: readonly (readonly [name: string, command: readonly string[]])[] = [
  ['format and lint', ['node_modules/.bin/biome', 'check', '.']],
  ['types', ['node_modules/.bin/tsc']],
  ['types of the console', ['node_modules/.bin/tsc', '-p', 'packages/console']],
  ['arrows between packages', [process.execPath, 'scripts/check-arrows.ts']],
  ['licences', [process.execPath, 'scripts/check-licences.ts']],
  ['unused code', ['node_modules/.bin/knip']],
  ['unit tests', [process.execPath, 'scripts/test.ts', '--unit']],
];

const withoutTests = process.argv.includes('--static');
const failures: string[] = [];
for (const [name, [program = '', ...args]] of steps) {
  if (withoutTests && name === 'unit tests') continue;
  const startedAt = Date.now();
  const result = spawnSync(program, args, { encoding: 'utf8', maxBuffer: 1 << 28 });
  const seconds = ((Date.now() - startedAt) / 1000).toFixed(1);
  const ok = result.status === 0;
  console.log(`${ok ? 'ok  ' : 'FAIL'} ${name} (${seconds} s)`);
  if (!ok) {
    failures.push(name);
    console.log(`${result.stdout ?? ''}${result.stderr ?? ''}${result.error?.message ?? ''}`);
  }
}
process.exitCode = failures.length === 0 ? 0 : 1;
