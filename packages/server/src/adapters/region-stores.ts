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
export function vaultStores(regions: Configuration['regions'], regionsDirectory: string): OpenVaultStore {
  return async (place, create) => {
    const store = regions[place.region]?.store ?? defaultStore(regionsDirectory, place.region);
    const description = store.kind === 'directory' ? directoryOf(store, place, create) : await bucketOf(store, place);
    return openStore(description, { now: Date.now, newName: randomUUID });
  };
}

/** Local directories that hold vaults: never part of a backup. */
export function localStoreDirectories(regions: Configuration['regions']): string[] {
  return Object.values(regions).flatMap(({ store }) =>
    store?.kind === 'directory' ? [store.path, ...(store.coldPath === undefined ? [] : [store.coldPath])] : [],
  );
}

type DirectoryStore = Extract<StoreConfiguration, { kind: 'directory' }>;
type BucketStore = Extract<StoreConfiguration, { kind: 's3' }>;

function defaultStore(regionsDirectory: string, region: string): DirectoryStore {
  return { kind: 'directory', path: join(regionsDirectory, region) };
}

function directoryOf(store: DirectoryStore, place: VaultPlace, create: boolean): StoreDescription {
  const below = join(place.accountId, place.vaultId);
  return {
    kind: 'file-system',
    root: join(store.path, below),
    ...(store.coldPath === undefined ? {} : { coldRoot: join(store.coldPath, below) }),
    create,
  };
}

async function bucketOf(store: BucketStore, place: VaultPlace): Promise<StoreDescription> {
  const secretAccessKey = store.secretAccessKey === undefined ? undefined : await resolveSecret(store.secretAccessKey);
  return {
    kind: 's3',
    bucket: store.bucket,
    prefix: `${store.prefix.replace(/\/+$/, '')}/${place.accountId}/${place.vaultId}`.replace(/^\//, ''),
    region: store.region,
    pathStyle: store.forcePathStyle,
    ...(store.endpoint === undefined ? {} : { endpoint: store.endpoint }),
    ...(store.accessKeyId === undefined || secretAccessKey === undefined
      ? {}
      : { credentials: { accessKeyId: store.accessKeyId, secretAccessKey } }),
  };
}
