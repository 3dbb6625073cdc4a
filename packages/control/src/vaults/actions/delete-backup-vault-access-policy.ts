import type { BackupHandler } from '../../action.ts';
import type { ControlPorts } from '../../ports.ts';
import { findVault } from '../find-vault.ts';

/** DeleteBackupVaultAccessPolicy (API-98): without a policy there is nothing to do. */
export function deleteBackupVaultAccessPolicy(ports: ControlPorts): BackupHandler<'DeleteBackupVaultAccessPolicy'> {
  return async (input, context) => {
    const scope = { accountId: context.accountId, region: context.region };
    const vault = await findVault(ports, scope, input.BackupVaultName);
    await ports.stores.vaults.setAccessPolicy(vault.vaultId, undefined);
    const at = ports.clock.now();
    ports.emit({ kind: 'vault-changed', at, scope, vaultName: vault.name, vaultArn: vault.arn, change: 'policy' });
    return {};
  };
}
