/**
 * Runs the tests: all of them, or those whose path contains one of the words given.
 *
 *   npm test                     everything that can run on this machine
 *   npm test -- engine/          only paths that contain "engine/"
 *   npm test -- --unit           without the suites that start real services (`*.integ.test.ts` and `tests/`)
 *
 * Ends with the list of what was skipped and why. With HOLDFAST_NO_SKIPS=1 (CI) a skipped test fails the run.
 */
import { globSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { run } from 'node:test';
import { spec } from 'node:test/reporters';

const words = process.argv.slice(2).filter((word) => !word.startsWith('--'));
const unitOnly = process.argv.includes('--unit');

function wanted(file: string): boolean {
  if (file.includes('node_modules')) return false;
  if (unitOnly && (file.startsWith('tests/') || file.endsWith('.integ.test.ts'))) return false;
  return words.length === 0 || words.some((word) => file.includes(word));
}

const files = globSync(['packages/*/src/**/*.test.ts', 'tests/**/*.test.ts']).filter(wanted).sort();
if (files.length === 0) {
  console.error(`no test file matches ${words.join(' ')}`);
  process.exit(1);
}

const skipped: string[] = [];
let passed = 0;
let failed = 0;
// One more than there are processors, since half of a test's time is spent waiting for servers and browsers.
const concurrency = availableParallelism() + 1;
const stream = run({ files, concurrency, execArgv: ['--disable-warning=ExperimentalWarning'] });
stream.on('test:pass', (event) => {
  if (event.details.type === 'suite') return;
  if (event.skip !== undefined) skipped.push(`${event.name}: ${event.skip === true ? 'no reason given' : event.skip}`);
  else passed += 1;
});
stream.on('test:fail', (event) => {
  if (event.details.type !== 'suite') failed += 1;
});
stream.compose(spec).pipe(process.stdout);
stream.on('close', finish);
stream.on('end', finish);

let finished = false;
function finish(): void {
  if (finished) return;
  finished = true;
  // The reporter prints its summary on the same tick; ours follows it.
  setImmediate(() => {
    if (skipped.length > 0) console.log(`\nSkipped on this machine:\n${skipped.map((line) => `  ${line}`).join('\n')}`);
    console.log(`\n${passed} passed, ${failed} failed, ${skipped.length} skipped`);
    const skipsForbidden = process.env.HOLDFAST_NO_SKIPS === '1' && skipped.length > 0;
    if (skipsForbidden) console.error('A skipped test is a failure here (HOLDFAST_NO_SKIPS=1).');
    process.exitCode = failed > 0 || passed === 0 || skipsForbidden ? 1 : 0;
  });
}
