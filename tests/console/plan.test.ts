import assert from 'node:assert/strict';
import { test } from 'node:test';
import { GetBackupSelectionCommand, ListBackupPlansCommand, ListBackupSelectionsCommand } from '@aws-sdk/client-backup';
import { clientOf } from '../support/running-server.ts';
import { protectDirectory, signedIn, writeDocuments } from './support/open-console.ts';

test('a plan is made from a template, and its assignment shows what it covers before it is made', async (t) => {
  const console = await signedIn(t);
  if (console === undefined) return;
  const { page, server } = console;
  await protectDirectory(console, writeDocuments(server.directory));
  await page.goto(`${server.url}/plans/create`);
  await page.getByRole('button', { name: /Template/ }).click();
  await page.getByRole('option', { name: 'Daily-Monthly-1yr-Retention' }).click();
  await page.getByRole('cell', { name: 'Monthly' }).first().waitFor();
  await page.getByRole('textbox', { name: 'Backup plan name' }).fill('yearly');
  await page.getByRole('button', { name: 'Create plan and assign resources' }).click();

  await page.getByRole('textbox', { name: 'Resource assignment name' }).fill('blue');
  await page.getByText('What this covers now').waitFor();
  await page.getByRole('cell', { name: 'Matches *' }).waitFor();
  await page.getByRole('button', { name: 'Add tag' }).click();
  await page.getByRole('textbox', { name: 'Key' }).fill('team');
  await page.getByRole('textbox', { name: 'Value' }).fill('blue');
  await page.getByText('Not included (1)').click();
  await page.getByRole('cell', { name: /Condition does not hold/ }).waitFor();
  await page.getByRole('button', { name: 'Assign resources' }).click();
  await page.getByText('The resources were assigned').waitFor();

  const client = clientOf(server);
  const { BackupPlansList = [] } = await client.send(new ListBackupPlansCommand({}));
  const BackupPlanId = BackupPlansList.find(({ BackupPlanName }) => BackupPlanName === 'yearly')?.BackupPlanId;
  const { BackupSelectionsList: [listed] = [] } = await client.send(new ListBackupSelectionsCommand({ BackupPlanId }));
  const SelectionId = listed?.SelectionId;
  const { BackupSelection } = await client.send(new GetBackupSelectionCommand({ BackupPlanId, SelectionId }));
  assert.deepEqual(BackupSelection?.Conditions?.StringEquals, [
    { ConditionKey: 'aws:ResourceTag/team', ConditionValue: 'blue' },
  ]);
});

test('the administrator makes a user, who changes the password at the first sign-in', async (t) => {
  const console = await signedIn(t);
  if (console === undefined) return;
  const { page, server } = console;
  await page.goto(`${server.url}/users`);
  await page.getByText('AWSBackupDefaultServiceRole').first().waitFor();
  await page.getByRole('button', { name: 'Create user' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByRole('textbox', { name: 'User name' }).fill('ada');
  await dialog.getByRole('textbox', { name: /New password/ }).fill('first password');
  await dialog.getByRole('button', { name: 'Create', exact: true }).click();
  await page.getByText('User ada was created').waitFor();

  await page.getByRole('button', { name: /^Account of/ }).click();
  await page.getByRole('menuitem', { name: 'Sign out' }).click();
  await page.getByText('You are signed out').waitFor();
  const signInAgain = async (more: () => Promise<void>): Promise<void> => {
    await page.getByRole('textbox', { name: 'User name' }).fill('ada');
    await page.getByRole('textbox', { name: 'Password', exact: true }).fill('first password');
    await more();
    await page.getByRole('button', { name: 'Sign in', exact: true }).click();
  };
  await signInAgain(async () => {});
  await page.getByText('This password must be changed').waitFor();
  await signInAgain(() => page.getByRole('textbox', { name: /New password/ }).fill('a password of her own'));
  await page.getByRole('button', { name: /^Account of ada/ }).waitFor();
});
