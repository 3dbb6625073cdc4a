import type { BackupHandler } from '../../action.ts';
import { invalidRequest, resourceNotFound } from '../../errors.ts';
import type { ControlPorts } from '../../ports.ts';
import type { Scope } from '../../scope.ts';
import { findVault } from '../find-vault.ts';
import { isImmutable } from '../vault-lock-rules.ts';
import type { BackupVaultRecord } from '../vault-store.ts';

const DEFAULT_VAULT = 'Default';

/** DeleteBackupVault (API-97, VAULT-53 to VAULT-55): only an empty vault, and never the only one when it is the default. */
export function deleteBackupVault(ports: ControlPorts): BackupHandler<'DeleteBackupVault'> {
  return async (input, context) => {
    const scope = { accountId: context.accountId, region: context.region };
    const vault = await findVault(ports, scope, input.BackupVaultName);
    await refuseProtectedVault(ports, scope, vault);
    const result = await ports.stores.vaults.deleteIfEmpty(scope, vault.name);
    if (result.outcome === 'not-found') throw resourceNotFound(`There is no backup vault "${vault.name}".`, vault.name);
    if (result.outcome === 'not-empty') throw notEmpty(vault, result.recoveryPointCount);
    const at = ports.clock.now();
    ports.emit({ kind: 'vault-changed', at, scope, vaultName: vault.name, vaultArn: vault.arn, change: 'deleted' });
    ports.background.run(`remove the repository of vault ${vault.arn}`, () => ports.repositories.remove(vault));
    return {};
  };
}

async function refuseProtectedVault(ports: ControlPorts, scope: Scope, vault: BackupVaultRecord): Promise<void> {
  if (vault.recoveryPointCount > 0) throw notEmpty(vault, vault.recoveryPointCount);
  if (vault.name.includes('/')) {
    throw invalidRequest(`Backup vault "${vault.name}" belongs to the service and cannot be deleted.`, vault.name);
  }
  if (vault.type === 'BACKUP_VAULT' && isImmutable(vault.lock, ports.clock.now())) {
    throw invalidRequest(
      `Backup vault "${vault.name}" has a compliance lock since its lock date and cannot be deleted.`,
      vault.name,
    );
  }
  if (vault.name !== DEFAULT_VAULT) return;
  const others = await ports.stores.vaults.list(scope, { limit: 2 });
  if (others.items.length < 2) {
    throw invalidRequest(
      'The default backup vault cannot be deleted while it is the only vault of the region.',
      vault.name,
    );
  }
}

function notEmpty(vault: BackupVaultRecord, count: number): Error {
  return invalidRequest(
    `Backup vault cannot be deleted because it contains recovery points. "${vault.name}" holds ${count}; delete them first.`,
    vault.name,
  );
}
