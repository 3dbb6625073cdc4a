import type { BackupHandler } from '../../action.ts';
import { invalidRequest } from '../../errors.ts';
import type { ControlPorts } from '../../ports.ts';
import { findVault } from '../find-vault.ts';
import { lockFromRequest } from '../vault-lock-rules.ts';

/** PutBackupVaultLockConfiguration (API2-116 to API2-124): governance without ChangeableForDays, compliance with it. */
export function putBackupVaultLockConfiguration(ports: ControlPorts): BackupHandler<'PutBackupVaultLockConfiguration'> {
  return async (input, context) => {
    const scope = { accountId: context.accountId, region: context.region };
    const vault = await findVault(ports, scope, input.BackupVaultName);
    const now = ports.clock.now();
    const lock = lockFromRequest(
      {
        changeableForDays: input.ChangeableForDays,
        minRetentionDays: input.MinRetentionDays,
        maxRetentionDays: input.MaxRetentionDays,
      },
      now,
    );
    if (vault.type !== 'BACKUP_VAULT' || !(await ports.stores.vaults.setLock(vault.vaultId, lock, now))) {
      throw invalidRequest(`The lock of backup vault "${vault.name}" is immutable and cannot be changed.`, vault.name);
    }
    ports.emit({ kind: 'vault-changed', at: now, scope, vaultName: vault.name, vaultArn: vault.arn, change: 'locked' });
    return {};
  };
}
