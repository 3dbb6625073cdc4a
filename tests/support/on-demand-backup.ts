import { randomUUID } from 'node:crypto';
import {
  type BackupClient,
  DescribeBackupJobCommand,
  type DescribeBackupJobCommandOutput,
  StartBackupJobCommand,
} from '@aws-sdk/client-backup';
import { SERVICE_ROLE, until } from './continuous-protection.ts';

/** Starts a backup job into the vault `Default`. @returns its identifier */
export async function startBackup(client: () => BackupClient, ResourceArn: string): Promise<string> {
  const { BackupJobId = '' } = await client().send(
    new StartBackupJobCommand({
      BackupVaultName: 'Default',
      ResourceArn,
      IamRoleArn: SERVICE_ROLE,
      IdempotencyToken: randomUUID(),
    }),
  );
  return BackupJobId;
}

/** Waits for the end of a backup job, whatever that is. */
export function endOfBackup(client: () => BackupClient, BackupJobId: string): Promise<DescribeBackupJobCommandOutput> {
  return until(async () => {
    const job = await client().send(new DescribeBackupJobCommand({ BackupJobId }));
    return job.CompletionDate === undefined ? undefined : job;
  }, 'the end of the backup');
}

/** A backup job from its beginning to its end. */
export async function backUp(client: () => BackupClient, resourceArn: string): Promise<DescribeBackupJobCommandOutput> {
  return endOfBackup(client, await startBackup(client, resourceArn));
}
