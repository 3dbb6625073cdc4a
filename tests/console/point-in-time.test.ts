import assert from 'node:assert/strict';
import { chmodSync } from 'node:fs';
import { test } from 'node:test';
import {
  type BackupClient,
  CreateBackupPlanCommand,
  CreateBackupSelectionCommand,
  GetRecoveryPointRestoreMetadataCommand,
  ListRecoveryPointsByBackupVaultCommand,
} from '@aws-sdk/client-backup';
import {
  type PostgresServer,
  postgresBinDirectory,
  requireProgram,
  startPostgres,
  temporaryDirectory,
} from '@holdfast/testkit';
import type { Page } from 'playwright-core';
import { startMovedServer } from '../support/moved-server.ts';
import { psql, stopInstance } from '../support/postgres.ts';
import { until as lookUntil } from '../support/until.ts';
import { moveBrowser } from './support/move-browser.ts';
import { ACCOUNT, openConsoleOf, signIn } from './support/open-console.ts';

const ROLE = `arn:aws:iam::${ACCOUNT}:role/service-role/AWSBackupDefaultServiceRole`;
const ARN = `arn:aws:rds:us-east-1:${ACCOUNT}:db:bank`;
/** The log is kept within seconds, so that the test waits for no more. */
const FAST = { continuous: { lagSeconds: 2, refreshMinutes: 5 } };
const HOUR = 3_600_000;
const DAY = 24 * HOUR;

const until = <T>(look: () => Promise<T | undefined>, what: string): Promise<T> => lookUntil(look, what, 1800);

/** Adds the database by the form that its connector describes. */
async function addDatabase(page: Page, url: string, database: PostgresServer, restorePath: string): Promise<void> {
  await page.goto(`${url}/sources/add`);
  await page
    .getByRole('radio', { name: /^PostgreSQL/ })
    .first()
    .check({ force: true });
  await page.getByRole('textbox', { name: 'Name', exact: true }).fill('bank');
  await page.getByRole('textbox', { name: 'Host', exact: true }).fill('127.0.0.1');
  await page.getByText('More settings').click();
  await page.getByRole('spinbutton', { name: /^Port/ }).fill('1');
  await page.getByRole('textbox', { name: /^Restore path/ }).fill(restorePath);
  await page.getByRole('button', { name: 'Check connection' }).click();
  await page
    .getByText(/This source does not work yet|The check did not work/)
    .first()
    .waitFor();
  await page.getByRole('spinbutton', { name: /^Port/ }).fill(String(database.port));
  await page.getByRole('button', { name: 'Check connection' }).click();
  await page.getByText('This source works').waitFor();
  await page.getByRole('button', { name: 'Add source' }).click();
  await page.getByRole('heading', { name: 'bank', level: 1 }).waitFor();
}

async function planContinuously(client: BackupClient): Promise<void> {
  const rule = {
    RuleName: 'continuous',
    TargetBackupVaultName: 'Default',
    ScheduleExpression: 'cron(0 5 ? * * *)',
    EnableContinuousBackup: true,
    Lifecycle: { DeleteAfterDays: 7 },
  };
  const { BackupPlanId } = await client.send(
    new CreateBackupPlanCommand({ BackupPlan: { BackupPlanName: 'banks', Rules: [rule] } }),
  );
  const BackupSelection = { SelectionName: 'bank', IamRoleArn: ROLE, Resources: [ARN] };
  await client.send(new CreateBackupSelectionCommand({ BackupPlanId, BackupSelection }));
}

async function latestAt(client: BackupClient, RecoveryPointArn: string): Promise<number> {
  const input = { BackupVaultName: 'Default', RecoveryPointArn };
  const { RestoreMetadata = {} } = await client.send(new GetRecoveryPointRestoreMetadataCommand(input));
  return Number(RestoreMetadata['LatestRestorablePitrTimestamp'] ?? 0);
}

/** Lets the page hear of a gap right after a moment: a log that breaks cannot be had within the seconds of a test. */
async function breakLog(page: Page, fromAt: number, lengthMs: number): Promise<void> {
  await page.route(/\/continuous$/, async (route) => {
    const response = await route.fetch();
    const body = (await response.json()) as { Capture: object };
    const Gaps = [{ FromDate: fromAt / 1000, ToDate: (fromAt + lengthMs) / 1000 }];
    await route.fulfill({ response, json: { Capture: { ...body.Capture, Gaps } } });
  });
}

function momentIn(date: string, time: string): number {
  return Date.parse(`${date.replaceAll('/', '-')}T${time}Z`);
}

