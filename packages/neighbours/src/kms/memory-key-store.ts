import type { MemoryRecords } from '../records/memory-records.ts';
import type { KeyStore } from './key-store.ts';

/** A key store in memory, for tests. */
export function createMemoryKeyStore(records: MemoryRecords): KeyStore {
  return {
    transaction: (work) => records.transaction(work),
    keys: records.collection(),
    aliases: records.collection(),
    grants: records.collection(),
    scopes: records.collection(),
  };
}
