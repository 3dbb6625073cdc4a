import type { RecordRow } from '../identity/record-table.ts';

export interface KeyTables {
  kms_keys: RecordRow;
  kms_aliases: RecordRow;
  kms_grants: RecordRow;
  kms_scopes: RecordRow;
}
