import { type BackupClient, ListBackupVaultsCommand } from '@aws-sdk/client-backup';
import { CommandError } from './command-error.ts';

/** The account of the credentials in use, read off the ARN of any of its vaults (every account has one). */
export async function currentAccount(client: BackupClient): Promise<string> {
  const { BackupVaultList = [] } = await client.send(new ListBackupVaultsCommand({ MaxResults: 1 }));
  const account = BackupVaultList[0]?.BackupVaultArn?.split(':')[4];
  if (account === undefined)
    throw new CommandError('this account has no backup vault; create one or name the role with --role');
  return account;
}

/** The role that jobs use when none is named. */
export function defaultRoleArn(account: string): string {
  return `arn:aws:iam::${account}:role/service-role/AWSBackupDefaultServiceRole`;
}