test('a database is brought back to the second that was chosen on the timeline', async (t) => {
  const program = requireProgram(t, 'psql', [postgresBinDirectory() ?? '']);
  if (program === undefined) return;
  const console = await openConsoleOf(t, () => startMovedServer(t, temporaryDirectory(t), FAST));
  if (console === undefined) return;
  const { page, server } = console;
  const { clock, client } = server;
  const database = await startPostgres({ settings: { wal_level: 'replica' } });
  t.after(() => database.stop());
  await psql(program, database.port, 'create table entries (at timestamptz default now(), word text)');
  const restored = temporaryDirectory(t);
  chmodSync(restored, 0o755);
  await signIn(console);
  await page.getByRole('heading', { name: 'Dashboard' }).waitFor();
  await addDatabase(page, server.url, database, restored);

  await planContinuously(client());
  clock.moveTo(Math.ceil((clock.now() - 5 * HOUR) / DAY) * DAY + 5 * HOUR + 1000);
  const point = await until(async () => {
    const { RecoveryPoints = [] } = await client().send(
      new ListRecoveryPointsByBackupVaultCommand({ BackupVaultName: 'Default' }),
    );
    const arn = RecoveryPoints.find(({ ResourceArn }) => ResourceArn === ARN)?.RecoveryPointArn;
    return arn !== undefined && (await latestAt(client(), arn)) > 0 ? arn : undefined;
  }, 'the first base of the continuous backup');
  const write = (word: string) =>
    psql(program, database.port, `insert into entries (word) values ('${word}') returning extract(epoch from now())`);
  const goodAt = Number(await write('good'));
  // The next second of the database's clock, so that a whole second lies between the two.
  await psql(program, database.port, 'select pg_sleep(2.1)');
  const badAt = Number(await write('bad'));
  await until(async () => ((await latestAt(client(), point)) > badAt * 1000 ? true : undefined), 'the log of both');
  const wanted = new Date(Math.ceil(goodAt) * 1000).toISOString();

  await moveBrowser(page, clock);
  await breakLog(page, Date.parse(wanted), 2000);
  await page.goto(`${server.url}/vaults/Default/recovery-points/${encodeURIComponent(point)}/restore`);
  const userName = page.getByRole('textbox', { name: 'User name' });
  const latest = page.getByRole('radio', { name: 'Latest restorable time' });
  await latest.or(userName).first().waitFor();
  if (await userName.isVisible()) await signIn(console);
  await page.getByRole('button', { name: 'Restore backup' }).click();
  await page.getByText('This is needed.').waitFor();
  await page.getByRole('radio', { name: 'A time that you choose' }).check({ force: true });
  const timeline = page.getByRole('slider', { name: 'Timeline' });
  await timeline.press('Home');
  const [date, time] = ['Date', 'Time'].map((name) => page.getByRole('textbox', { name, exact: true }));
  assert.ok(date !== undefined && time !== undefined);
  assert.ok(
    momentIn(await date.inputValue(), await time.inputValue()) < goodAt * 1000,
    'the keyboard moves the timeline',
  );
  await time.fill('23:59:59');
  await page.getByText('Choose a time within the window above.').waitFor();
  await page.getByText('The log of this backup has gaps').waitFor();
  const inGap = new Date(Date.parse(wanted) + 1000).toISOString();
  await time.fill(inGap.slice(11, 19));
  await date.fill(inGap.slice(0, 10).replaceAll('-', '/'));
  await page.getByText('This moment lies in a gap of the log.').waitFor();
  await date.fill(wanted.slice(0, 10).replaceAll('-', '/'));
  await time.fill(wanted.slice(11, 19));
  assert.equal(Number(await timeline.inputValue()), Date.parse(wanted));
  t.after(() => stopInstance(database, `${restored}/bank-before/data`));
  await page.getByRole('textbox', { name: 'DB instance identifier' }).fill('bank-before');
  await page.getByRole('button', { name: 'Restore backup' }).click();
  await page.getByRole('heading', { name: 'Restore job', level: 1 }).waitFor();
  await page.getByText('Completed').first().waitFor({ timeout: 180_000 });
  const message =
    (await page
      .getByText(/127\.0\.0\.1:\d+|port \d+/)
      .first()
      .textContent()) ?? '';
  const port = /(?:127\.0\.0\.1:|port )(\d+)/.exec(message)?.[1] ?? assert.fail(message);
  assert.equal(await psql(program, port, "select string_agg(word, ',') from entries"), 'good');
});
