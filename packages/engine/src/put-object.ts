import { checksumOf, checksumsEqual } from './store/checksum.ts';
import type { PutOptions, Store, StoreChecksum } from './store/store.ts';
import { isStoreError } from './store/store-error.ts';

/**
 * Puts an object whose name nobody else uses. "Already there" is success when an earlier attempt of ours, whose answer
 * was lost, stored these very bytes; anything else under the name is an error.
 */
export async function putObject(
  store: Store,
  name: string,
  body: readonly Uint8Array[],
  checksum: StoreChecksum = checksumOf(body),
  options: Omit<PutOptions, 'checksum'> = {},
): Promise<void> {
  try {
    await store.put(name, body, { ...options, checksum });
  } catch (error) {
    if (!isStoreError(error, 'already-exists') || !(await holds(store, name, body, checksum))) throw error;
  }
}

async function holds(
  store: Store,
  name: string,
  body: readonly Uint8Array[],
  checksum: StoreChecksum,
): Promise<boolean> {
  const facts = await store.head(name);
  const sizeBytes = body.reduce((sum, part) => sum + part.length, 0);
  if (facts.sizeBytes !== sizeBytes) return false;
  const stored = facts.checksum?.algorithm === checksum.algorithm ? facts.checksum : undefined;
  return checksumsEqual(stored ?? checksumOf([await store.get(name)], checksum.algorithm), checksum);
}
