/** A real server with its console in a real browser, as its user sees it. */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { TestContext } from 'node:test';
import { requireProgram } from '@holdfast/testkit';
import { type Browser, type BrowserContext, chromium, type Page } from 'playwright-core';
import { type RunningHoldfast, startHoldfast } from '../../support/running-server.ts';

const FLAGS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

export const ADMINISTRATOR = 'administrator';
export const ACCOUNT = '123456789012';
/** The pages are drawn on a machine that others use as well. */
const PATIENCE_MS = 120_000;

/** What a test needs of a server to open its console. */
export type ConsoleServer = Pick<RunningHoldfast, 'url' | 'data' | 'directory'>;

export interface OpenConsole<Server extends ConsoleServer = RunningHoldfast> {
  readonly server: Server;
  readonly context: BrowserContext;
  readonly page: Page;
  /** The administrator's first password. */
  readonly password: string;
  /** Errors of scripts and of the content-security policy, as the browser reported them. */
  readonly problems: readonly string[];
}

/** Starts Chromium, or skips the test with a reason. */
export async function startBrowser(t: TestContext): Promise<Browser | undefined> {
  const executablePath = requireProgram(t, 'chromium');
  if (executablePath === undefined) return undefined;
  return await chromium.launch({ executablePath, args: FLAGS });
}

/** Starts a server of the test's own and opens its console; undefined when there is no browser. */
export function openConsole(t: TestContext): Promise<OpenConsole | undefined> {
  return openConsoleOf(t, () => startHoldfast(t));
}

/** The same for a server that the test starts in its own way. */
export async function openConsoleOf<Server extends ConsoleServer>(
  t: TestContext,
  start: () => Promise<Server>,
): Promise<OpenConsole<Server> | undefined> {
  const browser = await startBrowser(t);
  if (browser === undefined) return undefined;
  const server = await start();
  const context = await browser.newContext({
    viewport: { width: 1280, height: 900 },
    locale: 'en-US',
    timezoneId: 'UTC',
  });
  context.setDefaultTimeout(PATIENCE_MS);
  const page = await context.newPage();
  const problems = watchForProblems(page);
  t.after(async () => {
    await keepLastPicture(t, page);
    await browser.close();
  });
  const password = readFileSync(join(server.data, 'console-password'), 'utf8').trim();
  await page.goto(server.url);
  return { server, context, page, password, problems };
}

/** Signs in through the form, as the administrator unless told otherwise. */
export async function signIn(
  { page, password }: Pick<OpenConsole, 'page' | 'password'>,
  userName = ADMINISTRATOR,
): Promise<void> {
  await page.getByRole('textbox', { name: 'User name' }).fill(userName);
  await page.getByRole('textbox', { name: 'Password', exact: true }).fill(password);
  await page.getByRole('button', { name: 'Sign in', exact: true }).click();
}

/** Signs in and waits for the dashboard. */
export async function signedIn(t: TestContext): Promise<OpenConsole | undefined> {
  const console = await openConsole(t);
  if (console === undefined) return undefined;
  await signIn(console);
  await console.page.getByRole('heading', { name: 'Dashboard' }).waitFor();
  return console;
}

/** A small tree to protect, in the test's own directory. */
export function writeDocuments(directory: string): string {
  const root = join(directory, 'documents');
  mkdirSync(join(root, 'projects', 'alpha'), { recursive: true });
  mkdirSync(join(root, 'photos'));
  writeFileSync(join(root, 'projects', 'plan.txt'), 'the plan\n');
  writeFileSync(join(root, 'projects', 'budget.csv'), 'item,cost\nrope,12\n');
  writeFileSync(join(root, 'projects', 'alpha', 'notes.md'), '# Notes\n');
  writeFileSync(join(root, 'photos', 'harbour.jpg'), Buffer.alloc(300_000, 7));
  writeFileSync(join(root, 'page.html'), '<script>document.title = "owned"</script>');
  return root;
}

/** Goes through the first run by hand: adds the directory, protects it, and waits for the backup to end. */
export async function protectDirectory(
  { page, server }: OpenConsole<ConsoleServer>,
  path: string,
  name = 'documents',
): Promise<void> {
  await page.goto(`${server.url}/get-started`);
  await page.getByRole('radio', { name: /Directory/ }).check({ force: true });
  await page.getByRole('textbox', { name: 'Name', exact: true }).fill(name);
  await page.getByRole('textbox', { name: 'Path', exact: true }).fill(path);
  await page.getByRole('button', { name: 'Check connection' }).click();
  await page.getByText('This source works').waitFor();
  await page.getByRole('button', { name: 'Next', exact: true }).click();
  await page.getByRole('cell', { name, exact: true }).first().waitFor();
  await page.getByRole('button', { name: 'Next', exact: true }).click();
  await page.getByRole('button', { name: 'Protect', exact: true }).click();
  await page.getByRole('link', { name: 'Open the recovery point' }).waitFor();
}

/** What the browser shows at the end of a test, for whoever wants to know why it failed. */
async function keepLastPicture(t: TestContext, page: Page): Promise<void> {
  const directory = process.env.HOLDFAST_TEST_PICTURES;
  if (directory === undefined || page.isClosed()) return;
  await page.screenshot({ path: join(directory, `${t.name.replace(/\W+/g, '-').slice(0, 80)}.png`) });
}

function watchForProblems(page: Page): readonly string[] {
  const problems: string[] = [];
  page.on('pageerror', (error) => problems.push(error.message));
  page.on('console', (message) => {
    // A refused request is no defect of the page; a script that breaks or breaks the policy is.
    const isRequest = /Failed to load resource/.test(message.text());
    if (message.type() === 'error' && !isRequest) problems.push(message.text());
  });
  return problems;
}
