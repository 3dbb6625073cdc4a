/** For tests of this package and of those that use it. */
export { createMemoryIdentityStore } from './identity/memory-identity-store.ts';
export { createMemoryKeyStore } from './kms/memory-key-store.ts';
export { createMemoryOrganizationStore } from './organizations/organization-store.ts';
export { createMemoryShareStore } from './ram/share-records.ts';
export { createMemoryRecords, type MemoryRecords } from './records/memory-records.ts';
export { type CollectionUnderTest, testRecordCollection } from './records/test-record-collection.ts';
export type { NeighbourPorts, Neighbours } from './testing/create-neighbours.ts';
export {
  type TestClientConfig,
  type TestNeighbours,
  type TestNeighboursOptions,
  testNeighbours,
} from './testing/test-neighbours.ts';
