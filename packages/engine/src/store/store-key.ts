import { StoreError } from './store-error.ts';

const SEGMENT = /^[a-z0-9_-][a-z0-9._-]*$/;
const MAX_LENGTH = 240;

/**
 * Refuses a key that not every store could hold.
 * @throws StoreError `unsupported`
 */
export function assertStoreKey(key: string): void {
  if (key.length > 0 && key.length <= MAX_LENGTH && key.split('/').every((segment) => SEGMENT.test(segment))) return;
  throw new StoreError('unsupported', `"${key}" is not a key that a store can hold`, { key });
}
