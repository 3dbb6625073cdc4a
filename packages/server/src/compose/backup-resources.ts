import type { ControlStores } from '@holdfast/control';
import { type BackupResources, parseArn } from '@holdfast/neighbours';

/** What policies need to know of the backup service's own things. */
export function backupResources(stores: ControlStores): BackupResources {
  return {
    vaultPolicy: async (scope, vaultName) => (await stores.vaults.get(scope, vaultName))?.accessPolicy,
    vaultOfRecoveryPoint: async ({ accountId }, arn) =>
      (await stores.recoveryPoints.getByArn(accountId, arn))?.vaultName,
    tags: (arn) => allTags(stores, arn),
    // Frameworks, report plans and restore testing plans have no operations yet, so nothing is found by their names.
    arnByName: async () => undefined,
  };
}

/** At most 50 tags stand on one thing, so one page holds them all. */
async function allTags(stores: ControlStores, arn: string): Promise<Record<string, string> | undefined> {
  const { accountId } = parseArn(arn) ?? {};
  if (accountId === undefined) return undefined;
  const { items } = await stores.tags.list(accountId, arn, { limit: 100 });
  return Object.fromEntries(items.map(({ key, value }) => [key, value]));
}
