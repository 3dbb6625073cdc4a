import { type BackupClient, DescribeRecoveryPointCommand, ListBackupVaultsCommand } from '@aws-sdk/client-backup';
import { CommandError } from './command-error.ts';

export interface FoundRecoveryPoint {
  readonly vault: string;
  readonly resourceType: string;
}

/**
 * Finds the vault that holds a recovery point, since its ARN does not say.
 * @throws CommandError when no vault of the account and region has it
 */
export async function findRecoveryPoint(client: BackupClient, recoveryPointArn: string): Promise<FoundRecoveryPoint> {
  let nextToken: string | undefined;
  do {
    const page = await client.send(
      new ListBackupVaultsCommand({ ...(nextToken === undefined ? {} : { NextToken: nextToken }) }),
    );
    for (const { BackupVaultName: vault = '' } of page.BackupVaultList ?? []) {
      const resourceType = await resourceTypeIn(client, vault, recoveryPointArn);
      if (resourceType !== undefined) return { vault, resourceType };
    }
    nextToken = page.NextToken;
  } while (nextToken !== undefined);
  throw new CommandError(`no vault of this account and region holds ${recoveryPointArn}`);
}

async function resourceTypeIn(client: BackupClient, vault: string, arn: string): Promise<string | undefined> {
  try {
    const point = await client.send(
      new DescribeRecoveryPointCommand({ BackupVaultName: vault, RecoveryPointArn: arn }),
    );
    return point.ResourceType;
  } catch (error) {
    if ((error as Error).name === 'ResourceNotFoundException') return undefined;
    throw error;
  }
}
