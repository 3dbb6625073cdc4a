/** Uses a console a little, so that there is something to see. */
import {
  type BackupClient,
  ListBackupJobsCommand,
  ListBackupPlansCommand,
  ListRestoreJobsCommand,
} from '@aws-sdk/client-backup';
import { clientOf } from '../support/running-server.ts';
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
  return await readUse(clientOf(server));
}

async function readUse(client: BackupClient): Promise<UsedConsole> {
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
