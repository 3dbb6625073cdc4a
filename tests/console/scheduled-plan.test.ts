import { test } from 'node:test';
import { ListBackupJobsCommand } from '@aws-sdk/client-backup';
import { temporaryDirectory } from '@holdfast/testkit';
import { startMovedServer } from '../support/moved-server.ts';
import { until } from '../support/until.ts';
import { moveBrowser } from './support/move-browser.ts';
import { openConsoleOf, signIn, writeDocuments } from './support/open-console.ts';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;

test('a plan with its selection is made by hand, and its backup is there the next morning', async (t) => {
  const console = await openConsoleOf(t, () => startMovedServer(t, writeDocuments(temporaryDirectory(t))));
  if (console === undefined) return;
  const { page, server } = console;
  const { clock, client } = server;
  await signIn(console);
  await page.getByRole('heading', { name: 'Dashboard' }).waitFor();
  await page.goto(`${server.url}/plans/create`);
  await page.getByRole('button', { name: /Template/ }).click();
  await page.getByRole('option', { name: 'Daily-35day-Retention' }).click();
  await page.getByRole('textbox', { name: 'Backup plan name' }).fill('nightly');
  await page.getByRole('button', { name: 'Create plan and assign resources' }).click();
  await page.getByRole('textbox', { name: 'Resource assignment name' }).fill('everything');
  await page.getByText('What this covers now').waitFor();
  await page.getByRole('cell', { name: 'Matches *' }).waitFor();
  await page.getByRole('button', { name: 'Assign resources' }).click();
  await page.getByText('The resources were assigned').waitFor();

  const fiveAt = Math.ceil((clock.now() - 5 * HOUR) / DAY) * DAY + 5 * HOUR;
  clock.moveTo(fiveAt + 1000);
  await until(
    async () => (await client().send(new ListBackupJobsCommand({ ByState: 'COMPLETED' }))).BackupJobs?.[0],
    'the scheduled backup',
    3000,
  );
  // The browser's clock goes along; the session may have ended overnight.
  await moveBrowser(page, clock);
  await page.goto(`${server.url}/jobs/backup`);
  const job = page.getByRole('row').filter({ hasText: 'Completed' });
  const userName = page.getByRole('textbox', { name: 'User name' });
  await job.or(userName).first().waitFor();
  if (await userName.isVisible()) await signIn(console);
  await job.getByRole('link').first().click();
  await page.getByRole('link', { name: 'nightly' }).waitFor();
  await page.getByRole('link', { name: 'Open the recovery point' }).waitFor();
});
