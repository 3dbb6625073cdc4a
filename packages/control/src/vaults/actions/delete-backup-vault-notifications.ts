import type { BackupHandler } from '../../action.ts';
import type { ControlPorts } from '../../ports.ts';
import { findVault } from '../find-vault.ts';

/** DeleteBackupVaultNotifications (API-101): without a configuration there is nothing to do. */
export function deleteBackupVaultNotifications(ports: ControlPorts): BackupHandler<'DeleteBackupVaultNotifications'> {
  return async (input, context) => {
    const scope = { accountId: context.accountId, region: context.region };
    const vault = await findVault(ports, scope, input.BackupVaultName);
    await ports.stores.vaults.setNotifications(vault.vaultId, undefined);
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
