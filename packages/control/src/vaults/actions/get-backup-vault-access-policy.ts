import type { BackupHandler } from '../../action.ts';
import { resourceNotFound } from '../../errors.ts';
import type { ControlPorts } from '../../ports.ts';
import { findVault } from '../find-vault.ts';

/** GetBackupVaultAccessPolicy (API-110, API-111). */
export function getBackupVaultAccessPolicy(ports: ControlPorts): BackupHandler<'GetBackupVaultAccessPolicy'> {
  return async (input, context) => {
    const vault = await findVault(ports, context, input.BackupVaultName);
    if (vault.accessPolicy === undefined) {
      throw resourceNotFound(`Backup vault "${vault.name}" has no access policy.`, vault.name);
    }
    return { BackupVaultName: vault.name, BackupVaultArn: vault.arn, Policy: vault.accessPolicy };
  };
}
