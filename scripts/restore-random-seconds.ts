/**
 * Restores a database to seconds chosen by chance while money moves in it, and judges every copy. Run by hand:
 *
 *   node scripts/run.mjs scripts/restore-random-seconds.ts --engine mariadb|postgresql [--rounds 20] [--seed 1]
 *
 * Each round disturbs the source in some way, lets the transfers go on, and restores to a second of the whole window
 * so far. The seed chooses the seconds and the disturbances; what the sessions transfer is the database's own chance.
 */
import { chmodSync } from 'node:fs';
import { setTimeout as wait } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { temporaryDirectory } from '@holdfast/testkit';
import { SeededRandom } from '../bench/datasets/random.ts';
import {
  addSource,
  protectContinuously,
  restore,
  restoreTimeOf,
  windowReaching,
} from '../tests/support/continuous-protection.ts';
import { deleteResource } from '../tests/support/delete-resource.ts';
import { startMovedServer } from '../tests/support/moved-server.ts';
import { killProcessesNaming } from '../tests/support/processes-naming.ts';
import { judgeCopy } from '../tests/support/transfers/judge-copy.ts';
import { mariadbTransfers } from '../tests/support/transfers/mariadb-transfers.ts';
import { postgresqlTransfers } from '../tests/support/transfers/postgresql-transfers.ts';

const SESSIONS = 3;
const BANK_ARN = 'arn:aws:rds:us-east-1:123456789012:db:bank';
/** The second that holds the first base lies before the window's beginning. */
const FIRST_SECOND_MS = 1000;

const { values } = parseArgs({
  options: {
    engine: { type: 'string' },
    rounds: { type: 'string', default: '20' },
    seed: { type: 'string', default: String(Date.now() % 1_000_000) },
  },
});
const makers = { mariadb: mariadbTransfers, postgresql: postgresqlTransfers };
if (values.engine !== 'mariadb' && values.engine !== 'postgresql') {
  console.error('name the engine: --engine mariadb or --engine postgresql');
  process.exit(2);
}

const cleanups: (() => unknown)[] = [];
const failures: string[] = [];
try {
  await run(makers[values.engine], Number(values.rounds), Number(values.seed));
} finally {
  for (const clean of cleanups.reverse()) await clean();
}
console.log(failures.length === 0 ? 'every copy was right' : `${failures.length} wrong:\n${failures.join('\n')}`);
process.exitCode = failures.length === 0 ? 0 : 1;

async function run(makeBank: typeof makers.mariadb | typeof makers.postgresql, rounds: number, seed: number) {
  console.log(`seed ${seed}`);
  const random = new SeededRandom(seed);
  const owner = { after: (clean: () => unknown) => void cleanups.push(clean) };
  const restored = temporaryDirectory(owner);
  chmodSync(restored, 0o755);
  const bank = await makeBank(restored);
  cleanups.push(() => bank.remove());
  const home = temporaryDirectory(owner);
  const server = await startMovedServer(owner, home, { continuous: { lagSeconds: 2, refreshMinutes: 5 } });
  cleanups.push(() => killProcessesNaming(restored));
  await addSource(server, bank.kind, 'bank', bank.settings);
  await bank.begin(SESSIONS);
  const point = await protectContinuously(server, BANK_ARN);
  const firstAt = (await bank.now()) + FIRST_SECOND_MS;
  for (let round = 1; round <= rounds; round += 1) {
    const disturbance = await bank.disturb(random.below(1_000_000));
    await wait(1000 + random.below(4000));
    const latestAt = await bank.now();
    const at = Math.ceil((firstAt + random.below(Math.max(1, latestAt - firstAt - 1000))) / 1000) * 1000;
    const metadata = await windowReaching(server.client, point, at);
    const identifier = `copy-${round}`;
    const startedAt = performance.now();
    const job = await restore(server.client, point, {
      ...metadata,
      DBInstanceIdentifier: identifier,
      RestoreTime: restoreTimeOf(at),
    });
    const seconds = ((performance.now() - startedAt) / 1000).toFixed(1);
    const told = `round ${round}: ${new Date(at).toISOString()}, ${((latestAt - at) / 1000).toFixed(0)} s ago, in ${seconds} s`;
    try {
      if (job.Status !== 'COMPLETED') throw new Error(`${job.Status}: ${job.StatusMessage}`);
      console.log(`${told}: ${await judgeCopy(bank, `${restored}/${identifier}`, at)} transfers`);
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      failures.push(`${told}, after "${disturbance}": ${reason}`);
      console.error(failures.at(-1));
    }
    const refusal =
      job.CreatedResourceArn === undefined ? undefined : await deleteResource(server, job.CreatedResourceArn);
    if (refusal !== undefined) failures.push(`${identifier} could not be deleted: ${refusal}`);
  }
  await bank.end();
}
