import type { MemoryRecords } from '../records/memory-records.ts';
import type { IdentityStore } from './identity-store.ts';
import type { SessionStore } from './session-store.ts';

/** An identity store in memory, for tests. */
export function createMemoryIdentityStore(records: MemoryRecords): IdentityStore & { readonly sessions: SessionStore } {
  return {
    transaction: (work) => records.transaction(work),
    accounts: records.collection(),
    users: records.collection(),
    groups: records.collection(),
    roles: records.collection(),
    policies: records.collection(),
    accessKeys: records.collection(),
    sessions: records.collection(),
  };
}
