import type { BackupHandler } from '../../action.ts';
import type { ControlPorts } from '../../ports.ts';
import { findVault } from '../find-vault.ts';
import { presentVault } from '../present-vault.ts';

/** DescribeBackupVault (API-102 to API-109): vaults of every type. */
export function describeBackupVault(ports: ControlPorts): BackupHandler<'DescribeBackupVault'> {
  return async (input, context) =>
    presentVault(await findVault(ports, context, input.BackupVaultName, input.BackupVaultAccountId));
}
