import type { BackupHandler } from '../../action.ts';
import { listPage } from '../../pagination/next-token.ts';
import type { ControlPorts } from '../../ports.ts';
import { findVault } from '../../vaults/find-vault.ts';
import { presentProtectedResource } from '../present-protected-resource.ts';

/** ListProtectedResourcesByBackupVault (API2-82, API2-83). */
export function listProtectedResourcesByBackupVault(
  ports: ControlPorts,
): BackupHandler<'ListProtectedResourcesByBackupVault'> {
  return async (input, context) => {
    const vault = await findVault(ports, context, input.BackupVaultName, input.BackupVaultAccountId);
    const { items, NextToken } = await listPage(input, context, (page) =>
      ports.stores.protectedResources.listByVault(vault.vaultId, page),
    );
    return { Results: items.map(presentProtectedResource), NextToken };
  };
}
