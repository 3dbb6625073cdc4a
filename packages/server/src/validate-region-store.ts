import { randomUUID } from 'node:crypto';
import { openStore, type StoreReport, type ValidateStoreOptions, validateStore } from '@holdfast/engine';
import { openRegionBucket } from './adapters/region-stores.ts';
import type { StoreConfiguration } from './configuration/configuration-schema.ts';

/** Runs the engine's contract suite for stores against the store of a region, under a prefix of its own. */
export async function validateRegionStore(
  configuration: StoreConfiguration,
  options: ValidateStoreOptions,
): Promise<StoreReport> {
  await using store =
    configuration.kind === 's3'
      ? await openRegionBucket(configuration)
      : await openStore(
          {
            kind: 'file-system',
            root: configuration.path,
            create: true,
            ...(configuration.coldPath === undefined ? {} : { coldRoot: configuration.coldPath }),
          },
          { now: Date.now, newName: randomUUID },
        );
  return validateStore(store, options);
}
