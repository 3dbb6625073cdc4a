/** Looks for vaults where a region keeps them, without a catalog. */
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Configuration } from '../configuration/configuration-schema.ts';
import { type BucketStore, openRegionBucket, regionStore, type VaultPlace } from './region-stores.ts';

/** Every vault of every region that the configuration or the data directory knows. */
export async function findVaults(regions: Configuration['regions'], regionsDirectory: string): Promise<VaultPlace[]> {
  const local = existsSync(regionsDirectory) ? readdirSync(regionsDirectory) : [];
  const names = new Set([...Object.keys(regions), ...local]);
  const found: VaultPlace[] = [];
  for (const region of [...names].sort()) {
    const store = regionStore(regions, regionsDirectory, region);
    found.push(...(store.kind === 'directory' ? inDirectory(store.path, region) : await inBucket(store, region)));
  }
  return found;
}

function inDirectory(path: string, region: string): VaultPlace[] {
  if (!existsSync(path)) return [];
  return readdirSync(path)
    .filter((name) => /^\d{12}$/.test(name))
    .flatMap((accountId) =>
      readdirSync(join(path, accountId))
        .filter((name) => /^[0-9a-f]{32}$/.test(name))
        .map((vaultId) => ({ region, accountId, vaultId })),
    );
}

async function inBucket(bucket: BucketStore, region: string): Promise<VaultPlace[]> {
  await using store = await openRegionBucket(bucket);
  const found: VaultPlace[] = [];
  for await (const { key } of store.list('')) {
    const [, accountId, vaultId] = /^(\d{12})\/([0-9a-f]{32})\/vault$/.exec(key) ?? [];
    if (accountId !== undefined && vaultId !== undefined) found.push({ region, accountId, vaultId });
  }
  return found;
}
