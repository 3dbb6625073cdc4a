import { BackupVaultEvent } from '@aws-sdk/client-backup';
import type { BackupHandler } from '../../action.ts';
import { invalidParameter } from '../../errors.ts';
import type { ControlPorts } from '../../ports.ts';
import { findVault } from '../find-vault.ts';

const EVENTS: ReadonlySet<string> = new Set(Object.values(BackupVaultEvent));

/** PutBackupVaultNotifications (API2-125 to API2-128): every event of the enumeration is kept, deprecated ones too. */
export function putBackupVaultNotifications(ports: ControlPorts): BackupHandler<'PutBackupVaultNotifications'> {
  return async (input, context) => {
    const scope = { accountId: context.accountId, region: context.region };
    const vault = await findVault(ports, scope, input.BackupVaultName);
    checkTopic(input.SNSTopicArn);
    const events = [...new Set(input.BackupVaultEvents)];
    if (events.length === 0)
      throw invalidParameter('BackupVaultEvents must name at least one event.', 'BackupVaultEvents');
    const unknown = events.find((event) => !EVENTS.has(event));
    if (unknown !== undefined)
      throw invalidParameter(`"${unknown}" is not an event of backup vaults.`, 'BackupVaultEvents');
    await ports.stores.vaults.setNotifications(vault.vaultId, { topicArn: input.SNSTopicArn, events });
    const at = ports.clock.now();
    ports.emit({
      kind: 'vault-changed',
      at,
      scope,
      vaultName: vault.name,
      vaultArn: vault.arn,
      change: 'notifications',
    });
    return {};
  };
}

function checkTopic(topicArn: string): void {
  if (/^arn:aws[a-z-]*:sns:[a-z0-9-]+:[0-9]{12}:[A-Za-z0-9_.-]{1,256}$/.test(topicArn)) return;
  throw invalidParameter(`SNSTopicArn must be the ARN of a topic, not "${topicArn}".`, 'SNSTopicArn');
}
