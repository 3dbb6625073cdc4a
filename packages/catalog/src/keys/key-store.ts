import type { KeyStore } from '@holdfast/neighbours';
import type { Catalog } from '../database/catalog.ts';
import { RecordTable } from '../identity/record-table.ts';
import type { KeyTables } from './tables.ts';

/** Keys (their material sealed), aliases and grants. */
export function createKeyStore(catalog: Catalog): KeyStore {
  const table = <T>(name: keyof KeyTables): RecordTable<T> => new RecordTable<T>(catalog, name);
  return {
    transaction: (work) => catalog.transaction(work),
    keys: table('kms_keys'),
    aliases: table('kms_aliases'),
    grants: table('kms_grants'),
    scopes: table('kms_scopes'),
  };
}
