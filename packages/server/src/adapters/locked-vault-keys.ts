import { isImmutable, type VaultStore } from '@holdfast/control';

/** Whether a vault under a lock that nobody can end holds recovery points under the key: without it they were lost. */
export async function isKeyOfLockedVault(
  vaults: Pick<VaultStore, 'listAll'>,
  keyArn: string,
  now: number,
): Promise<boolean> {
  let afterKey: string | undefined;
  do {
    const page = await vaults.listAll({ limit: 500, ...(afterKey === undefined ? {} : { afterKey }) });
    const isLocked = page.items.some(
      (vault) => vault.encryptionKeyArn === keyArn && vault.recoveryPointCount > 0 && isImmutable(vault.lock, now),
    );
    if (isLocked) return true;
    afterKey = page.nextKey;
  } while (afterKey !== undefined);
  return false;
}
