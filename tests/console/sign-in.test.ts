import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { ACCOUNT, openConsole, signIn } from './support/open-console.ts';

test('a wrong password is refused, and after some of them everybody has to wait', async (t) => {
  const console = await openConsole(t);
  if (console === undefined) return;
  const { page } = console;
  await signIn({ page, password: 'not the password' });
  await page.getByText('These credentials are not right').waitFor();
  await signIn({ page, password: console.password }, 'nobody');
  await page.getByText('These credentials are not right').waitFor();
  for (let attempt = 0; attempt < 4; attempt += 1) {
    const answered = page.waitForResponse((response) => response.url().endsWith('/console/sign-in'));
    await signIn({ page, password: 'not the password' });
    await answered;
  }
  await signIn(console);
  await page.getByText(/Too many failed attempts/).waitFor();
});

test('an access key signs in, a deep link leads where it points, and nothing secret is kept in the browser', async (t) => {
  const console = await openConsole(t);
  if (console === undefined) return;
  const { page, server } = console;
  const file = readFileSync(join(server.data, 'aws', 'credentials'), 'utf8');
  const secret = /aws_secret_access_key = (\S+)/.exec(file)?.[1] ?? '';
  await page.goto(`${server.url}/vaults/Default?tab=lock`);
  await page.getByText('Access key', { exact: true }).first().click();
  await page.getByRole('textbox', { name: 'Access key ID' }).fill(/aws_access_key_id = (\S+)/.exec(file)?.[1] ?? '');
  await page.getByRole('textbox', { name: 'Secret access key' }).fill(secret);
  await page.getByRole('button', { name: 'Sign in', exact: true }).click();
  await page.getByRole('link', { name: 'Create vault lock' }).waitFor();
  const kept = await page.evaluate<string>(
    'JSON.stringify([{ ...localStorage }, { ...sessionStorage }, document.cookie])',
  );
  assert.doesNotMatch(kept, /ASIA|AKIA/);
  assert.ok(!kept.includes(secret) && !kept.includes('holdfast-session'), kept);
});

test('a session that has ended leads to the sign-in page, and back to where its user was', async (t) => {
  const console = await openConsole(t);
  if (console === undefined) return;
  const { page, context, server } = console;
  await page.clock.install();
  await page.goto(server.url);
  await signIn(console);
  await page.getByRole('heading', { name: 'Dashboard' }).waitFor();
  await page.getByRole('link', { name: 'Backup vaults' }).first().click();
  await page.getByRole('link', { name: 'Default' }).waitFor();
  const headers = { 'x-holdfast-console': '1', 'content-type': 'application/json' };
  await context.request.post(`${server.url}/console/sign-out`, { headers, data: {} });
  // The page's own credentials live for some minutes more; then it asks for new ones.
  await page.clock.fastForward('14:00');
  await page.getByRole('button', { name: 'Refresh' }).click();
  await page.getByText('Your session has expired').waitFor();
  await signIn(console);
  await page.getByRole('heading', { name: 'Backup vaults', level: 1 }).waitFor();
});

test('the keyboard alone signs in, opens the menu of pages and starts a plan', async (t) => {
  const console = await openConsole(t);
  if (console === undefined) return;
  const { page, password } = console;
  await page.getByRole('textbox', { name: 'Account ID or alias' }).focus();
  assert.equal(await page.getByRole('textbox', { name: 'Account ID or alias' }).inputValue(), ACCOUNT);
  await page.keyboard.press('Tab');
  await page.keyboard.type('administrator');
  await page.keyboard.press('Tab');
  await page.keyboard.type(password);
  await page.keyboard.press('Enter');
  await page.getByRole('heading', { name: 'Dashboard' }).waitFor();
  const focused = (): Promise<string> => page.evaluate<string>('document.activeElement?.textContent ?? ""');
  for (let presses = 0; presses < 40 && (await focused()) !== 'Backup plans'; presses += 1) {
    await page.keyboard.press('Tab');
  }
  await page.keyboard.press('Enter');
  await page.getByRole('heading', { name: 'Backup plans', level: 1 }).waitFor();
});
