import type { BackupHandler } from '../../action.ts';
import { listPage } from '../../pagination/next-token.ts';
import type { Page, PageRequest } from '../../pagination/page.ts';
import type { ControlPorts } from '../../ports.ts';
import type { Scope } from '../../scope.ts';
import { presentVault } from '../present-vault.ts';
import type { BackupVaultRecord, VaultType } from '../vault-store.ts';

/** ListBackupVaults (API2-65 to API2-68): the caller's own vaults, or with `ByShared` those shared with the caller. */
export function listBackupVaults(ports: ControlPorts): BackupHandler<'ListBackupVaults'> {
  return async (input, context) => {
    const type = input.ByVaultType;
    const { accountId, region } = context;
    const { items, NextToken } = await listPage(input, context, (page) =>
      input.ByShared === true
        ? sharedVaults(ports, { accountId, region }, type, page)
        : ports.stores.vaults.list({ accountId, region, ...(type === undefined ? {} : { type }) }, page),
    );
    return { BackupVaultList: items.map(presentVault), NextToken };
  };
}

async function sharedVaults(
  ports: ControlPorts,
  scope: Scope,
  type: VaultType | undefined,
  page: PageRequest,
): Promise<Page<BackupVaultRecord>> {
  const after = page.afterKey ?? '';
  const ids = (await ports.vaultShares.sharedWith(scope)).filter((id) => id > after).sort();
  const items: BackupVaultRecord[] = [];
  for (const id of ids) {
    if (items.length === page.limit) return { items, nextKey: items.at(-1)?.vaultId ?? '' };
    const vault = await ports.stores.vaults.getById(id);
    if (vault !== undefined && (type === undefined || vault.type === type)) items.push(vault);
  }
  return { items };
}
