import type { BackupHandler } from '../../action.ts';
import { missingParameter } from '../../errors.ts';
import type { ControlPorts } from '../../ports.ts';
import { checkAccessPolicy } from '../check-access-policy.ts';
import { findVault } from '../find-vault.ts';

/** PutBackupVaultAccessPolicy (API2-114, API2-115): replaces the policy; the text is kept as it came. */
export function putBackupVaultAccessPolicy(ports: ControlPorts): BackupHandler<'PutBackupVaultAccessPolicy'> {
  return async (input, context) => {
    const scope = { accountId: context.accountId, region: context.region };
    const vault = await findVault(ports, scope, input.BackupVaultName);
    if (input.Policy === undefined || input.Policy === '') throw missingParameter('Policy');
    await checkAccessPolicy(input.Policy, ports.roles);
    await ports.stores.vaults.setAccessPolicy(vault.vaultId, input.Policy);
    const at = ports.clock.now();
    ports.emit({ kind: 'vault-changed', at, scope, vaultName: vault.name, vaultArn: vault.arn, change: 'policy' });
    return {};
  };
}
