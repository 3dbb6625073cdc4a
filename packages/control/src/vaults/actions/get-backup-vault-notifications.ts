import type { BackupVaultEvent } from '@aws-sdk/client-backup';
import type { BackupHandler } from '../../action.ts';
import { resourceNotFound } from '../../errors.ts';
import type { ControlPorts } from '../../ports.ts';
import { findVault } from '../find-vault.ts';

/** GetBackupVaultNotifications (API-112 to API-114). */
export function getBackupVaultNotifications(ports: ControlPorts): BackupHandler<'GetBackupVaultNotifications'> {
  return async (input, context) => {
    const vault = await findVault(ports, context, input.BackupVaultName);
    if (vault.notifications === undefined) {
      throw resourceNotFound(`Backup vault "${vault.name}" has no notification configuration.`, vault.name);
    }
    return {
      BackupVaultName: vault.name,
      BackupVaultArn: vault.arn,
      SNSTopicArn: vault.notifications.topicArn,
      BackupVaultEvents: vault.notifications.events.map((event) => event as BackupVaultEvent),
    };
  };
}
