import type { RecordCollection, Transactions } from '../records/record-collection.ts';
import type { AliasRecord, GrantRecord, KeyRecord } from './key-records.ts';

/**
 * Keys, aliases and grants; all lie in the scope of their account and region (`keyScope`). Keys under their ID, aliases
 * under their name, grants under `<key ID>/<grant ID>`.
 */
export interface KeyStore extends Transactions {
  readonly keys: RecordCollection<KeyRecord>;
  readonly aliases: RecordCollection<AliasRecord>;
  readonly grants: RecordCollection<GrantRecord>;
  /** All scopes that hold keys, so that rotation and deletion can be carried out in them: scope under scope, in `GLOBAL_SCOPE`. */
  readonly scopes: RecordCollection<{ readonly accountId: string; readonly region: string }>;
}

export interface KeyScope {
  readonly accountId: string;
  readonly region: string;
}

export function keyScope({ accountId, region }: KeyScope): string {
  return `${accountId}/${region}`;
}

export function keyArn({ accountId, region }: KeyScope, keyId: string): string {
  return `arn:aws:kms:${region}:${accountId}:key/${keyId}`;
}

export function aliasArn({ accountId, region }: KeyScope, aliasName: string): string {
  return `arn:aws:kms:${region}:${accountId}:${aliasName}`;
}
