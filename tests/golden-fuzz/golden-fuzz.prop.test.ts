import { type TestContext, test } from 'node:test';
import { PayloadWorkers } from '@holdfast/engine';
import { temporaryDirectory } from '@holdfast/testkit';
import { fc } from '@holdfast/testkit/properties';
import { checkDamage } from './check-damage.ts';
import { openGolden } from './golden-vault.ts';
import { Tally } from './tally.ts';
import { damages } from './vault-damage.ts';

/** A few rounds; `main.ts` beside this lives through as many as one likes. */
async function manyDamages(t: TestContext, archive: string, rounds: number): Promise<void> {
  const golden = await openGolden(temporaryDirectory(t), archive);
  const workers = new PayloadWorkers(1, 1);
  t.after(() => workers.close());
  const tallies = { engine: new Tally(), second: new Tally() };
  const rule = fc.asyncProperty(damages, (blows) => checkDamage(golden, blows, workers, tallies));
  await fc.assert(rule, { numRuns: rounds, endOnFailure: true });
  t.diagnostic(`engine: ${tallies.engine}`);
  t.diagnostic(`second reader: ${tallies.second}`);
}

test('whatever happens to a small vault, both readers tell what is lost and give the rest', (t) =>
  manyDamages(t, 'format-1-images', 80));

test('whatever happens to a vault with moved frames, both readers tell what is lost and give the rest', (t) =>
  manyDamages(t, 'format-1-healthy', 6));
