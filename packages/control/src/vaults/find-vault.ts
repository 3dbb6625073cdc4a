import { missingParameter, resourceNotFound } from '../errors.ts';
import type { ControlPorts } from '../ports.ts';
import type { Scope } from '../scope.ts';
import type { BackupVaultRecord } from './vault-store.ts';

/**
 * The vault of that name in the caller's account and region, or in another account that shares it with the caller.
 * @throws ServiceError ResourceNotFoundException, MissingParameterValueException
 */
export async function findVault(
  ports: ControlPorts,
  scope: Scope,
  name: string,
  accountId: string = scope.accountId,
): Promise<BackupVaultRecord> {
  if (name === '') throw missingParameter('BackupVaultName');
  const vault = await ports.stores.vaults.get({ accountId, region: scope.region }, name);
  if (vault !== undefined && (await isVisible(ports, scope, vault))) return vault;
  throw resourceNotFound(
    `There is no backup vault "${name}" in account ${accountId} and region ${scope.region}.`,
    name,
  );
}

async function isVisible(ports: ControlPorts, scope: Scope, vault: BackupVaultRecord): Promise<boolean> {
  if (vault.accountId === scope.accountId) return true;
  return (await ports.vaultShares.sharedWith(scope)).includes(vault.vaultId);
}
