import type { MemoryRecords } from '../records/memory-records.ts';
import type { RecordCollection, Transactions } from '../records/record-collection.ts';
import type { MemberRecord, OrganizationPolicyRecord, OrganizationRecord, UnitRecord } from './organization-records.ts';

/**
 * Organisations and members lie in `GLOBAL_SCOPE` under their organisation and account IDs; units and policies in the
 * scope of their organisation.
 */
export interface OrganizationStore extends Transactions {
  readonly organizations: RecordCollection<OrganizationRecord>;
  readonly members: RecordCollection<MemberRecord>;
  readonly units: RecordCollection<UnitRecord>;
  readonly policies: RecordCollection<OrganizationPolicyRecord>;
}

/** An organisation store in memory, for tests. */
export function createMemoryOrganizationStore(records: MemoryRecords): OrganizationStore {
  return {
    transaction: (work) => records.transaction(work),
    organizations: records.collection(),
    members: records.collection(),
    units: records.collection(),
    policies: records.collection(),
  };
}
