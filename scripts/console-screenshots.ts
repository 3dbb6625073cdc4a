/**
 * Makes the pictures of the console in docs/images from a real server in a real browser.
 *
 *   node scripts/run.mjs scripts/console-screenshots.ts              the pictures of the README
 *   node scripts/run.mjs scripts/console-screenshots.ts --all DIR [--japanese] [--look wide-light]    every screen, wide and narrow, light and dark
 */
import { mkdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { type TestContext, test } from 'node:test';
import type { Page } from 'playwright-core';
import { allScreens, openScreen, type Screen } from '../tests/console/screens.ts';
import { signedIn } from '../tests/console/support/open-console.ts';
import { useConsole } from '../tests/console/use-console.ts';

const README_SCREENS = new Set(['dashboard', 'browse', 'restore', 'create-plan', 'assign']);
const WIDE = { width: 1280, height: 900 };
const NARROW = { width: 390, height: 844 };
const LOOKS = [
  { name: 'wide-light', viewport: WIDE, theme: 'light' },
  { name: 'wide-dark', viewport: WIDE, theme: 'dark' },
  { name: 'narrow-light', viewport: NARROW, theme: 'light' },
  { name: 'narrow-dark', viewport: NARROW, theme: 'dark' },
] as const;

const all = process.argv.indexOf('--all');
const look = process.argv.indexOf('--look');
const isJapanese = process.argv.includes('--japanese');
const directory = all < 0 ? resolve('docs', 'images') : resolve(process.argv[all + 1] ?? 'screenshots');

test('screenshots of the console', async (t: TestContext) => {
  mkdirSync(directory, { recursive: true });
  const console = await signedIn(t);
  if (console === undefined) return;
  const { page, server } = console;
  const used = await useConsole(console);
  // The titles of the screens are English; in Japanese any title will do.
  const screens = allScreens(used).map((screen) => (isJapanese ? { ...screen, title: /./ } : screen));
  if (all < 0) {
    await setPreference(page, 'theme', 'light');
    for (const screen of screens.filter(({ name }) => README_SCREENS.has(name))) {
      await shoot(page, server.url, screen, WIDE, `console-${screen.name}`);
    }
    return;
  }
  if (isJapanese) await setPreference(page, 'language', 'ja');
  const looks = look < 0 ? LOOKS : LOOKS.filter(({ name }) => name === process.argv[look + 1]);
  for (const { name, viewport, theme } of looks) {
    await setPreference(page, 'theme', theme);
    for (const screen of screens) await shoot(page, server.url, screen, viewport, `${screen.name}-${name}`);
  }
});

async function setPreference(page: Page, name: string, value: string): Promise<void> {
  await page.evaluate(
    `localStorage.setItem(${JSON.stringify(`holdfast:${name}`)}, ${JSON.stringify(JSON.stringify(value))})`,
  );
}

async function shoot(
  page: Page,
  base: string,
  screen: Screen,
  viewport: { readonly width: number; readonly height: number },
  name: string,
): Promise<void> {
  await page.setViewportSize(viewport);
  await openScreen(page, base, screen);
  const isWhole = all >= 0;
  if (isWhole) await showWhole(page, viewport);
  await page.screenshot({ path: join(directory, `${name}.png`), animations: 'disabled' });
}

/** Makes the window as high as the page, so that the picture shows all of it. */
async function showWhole(page: Page, viewport: { readonly width: number; readonly height: number }): Promise<void> {
  const height = await page.evaluate<number>('document.documentElement.scrollHeight');
  await page.setViewportSize({ width: viewport.width, height: Math.min(3000, Math.max(viewport.height, height)) });
  await page.waitForTimeout(300);
}
