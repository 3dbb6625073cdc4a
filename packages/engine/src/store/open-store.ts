import { openFsStore } from './fs/fs-store.ts';
import type { S3StoreOptions } from './s3/s3-options.ts';
import { openS3Store } from './s3/s3-store.ts';
import type { Store } from './store.ts';

/** Where a store is, as plain data: configuration files hold it, and worker threads open the same store from it. */
export type StoreDescription =
  | {
      readonly kind: 'file-system';
      readonly root: string;
      readonly coldRoot?: string;
      readonly create?: boolean;
      readonly reserveBytes?: number;
    }
  | ({ readonly kind: 's3' } & S3StoreOptions);

export interface StoreSurroundings {
  readonly now: () => number;
  /** A name that was never used before. */
  readonly newName: () => string;
}

/** Opens a store from its description. @throws StoreError as the stores' own functions do */
export async function openStore(description: StoreDescription, surroundings: StoreSurroundings): Promise<Store> {
  switch (description.kind) {
    case 'file-system':
      return openFsStore({ ...description, now: surroundings.now });
    case 's3':
      return openS3Store(description, surroundings);
  }
}
