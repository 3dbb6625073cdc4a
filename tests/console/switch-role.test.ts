import assert from 'node:assert/strict';
import { test } from 'node:test';
import { AttachRolePolicyCommand, CreateRoleCommand, IAMClient } from '@aws-sdk/client-iam';
import { CreateAccountCommand, CreateOrganizationCommand, OrganizationsClient } from '@aws-sdk/client-organizations';
import { AssumeRoleCommand, STSClient } from '@aws-sdk/client-sts';
import { signedRequest } from '@holdfast/wire/testing';
import type { Page } from 'playwright-core';
import { profileCredentials, type RunningHoldfast } from '../support/running-server.ts';
import { ACCOUNT, signedIn } from './support/open-console.ts';
import { useConsole } from './use-console.ts';

test('acting with a role shows what the role may see, survives a reload, and ends with the way back', async (t) => {
  const console = await signedIn(t);
  if (console === undefined) return;
  const { page, server } = console;
  const iam = new IAMClient(clientConfig(server));
  const AssumeRolePolicyDocument = JSON.stringify({
    Version: '2012-10-17',
    Statement: [{ Effect: 'Allow', Principal: { AWS: ACCOUNT }, Action: 'sts:AssumeRole' }],
  });
  await iam.send(new CreateRoleCommand({ RoleName: 'auditor', AssumeRolePolicyDocument }));
  const PolicyArn = 'arn:aws:iam::aws:policy/AWSBackupFullAccess';
  await iam.send(new AttachRolePolicyCommand({ RoleName: 'auditor', PolicyArn }));

  await switchTo(page, ACCOUNT, 'nobody');
  await page.getByText('The role cannot be used').waitFor();
  await page.getByRole('dialog').getByRole('button', { name: 'Cancel' }).click();

  await switchTo(page, ACCOUNT, 'auditor');
  await page.getByRole('button', { name: `Account of auditor @ ${ACCOUNT}` }).waitFor();
  await page.goto(`${server.url}/vaults`);
  await page.getByRole('button', { name: `Account of auditor @ ${ACCOUNT}` }).waitFor();
  await page.getByRole('link', { name: 'Default' }).waitFor();
  await page.goto(`${server.url}/users`);
  await page.getByText('You are not allowed to do this').first().waitFor();
  const kept = await page.evaluate<string>('JSON.stringify([{ ...localStorage }, { ...sessionStorage }])');
  assert.doesNotMatch(kept, /ASIA|AKIA/, 'credentials of a role are kept nowhere');

  await openMenu(page);
  await page.getByRole('menuitem', { name: 'Back to administrator' }).click();
  await page.getByRole('button', { name: `Account of administrator @ ${ACCOUNT}` }).waitFor();
  await page.goto(`${server.url}/users`);
  await page.getByText('AWSBackupDefaultServiceRole').first().waitFor();
});

test('in another account nothing of this one is to be seen, whatever the address says', async (t) => {
  const console = await signedIn(t);
  if (console === undefined) return;
  const { page, server } = console;
  const used = await useConsole(console);
  const account = await memberAccount(server);
  await refusesAdminRequests(server, account, used.recoveryPointArn);

  await switchTo(page, account, 'OrganizationAccountAccessRole');
  await page.getByRole('button', { name: `Account of OrganizationAccountAccessRole @ ${account}` }).waitFor();
  const point = `/vaults/Default/recovery-points/${encodeURIComponent(used.recoveryPointArn)}`;
  const nothing = /There is no|does not exist|cannot (be )?find|cannot be found|was not found/i;
  for (const address of [
    point,
    `${point}/browse`,
    `/jobs/backup/${used.backupJobId}`,
    `/jobs/restore/${used.restoreJobId}`,
    `/plans/${used.planId}`,
    `/sources/${used.source}`,
    `/protected-resources/${encodeURIComponent(used.resourceArn)}`,
  ]) {
    await page.goto(server.url + address);
    await page.getByText(nothing).first().waitFor();
    assert.equal(await page.getByText('plan.txt').count(), 0, address);
  }
  for (const [address, empty] of [
    ['/jobs/backup', 'No jobs'],
    ['/activity', 'Nothing happened yet'],
    ['/protected-resources', 'Nothing is protected'],
    ['/bulk-operations', 'No bulk operations'],
  ] as const) {
    await page.goto(server.url + address);
    await page.getByText(empty).first().waitFor();
  }
});

/** Whoever may do anything in another account learns nothing of a recovery point by its ARN. */
async function refusesAdminRequests(server: RunningHoldfast, account: string, arn: string): Promise<void> {
  const RoleArn = `arn:aws:iam::${account}:role/OrganizationAccountAccessRole`;
  const sts = new STSClient(clientConfig(server));
  const { Credentials } = await sts.send(new AssumeRoleCommand({ RoleArn, RoleSessionName: 'curious' }));
  const credentials = {
    accessKeyId: Credentials?.AccessKeyId ?? '',
    secretAccessKey: Credentials?.SecretAccessKey ?? '',
    sessionToken: Credentials?.SessionToken ?? '',
  };
  for (const [what, query] of [
    ['items', {}],
    ['item-search', { text: 'plan' }],
    ['content', { path: 'page.html' }],
    ['archive', {}],
    ['continuous', {}],
  ] as const) {
    const path = `/recovery-points/${encodeURIComponent(arn)}/${what}`;
    const answer = await fetch(
      await signedRequest({ endpoint: server.url, path, query, service: 'holdfast', credentials }),
    );
    const text = await answer.text();
    assert.match(answer.headers.get('x-amzn-errortype') ?? '', /^ResourceNotFoundException/, `${what}: ${text}`);
    assert.doesNotMatch(text, /plan\.txt|owned/);
  }
}

async function memberAccount(server: RunningHoldfast): Promise<string> {
  const organizations = new OrganizationsClient(clientConfig(server));
  await organizations.send(new CreateOrganizationCommand({ FeatureSet: 'ALL' }));
  const { CreateAccountStatus } = await organizations.send(
    new CreateAccountCommand({ AccountName: 'elsewhere', Email: 'elsewhere@test.invalid' }),
  );
  return CreateAccountStatus?.AccountId ?? assert.fail('no account was made');
}

function clientConfig(server: RunningHoldfast) {
  const credentials = profileCredentials(server.data);
  return { endpoint: server.url, region: 'us-east-1', credentials, maxAttempts: 1 };
}

const openMenu = (page: Page): Promise<void> => page.getByRole('button', { name: /^Account of/ }).click();

async function switchTo(page: Page, account: string, role: string): Promise<void> {
  await openMenu(page);
  await page.getByRole('menuitem', { name: 'Switch role', exact: true }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByRole('textbox', { name: 'Account ID' }).fill(account);
  await dialog.getByRole('textbox', { name: 'IAM role' }).fill(role);
  await dialog.getByRole('button', { name: 'Switch role' }).click();
}
