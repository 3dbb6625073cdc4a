/**
 * One process of the soak: does everything that can be done to two vaults at random, two streams of work at once, until
 * it is killed. Every promise goes to the journal as soon as it was made.
 *
 *   node soak-worker.ts <directory> <seed>
 */
import { join } from 'node:path';
import { isLeaseLost } from './refusals.ts';
import { act, type SoakLane } from './soak-acts.ts';
import { dice } from './soak-content.ts';
import { SoakJournal } from './soak-journal.ts';
import { openSoakVaults } from './soak-vault.ts';

const [directory = '', seed = '1'] = process.argv.slice(2);
const journal = new SoakJournal(join(directory, 'journal'));
const vaults = await openSoakVaults(directory);
process.send?.('ready');
await Promise.all(
  [1, 2].map((number) => work({ vaults, journal, throwDice: dice(Number(seed) * 2 + number), number })),
);

async function work(lane: SoakLane): Promise<void> {
  for (let step = 0; ; step += 1) {
    try {
      await act(lane, `${seed}-${lane.number}-${step}`);
    } catch (error) {
      if (!isLeaseLost(error)) throw error;
      journal.count('leases lost');
    }
  }
}
