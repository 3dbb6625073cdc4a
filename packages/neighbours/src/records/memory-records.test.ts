import { describe } from 'node:test';
import { createMemoryRecords } from './memory-records.ts';
import { testRecordCollection } from './test-record-collection.ts';

describe('records in memory', () => {
  testRecordCollection(async () => {
    const records = createMemoryRecords();
    return { collection: records.collection(), transaction: (work) => records.transaction(work) };
  });
});
