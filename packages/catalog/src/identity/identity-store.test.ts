import { testRecordCollection } from '@holdfast/neighbours/testing';
import { forEachDatabase } from '../testing/for-each-database.ts';
import { RecordTable } from './record-table.ts';

forEachDatabase((_name, open) => {
  testRecordCollection(async (t) => {
    const catalog = await open(t);
    return {
      collection: new RecordTable(catalog, 'identity_users'),
      transaction: (work) => catalog.transaction(work),
    };
  });
});
