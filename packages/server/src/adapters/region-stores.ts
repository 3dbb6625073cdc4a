/** Where the bytes of a vault lie: a region names a directory or a bucket, each vault has a place of its own in it. */
import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { openStore, type Store, type StoreDescription } from '@holdfast/engine';
import type { Configuration, StoreConfiguration } from '../configuration/configuration-schema.ts';
import { resolveSecret } from './secret-references.ts';

export interface VaultPlace {
  readonly region: string;
  readonly accountId: string;
  readonly vaultId: string;
}

/** Opens the store of a vault; `create` makes it when it is not there yet. */
export type OpenVaultStore = (place: VaultPlace, create: boolean) => Promise<Store>;

/** @param regionsDirectory where regions live that the configuration does not name */
export function vaultStores(
  regions: Configuration['regions'],
  regionsDirectory: string,
  now: () => number,
): OpenVaultStore {
  return async (place, create) => {
    const store = regionStore(regions, regionsDirectory, place.region);
    const description =
      store.kind === 'directory'
        ? directoryOf(store, place, create)
        : await bucketOf(store, `${place.accountId}/${place.vaultId}`);
    return openStore(description, { now, newName: randomUUID });
  };
}

/** Local directories that hold vaults: never part of a backup. */
export function localStoreDirectories(regions: Configuration['regions']): string[] {
  return Object.values(regions).flatMap(({ store }) =>
    store?.kind === 'directory' ? [store.path, ...(store.coldPath === undefined ? [] : [store.coldPath])] : [],
  );
}

/** What the configuration says of a region's store, or the directory that it gets without. */
export function regionStore(
  regions: Configuration['regions'],
  regionsDirectory: string,
  region: string,
): StoreConfiguration {
  return regions[region]?.store ?? { kind: 'directory', path: join(regionsDirectory, region) };
}

/** Opens the bucket of a region as a whole: all vaults of all accounts in one store. */
export async function openRegionBucket(store: BucketStore): Promise<Store> {
  return openStore(await bucketOf(store, ''), { now: Date.now, newName: randomUUID });
}

type DirectoryStore = Extract<StoreConfiguration, { kind: 'directory' }>;
export type BucketStore = Extract<StoreConfiguration, { kind: 's3' }>;

function directoryOf(store: DirectoryStore, place: VaultPlace, create: boolean): StoreDescription {
  const below = join(place.accountId, place.vaultId);
  return {
    kind: 'file-system',
    root: join(store.path, below),
    ...(store.coldPath === undefined ? {} : { coldRoot: join(store.coldPath, below) }),
    create,
  };
}

async function bucketOf(store: BucketStore, below: string): Promise<StoreDescription> {
  const secretAccessKey = store.secretAccessKey === undefined ? undefined : await resolveSecret(store.secretAccessKey);
  return {
    kind: 's3',
    bucket: store.bucket,
    prefix: [store.prefix.replace(/\/+$/, ''), below].filter((part) => part !== '').join('/'),
    region: store.region,
    pathStyle: store.forcePathStyle,
    ...(store.endpoint === undefined ? {} : { endpoint: store.endpoint }),
    ...(store.accessKeyId === undefined || secretAccessKey === undefined
      ? {}
      : { credentials: { accessKeyId: store.accessKeyId, secretAccessKey } }),
  };
}
