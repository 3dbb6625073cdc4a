/**
 * Many thousand random damages of the golden vaults, by hand; a test lives through a few of them each time.
 *
 *   node scripts/run.mjs tests/golden-fuzz/main.ts [ROUNDS] [SEED]
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PayloadWorkers } from '@holdfast/engine';
import { fc } from '@holdfast/testkit/properties';
import { checkDamage } from './check-damage.ts';
import { openGolden } from './golden-vault.ts';
import { Tally } from './tally.ts';
import { type Damage, damages } from './vault-damage.ts';

const [rounds = 1000, seed = Date.now() % 1_000_000] = process.argv.slice(2).map(Number);
const SLOWEST_MS = 60_000;
const directory = mkdtempSync(join(tmpdir(), 'holdfast-fuzz-'));
const workers = new PayloadWorkers(1, 1);
const tallies = { engine: new Tally(), second: new Tally() };
let failures = 0;
let slowestMs = 0;

/** Nine in ten on the small vault; the other holds moved frames and records of moves. */
const archives = ['format-1-images', 'format-1-healthy'];
const vaults = await Promise.all(archives.map((name) => openGolden(mkdtempSync(join(directory, 'vault-')), name)));

async function round(number: number, blows: readonly Damage[]): Promise<void> {
  const golden = vaults[number % 10 === 9 ? 1 : 0];
  if (golden === undefined) return;
  const startedAt = performance.now();
  try {
    await checkDamage(golden, blows, workers, tallies);
  } catch (error) {
    failures += 1;
    const { message, stack } = error as Error;
    console.log(`round ${number} ${JSON.stringify(blows)}\n  ${message}${failures < 4 ? `\n${stack}` : ''}`);
  }
  slowestMs = Math.max(slowestMs, performance.now() - startedAt);
  if (slowestMs > SLOWEST_MS) throw new Error(`round ${number} took ${slowestMs} ms: ${JSON.stringify(blows)}`);
}

for (const [number, blows] of fc.sample(damages, { numRuns: rounds, seed }).entries()) {
  await round(number, blows);
  if (number % 500 === 499) console.log(`${number + 1} rounds, ${failures} failures`);
}
await workers.close();
rmSync(directory, { recursive: true, force: true });
console.log(`seed ${seed}: ${rounds} rounds, ${failures} failures, the slowest ${Math.round(slowestMs)} ms`);
console.log(`engine: ${tallies.engine}`);
console.log(`second reader: ${tallies.second}`);
console.log(`peak memory ${Math.round(process.resourceUsage().maxRSS / 1024)} MiB`);
process.exitCode = failures === 0 ? 0 : 1;
