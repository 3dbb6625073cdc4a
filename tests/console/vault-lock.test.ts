import assert from 'node:assert/strict';
import { test } from 'node:test';
import { DescribeBackupVaultCommand } from '@aws-sdk/client-backup';
import { clientOf } from '../support/running-server.ts';
import { signedIn } from './support/open-console.ts';

test('a vault is locked only after its warning was read, the word typed and the box ticked', async (t) => {
  const console = await signedIn(t);
  if (console === undefined) return;
  const { page, server } = console;
  await page.goto(`${server.url}/vaults/create`);
  await page.getByRole('textbox', { name: 'Vault name' }).fill('ledgers');
  await page.getByRole('button', { name: 'Create backup vault' }).click();
  await page.getByRole('heading', { name: 'ledgers', level: 1 }).waitFor();

  await page.goto(`${server.url}/vaults/ledgers/lock`);
  await page.getByRole('radio', { name: /Compliance mode/ }).check({ force: true });
  await page.getByText('This cannot be undone').waitFor();
  await page.getByRole('spinbutton', { name: 'Grace time (days)' }).fill('2');
  await page.getByText('At least 3 days').waitFor();
  const open = page.getByRole('button', { name: 'Create vault lock' });
  assert.equal(await open.isDisabled(), true, 'a grace time below three days is not offered');
  await page.getByRole('spinbutton', { name: 'Grace time (days)' }).fill('3');
  await page.getByRole('spinbutton', { name: /Minimum retention/ }).fill('7');
  await open.click();

  const dialog = page.getByRole('dialog');
  const confirm = dialog.getByRole('button', { name: 'Create vault lock' });
  assert.equal(await confirm.isDisabled(), true);
  await dialog.getByRole('textbox').fill('confirm');
  assert.equal(await confirm.isDisabled(), true, 'the word alone is not enough');
  await dialog.getByRole('checkbox').check({ force: true });
  await confirm.click();
  await page.getByText('Vault ledgers is locked').waitFor();
  const vault = await clientOf(server).send(new DescribeBackupVaultCommand({ BackupVaultName: 'ledgers' }));
  assert.deepEqual([vault.Locked, vault.MinRetentionDays], [true, 7]);

  await page.getByRole('button', { name: 'Delete vault lock' }).click();
  const removal = page.getByRole('dialog');
  assert.equal(await removal.getByRole('button', { name: 'Confirm' }).isDisabled(), true);
  await removal.getByRole('textbox').fill('confirm');
  await removal.getByRole('button', { name: 'Confirm' }).click();
  await page.getByText('The vault lock was deleted').waitFor();
});
