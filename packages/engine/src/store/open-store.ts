import { setTimeout } from 'node:timers/promises';
import { RetryingStore } from './decorators/retrying-store.ts';
import { openFsStore } from './fs/fs-store.ts';
import { openS3Store } from './s3/load-s3.ts';
import type { S3StoreOptions } from './s3/s3-options.ts';
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
  /** 0 to 1, for the pauses between retries; default `Math.random`. */
  readonly random?: () => number;
  /** Default: a timer. */
  readonly sleep?: (ms: number, signal: AbortSignal | undefined) => Promise<void>;
}

/**
 * Opens a store from its description, with retries for what passes by itself.
 * @throws StoreError as the stores' own functions do
 */
export async function openStore(description: StoreDescription, surroundings: StoreSurroundings): Promise<Store> {
  const { random = Math.random, sleep = pause } = surroundings;
  return new RetryingStore(await openPlainStore(description, surroundings), { random, sleep });
}

async function pause(ms: number, signal: AbortSignal | undefined): Promise<void> {
  const request = signal === undefined ? {} : { signal };
  await setTimeout(ms, undefined, request).catch((error: unknown) => {
    signal?.throwIfAborted();
    throw error;
  });
}

async function openPlainStore(description: StoreDescription, surroundings: StoreSurroundings): Promise<Store> {
  switch (description.kind) {
    case 'file-system':
      return openFsStore({ ...description, now: surroundings.now });
    case 's3':
      return openS3Store(description, surroundings);
  }
}
