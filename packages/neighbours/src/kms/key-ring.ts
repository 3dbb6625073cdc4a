import { parseArn } from '../policy/arn.ts';
import { everyRecord, GLOBAL_SCOPE } from '../records/record-collection.ts';
import type { KeyEscrow } from './key-escrow.ts';
import type { AliasRecord, KeyRecord } from './key-records.ts';
import { aliasArn, type KeyScope, type KeyStore, keyArn, keyScope } from './key-store.ts';
import { aliasNotFound, keyNotFound } from './kms-errors.ts';

/** Finds keys by every name that they have, and saves them with their copy in the escrow. */
export class KeyRing {
  readonly store: KeyStore;
  readonly #escrow: KeyEscrow;

  constructor(store: KeyStore, escrow: KeyEscrow) {
    this.store = store;
    this.#escrow = escrow;
  }

  /**
   * The key with that ID, ARN, alias or alias ARN. A name without region and account is looked up in `scope`.
   * @throws ServiceError NotFoundException, also once the time of its deletion has come
   */
  async find(scope: KeyScope, name: string, now: number): Promise<KeyRecord> {
    const arn = parseArn(name);
    if (arn !== undefined && arn.service !== 'kms') throw keyNotFound(name);
    const where = arn === undefined ? scope : { accountId: arn.accountId, region: arn.region };
    const local = arn === undefined ? name : arn.resource;
    const keyId = local.startsWith('alias/') ? await this.#aliasTarget(where, local) : local.replace(/^key\//, '');
    const key = await this.store.keys.get(keyScope(where), keyId);
    if (key === undefined || isGone(key, now)) throw keyNotFound(arn === undefined ? keyArn(where, keyId) : name);
    return key;
  }

  async alias(scope: KeyScope, aliasName: string): Promise<AliasRecord | undefined> {
    return await this.store.aliases.get(keyScope(scope), aliasName);
  }

  /** Aliases of one key. */
  async aliasesOf(key: KeyRecord): Promise<AliasRecord[]> {
    const found: AliasRecord[] = [];
    for await (const alias of everyRecord(this.store.aliases, keyScope(key))) {
      if (alias.targetKeyId === key.keyId) found.push(alias);
    }
    return found;
  }

  /** Saves a new or changed key; first in the escrow, so that no key is ever in use whose only copy is the catalog's. */
  async save(key: KeyRecord): Promise<void> {
    await this.#escrow.put(key);
    await this.store.transaction(async () => {
      await this.store.keys.put(keyScope(key), key.keyId, key);
      await this.store.scopes.insert(GLOBAL_SCOPE, keyScope(key), { accountId: key.accountId, region: key.region });
    });
  }

  /**
   * Whether the escrow knows of the key's deletion too. When it does not, somebody changed the catalog behind our back: the
   * key is put back from the escrow. An escrow that holds nothing has no say.
   */
  async isDeletionConfirmed(key: KeyRecord, now: number): Promise<boolean> {
    const witness = await this.#escrow.get(key);
    if (witness === undefined || (witness.deletionAt !== undefined && witness.deletionAt <= now)) return true;
    await this.store.keys.put(keyScope(key), key.keyId, witness);
    return false;
  }

  /** Destroys a key for good, with its aliases and grants; what it encrypted is lost. */
  async destroy(key: KeyRecord): Promise<void> {
    const scope = keyScope(key);
    await this.store.transaction(async () => {
      for (const { aliasName } of await this.aliasesOf(key)) await this.store.aliases.delete(scope, aliasName);
      for await (const { keyId, grantId } of everyRecord(this.store.grants, scope, `${key.keyId}/`)) {
        await this.store.grants.delete(scope, `${keyId}/${grantId}`);
      }
      await this.store.keys.delete(scope, key.keyId);
    });
    await this.#escrow.remove(key);
  }

  /** Puts the keys of the escrow back into an empty or older catalog; returns how many were missing. */
  async restoreFromEscrow(): Promise<number> {
    let restored = 0;
    for await (const key of this.#escrow.keys()) {
      const isNew = await this.store.keys.insert(keyScope(key), key.keyId, key);
      await this.store.scopes.insert(GLOBAL_SCOPE, keyScope(key), { accountId: key.accountId, region: key.region });
      if (isNew) restored += 1;
    }
    return restored;
  }

  async #aliasTarget(scope: KeyScope, aliasName: string): Promise<string> {
    const alias = await this.alias(scope, aliasName);
    if (alias === undefined) throw aliasNotFound(aliasArn(scope, aliasName));
    return alias.targetKeyId;
  }
}

/** A key whose time has come is gone, even if nobody has destroyed it yet. */
function isGone(key: KeyRecord, now: number): boolean {
  return key.deletionAt !== undefined && key.deletionAt <= now;
}
