import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { type TestContext, test } from 'node:test';
import { freePort, temporaryDirectory } from '@holdfast/testkit';
import type { Page } from 'playwright-core';
import { startHoldfast } from '../support/running-server.ts';
import { openConsoleOf } from './support/open-console.ts';

/** Starts the provider's process; the answer is its issuer. */
async function startProvider(t: TestContext, redirectUri: string): Promise<string> {
  const program = join(import.meta.dirname, 'support', 'open-id-provider.ts');
  const child = spawn(process.execPath, ['--disable-warning=ExperimentalWarning', program, redirectUri], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  t.after(async () => {
    child.kill();
    await ended;
  });
  for await (const line of createInterface({ input: child.stdout })) {
    const issuer = /^issuer (\S+)$/.exec(line)?.[1];
    if (issuer !== undefined) return issuer;
  }
  throw new Error('the provider ended before it listened');
}

async function openWithProvider(t: TestContext) {
  return await openConsoleOf(t, async () => {
    const port = await freePort();
    const publicUrl = `http://127.0.0.1:${port}`;
    const issuer = await startProvider(t, `${publicUrl}/console/open-id/callback`);
    const directory = temporaryDirectory(t, 'holdfast-open-id-');
    const openId = {
      label: 'Harbour sign-on',
      issuer,
      clientId: 'holdfast-console',
      publicUrl,
      scope: 'openid profile',
    };
    // JSON is YAML.
    writeFileSync(join(directory, 'holdfast.yaml'), JSON.stringify({ openId }));
    return await startHoldfast(t, { directory, port });
  });
}

async function signInAtProvider(page: Page, name: string): Promise<void> {
  await page
    .getByRole('link', { name: 'Harbour sign-on' })
    .or(page.getByRole('button', { name: 'Harbour sign-on' }))
    .click();
  await page.locator('input[name=login]').fill(name);
  await page.locator('input[name=password]').fill('any');
  await page.locator('button[type=submit]').click();
  // The provider asks whether its user agrees to be known to the console.
  await page.locator('input[name=prompt][value=consent]').waitFor({ state: 'attached' });
  await page.locator('button[type=submit]').click();
}

test('whoever a provider vouches for signs in when the account has such a user, and nobody else does', async (t) => {
  const console = await openWithProvider(t);
  if (console === undefined) return;
  const { page, server, context, problems } = console;
  await signInAtProvider(page, 'administrator');
  await page.getByRole('heading', { name: 'Dashboard' }).waitFor();
  await page.getByRole('button', { name: /^Account of administrator/ }).waitFor();
  assert.deepEqual(problems, []);

  const browser = context.browser() ?? assert.fail('there is a browser');
  const stranger = await (await browser.newContext({ locale: 'en-US' })).newPage();
  await stranger.goto(server.url);
  await signInAtProvider(stranger, 'stranger');
  await stranger
    .getByText(/provider|sign-on/i)
    .first()
    .waitFor();
  assert.equal(new URL(stranger.url()).searchParams.get('failure'), 'ProviderRefused');
  await stranger.getByRole('textbox', { name: 'User name' }).waitFor();

  // An answer of the provider that nobody asked for is worth nothing.
  await stranger.goto(`${server.url}/console/open-id/callback?code=stolen&state=made-up`);
  assert.equal(new URL(stranger.url()).searchParams.get('failure'), 'ProviderRefused');
});
