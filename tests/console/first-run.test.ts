import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { protectDirectory, signedIn, writeDocuments } from './support/open-console.ts';

test('a new user gets from an empty installation to a restored file', async (t) => {
  const console = await signedIn(t);
  if (console === undefined) return;
  const { page, server, problems } = console;
  await page.getByText('Nothing is protected yet').waitFor();
  await page.getByRole('link', { name: 'Get started' }).click();
  await page.getByRole('heading', { name: 'Add a source' }).waitFor();

  await page.getByRole('radio', { name: /Directory/ }).check({ force: true });
  await page.getByRole('textbox', { name: 'Path', exact: true }).fill(join(server.directory, 'missing'));
  await page.getByRole('button', { name: 'Check connection' }).click();
  await page.getByText('This source does not work yet').waitFor();
  assert.match(
    (await page.getByText(/Create or mount it/).textContent()) ?? '',
    /missing/,
    'a failure says what to do',
  );

  await protectDirectory(console, writeDocuments(server.directory));
  await page.getByRole('link', { name: 'Open the recovery point' }).click();
  await page.getByRole('link', { name: 'Browse', exact: true }).click();

  const [download] = await Promise.all([
    page.waitForEvent('download'),
    page.getByRole('button', { name: 'Download page.html' }).click(),
  ]);
  assert.match(readFileSync(await download.path(), 'utf8'), /owned/);
  assert.doesNotMatch(await page.title(), /owned/, 'what is in a backup never runs in the console');

  const search = page.getByRole('searchbox', { name: 'Search names in this folder and all below it' });
  await search.fill('NOTES');
  await page.getByRole('row').filter({ hasText: 'notes.md' }).getByRole('link', { name: '/projects/alpha' }).click();
  await page.getByRole('heading', { name: /^alpha/ }).waitFor();
  await page.getByRole('button', { name: 'Download notes.md' }).waitFor();
  assert.equal(await search.inputValue(), '', 'another folder begins without a search');
  await page
    .getByRole('button', { name: 'Root' })
    .or(page.getByRole('link', { name: 'Root' }))
    .first()
    .click();
  await page.getByRole('button', { name: 'Download page.html' }).waitFor();
  await search.fill('*.txt');
  const row = page.getByRole('row').filter({ hasText: 'plan.txt' });
  await row.getByRole('checkbox').check({ force: true });
  assert.equal(await page.getByRole('row').count(), 2, 'the header and what was found');
  await page.getByRole('button', { name: 'Restore selected' }).click();
  assert.equal(await page.getByRole('textbox', { name: 'Item path' }).inputValue(), '/projects/plan.txt');
  await page.getByRole('button', { name: 'Restore backup' }).click();
  const restored =
    (await page
      .getByText(/Restored into .*\.$/)
      .first()
      .textContent()) ?? '';
  const directory = /Restored into (.*)\.$/.exec(restored)?.[1] ?? assert.fail(restored);
  assert.equal(readFileSync(join(directory, 'projects', 'plan.txt'), 'utf8'), 'the plan\n');
  assert.deepEqual(problems, []);
});
