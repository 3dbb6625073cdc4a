import type { BackupHandler } from '../../action.ts';
import { invalidRequest } from '../../errors.ts';
import type { ControlPorts } from '../../ports.ts';
import { findVault } from '../find-vault.ts';

/** DeleteBackupVaultLockConfiguration (API-99, API-100): any time before the lock date; without a lock, nothing to do. */
export function deleteBackupVaultLockConfiguration(
  ports: ControlPorts,
): BackupHandler<'DeleteBackupVaultLockConfiguration'> {
  return async (input, context) => {
    const scope = { accountId: context.accountId, region: context.region };
    const vault = await findVault(ports, scope, input.BackupVaultName);
    const now = ports.clock.now();
    if (vault.type !== 'BACKUP_VAULT' || !(await ports.stores.vaults.setLock(vault.vaultId, undefined, now))) {
      throw invalidRequest(`The lock of backup vault "${vault.name}" is immutable and cannot be deleted.`, vault.name);
    }
    if (vault.lock !== undefined) {
      ports.emit({
        kind: 'vault-changed',
        at: now,
        scope,
        vaultName: vault.name,
        vaultArn: vault.arn,
        change: 'unlocked',
      });
    }
    return {};
  };
}
