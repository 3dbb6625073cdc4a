/** For tests of this package and of those that use it. */
export { createMemoryRecords, type MemoryRecords } from './records/memory-records.ts';
