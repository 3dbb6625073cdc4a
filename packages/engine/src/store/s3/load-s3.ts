import type { Store } from '../store.ts';
import type { S3Capabilities, S3StoreOptions } from './s3-options.ts';
import type { S3Surroundings } from './s3-store.ts';

/**
 * Opens a bucket as a store. The AWS SDK is loaded here and not before: to load it takes a command on a file-system
 * store longer than all else that it loads.
 * @throws StoreError when the bucket cannot be reached or written
 */
export async function openS3Store(options: S3StoreOptions, surroundings: S3Surroundings): Promise<Store> {
  const s3 = await import('./s3-store.ts');
  return s3.openS3Store(options, surroundings);
}

/**
 * Finds out by trying what a bucket's server does; leaves nothing behind.
 * @param randomName a name that was never used in this bucket
 * @throws StoreError when the bucket cannot be reached or written
 */
export async function probeS3(options: S3StoreOptions, randomName: string): Promise<S3Capabilities> {
  const s3 = await import('./s3-capabilities.ts');
  return s3.probeS3(options, randomName);
}
