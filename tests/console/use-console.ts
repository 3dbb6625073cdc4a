/** Uses a console a little, so that there is something to see. */
import {
  type BackupClient,
  ListBackupJobsCommand,
  ListBackupPlansCommand,
  ListRestoreJobsCommand,
} from '@aws-sdk/client-backup';
import { clientOf, holdfast, type RunningHoldfast } from '../support/running-server.ts';
import type { UsedConsole } from './screens.ts';
import { type OpenConsole, protectDirectory, writeDocuments } from './support/open-console.ts';

/** Protects a directory by the first run, and restores one of its files. */
export async function useConsole(console: OpenConsole): Promise<UsedConsole> {
  const { page, server } = console;
  await protectDirectory(console, writeDocuments(server.directory));
  await page.getByRole('link', { name: 'Open the recovery point' }).click();
  await page.getByRole('link', { name: 'Restore', exact: true }).click();
  await page.getByRole('button', { name: 'Restore backup' }).click();
  await page.getByText('The files are in').waitFor();
  const used = await readUse(clientOf(server));
  return { ...used, bulkOperationId: await tagInBulk(server, used.recoveryPointArn) };
}

async function tagInBulk(server: RunningHoldfast, recoveryPointArn: string): Promise<string> {
  const what = ['bulk', 'start', 'TagResource', recoveryPointArn, '--vault', 'Default', '--tag', 'reviewed=yes'];
  const { stdout, stderr } = await holdfast(server, [...what, '--wait', '--json']);
  if (stdout === '') throw new Error(stderr);
  return (JSON.parse(stdout) as { id: string }).id;
}

async function readUse(client: BackupClient): Promise<Omit<UsedConsole, 'bulkOperationId'>> {
  const { BackupJobs: [backup] = [] } = await client.send(new ListBackupJobsCommand({}));
  const { RestoreJobs: [restore] = [] } = await client.send(new ListRestoreJobsCommand({}));
  const { BackupPlansList: [plan] = [] } = await client.send(new ListBackupPlansCommand({}));
  return {
    vault: 'Default',
    source: 'documents',
    recoveryPointArn: backup?.RecoveryPointArn ?? '',
    resourceArn: backup?.ResourceArn ?? '',
    backupJobId: backup?.BackupJobId ?? '',
    restoreJobId: restore?.RestoreJobId ?? '',
    planId: plan?.BackupPlanId ?? '',
  };
}
