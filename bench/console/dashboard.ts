/**
 * How long the console's dashboard takes to be of use with many jobs in the catalog, in a real browser against a real
 * server, and what the server's answers take of it. Goal: 1.5 s with 100,000 jobs.
 *
 *   npm run bench -- console        or node scripts/run.mjs bench/console/dashboard.ts [number of jobs]
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { openConsole, signIn } from '../../tests/console/support/open-console.ts';
import { seedJobs } from './seed-jobs.ts';

const jobCount = Number(process.argv[2] ?? 100_000);
const ROUNDS = 5;
const GOAL_MS = 1500;

test(`the dashboard with ${jobCount} jobs`, { timeout: 1_800_000 }, async (t: TestContext) => {
  const console_ = await openConsole(t);
  if (console_ === undefined) return;
  const { page, server } = console_;
  page.setDefaultTimeout(600_000);
  const startedAt = performance.now();
  seedJobs(join(server.data, 'catalog.db'), jobCount, Date.now());
  report(`filled in ${((performance.now() - startedAt) / 1000).toFixed(1)} s`);
  const answers: string[] = [];
  page.on('requestfinished', (request) => {
    const { responseStart, requestStart } = request.timing();
    if (/summaries|jobs/.test(request.url())) {
      answers.push(`${new URL(request.url()).pathname} ${(responseStart - requestStart).toFixed(0)} ms`);
    }
  });
  await signIn(console_);
  await page.getByRole('heading', { name: 'Dashboard' }).waitFor();
  const rounds: number[] = [];
  for (let round = 0; round < ROUNDS; round += 1) {
    answers.length = 0;
    const from = performance.now();
    await page.goto(server.url, { waitUntil: 'commit' });
    // The number of completed jobs is a link to them, and the latest job is in the list.
    await page.getByRole('link', { name: /^Completed: [1-9]/ }).waitFor();
    await page
      .getByRole('link', { name: /^share / })
      .first()
      .waitFor();
    rounds.push(performance.now() - from);
    report(`round ${round + 1}: ${rounds.at(-1)?.toFixed(0)} ms; ${[...new Set(answers)].join(', ')}`);
  }
  const median = rounds.sort((a, b) => a - b)[Math.floor(ROUNDS / 2)] ?? 0;
  const load = readFileSync('/proc/loadavg', 'utf8').split(' ')[0];
  report(`median ${median.toFixed(0)} ms (goal ${GOAL_MS} ms), load of the machine ${load}`);
});

function report(text: string): void {
  process.stdout.write(`${text}\n`);
}
