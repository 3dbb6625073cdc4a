import assert from 'node:assert/strict';
import { test } from 'node:test';
import { AxeBuilder } from '@axe-core/playwright';
import { allScreens, openScreen } from './screens.ts';
import { signedIn } from './support/open-console.ts';
import { useConsole } from './use-console.ts';

test('no screen has a serious violation that axe knows, and none breaks', async (t) => {
  const console = await signedIn(t);
  if (console === undefined) return;
  const { page, server, problems } = console;
  const found: string[] = [];
  for (const screen of allScreens(await useConsole(console))) {
    await openScreen(page, server.url, screen);
    const { violations } = await new AxeBuilder({ page }).analyze();
    for (const { id, impact, nodes } of violations) {
      if (impact === 'serious' || impact === 'critical') {
        found.push(`${screen.name}: ${id} at ${nodes.map(({ target }) => target.join(' ')).join('; ')}`);
      }
    }
  }
  assert.deepEqual(found, []);
  assert.deepEqual(problems, []);
});
