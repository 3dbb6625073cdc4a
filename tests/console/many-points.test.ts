import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  type BackupClient,
  DescribeBackupJobCommand,
  ListBackupJobsCommand,
  ListRecoveryPointsByBackupVaultCommand,
  StartBackupJobCommand,
} from '@aws-sdk/client-backup';
import { clientOf } from '../support/running-server.ts';
import { until } from '../support/until.ts';
import { protectDirectory, signedIn, writeDocuments } from './support/open-console.ts';

const FURTHER_POINTS = 2;

async function pointsIn(client: BackupClient): Promise<number> {
  const answer = await client.send(new ListRecoveryPointsByBackupVaultCommand({ BackupVaultName: 'Default' }));
  return answer.RecoveryPoints?.length ?? 0;
}

/** Backs the only resource up again. */
async function backUpAgain(client: BackupClient): Promise<void> {
  const { BackupJobs: [job] = [] } = await client.send(new ListBackupJobsCommand({}));
  const { BackupJobId } = await client.send(
    new StartBackupJobCommand({
      BackupVaultName: 'Default',
      ResourceArn: job?.ResourceArn,
      IamRoleArn: job?.IamRoleArn,
    }),
  );
  const isOver = async () => {
    const { State } = await client.send(new DescribeBackupJobCommand({ BackupJobId }));
    return State === 'COMPLETED' ? true : undefined;
  };
  await until(isOver, 'the end of the backup', 900);
}

test('many recovery points are deleted by the server, whether the page stays open or not', async (t) => {
  const console = await signedIn(t);
  if (console === undefined) return;
  const { page, context, server, problems } = console;
  const client = clientOf(server);
  await protectDirectory(console, writeDocuments(server.directory));
  for (let made = 0; made < FURTHER_POINTS; made += 1) await backUpAgain(client);

  await page.goto(`${server.url}/vaults/Default`);
  const rows = page.getByRole('row').filter({ hasText: 'recovery-point' });
  await rows.nth(FURTHER_POINTS).waitFor();
  await page.getByPlaceholder('Search the list').fill('nothing has this name');
  await page.getByText('No matches').waitFor();
  await page.getByPlaceholder('Search the list').fill('DOCUM');
  await rows.nth(FURTHER_POINTS).waitFor();
  await page.getByRole('columnheader', { name: 'Created' }).getByRole('button').first().click();
  await page.getByRole('columnheader', { name: 'Created' }).and(page.locator('[aria-sort="ascending"]')).waitFor();

  await page.getByRole('checkbox', { name: 'Select All' }).check({ force: true });
  await page.getByRole('button', { name: 'Actions' }).click();
  await page.getByRole('menuitem', { name: 'Delete' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByRole('textbox').fill('delete');
  await dialog.getByRole('button', { name: 'Delete recovery points' }).click();
  await page.getByRole('heading', { name: 'Delete recovery points', level: 1 }).waitFor();
  const address = page.url();
  await page.close();
  await until(async () => ((await pointsIn(client)) === 0 ? true : undefined), 'the deletion', 900);

  const later = await context.newPage();
  await later.goto(address);
  await later.getByText(`${FURTHER_POINTS + 1} of ${FURTHER_POINTS + 1} done, 0 failed`).waitFor();
  await later.getByText('Succeeded').first().waitFor();
  assert.deepEqual(problems, []);
});
