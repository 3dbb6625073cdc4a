import type { RandomBytes } from '../identity/entity-id.ts';
import { everyRecord, GLOBAL_SCOPE } from '../records/record-collection.ts';
import { decodeCiphertext, encodeCiphertext } from './ciphertext.ts';
import type { EncryptionContext } from './encryption-context.ts';
import type { KeyCryptography } from './key-cryptography.ts';
import { backupKeyPolicy } from './key-policies.ts';
import type { KeyMaterialRecord, KeyRecord } from './key-records.ts';
import type { KeyRing } from './key-ring.ts';
import { type KeyScope, keyArn, keyScope } from './key-store.ts';
import { disabled, invalidCiphertext, invalidState } from './kms-errors.ts';

export const DEFAULT_KEY_ALIAS = 'alias/aws/backup';
const DAY_MS = 86_400_000;

export interface KeyServicePorts {
  readonly ring: KeyRing;
  readonly cryptography: KeyCryptography;
  readonly random: RandomBytes;
  /** A new random UUID. */
  readonly uuid: () => string;
  /** Whether something that may not be destroyed before its time needs the key; its deletion waits, day by day. */
  readonly isNeeded?: (keyArn: string) => Promise<boolean>;
}

/** Rules of keys, for the handlers of kms and for the backup service itself. Permissions are checked by the callers. */
export class KeyService {
  readonly ring: KeyRing;
  readonly cryptography: KeyCryptography;
  readonly #ports: KeyServicePorts;

  constructor(ports: KeyServicePorts) {
    this.ring = ports.ring;
    this.cryptography = ports.cryptography;
    this.#ports = ports;
  }

  /** The default key of the backup service in an account and region, made when it is first asked for; the same for ever. */
  async ensureDefaultKey(scope: KeyScope, now: number): Promise<KeyRecord> {
    const alias = await this.ring.alias(scope, DEFAULT_KEY_ALIAS);
    if (alias !== undefined) return await this.ring.find(scope, alias.targetKeyId, now);
    const keyId = this.#ports.uuid();
    const key: KeyRecord = {
      accountId: scope.accountId,
      region: scope.region,
      keyId,
      description: 'Default key that protects my backups when no other key is defined',
      createdAt: now,
      state: 'Enabled',
      manager: 'AWS',
      policy: backupKeyPolicy(scope.accountId, scope.region),
      backing: { kind: 'embedded', materials: [this.cryptography.newMaterial(keyArn(scope, keyId), 1, now)] },
      rotation: { periodDays: 365, nextAt: now + 365 * DAY_MS },
      tags: {},
    };
    return await this.ring.store.transaction(async () => {
      // Another server may have been quicker: its key stays, and ours was never used.
      const record = { aliasName: DEFAULT_KEY_ALIAS, targetKeyId: keyId, createdAt: now, updatedAt: now };
      if (!(await this.ring.store.aliases.insert(keyScope(scope), DEFAULT_KEY_ALIAS, record))) {
        return await this.ring.find(scope, DEFAULT_KEY_ALIAS, now);
      }
      await this.ring.save(key);
      return key;
    });
  }

  /** @throws ServiceError DisabledException, KMSInvalidStateException */
  checkUsable(key: KeyRecord): void {
    const arn = keyArn(key, key.keyId);
    if (key.state === 'Disabled') throw disabled(arn);
    if (key.state === 'PendingDeletion') throw invalidState(arn, 'pending deletion');
  }

  /** @throws ServiceError DisabledException, KMSInvalidStateException, or for an external store that fails */
  async encrypt(key: KeyRecord, plain: Uint8Array, context: EncryptionContext): Promise<Uint8Array> {
    this.checkUsable(key);
    const arn = keyArn(key, key.keyId);
    return encodeCiphertext({ keyArn: arn, ...(await this.cryptography.seal(key, plain, context)) });
  }

  /** The key that made a ciphertext. @throws ServiceError InvalidCiphertextException */
  async keyOf(ciphertext: Uint8Array, scope: KeyScope, now: number): Promise<KeyRecord> {
    const { keyArn: arn } = decodeCiphertext(ciphertext);
    return await this.ring.find(scope, arn, now);
  }

  /** @throws ServiceError DisabledException, KMSInvalidStateException, InvalidCiphertextException */
  async decrypt(key: KeyRecord, ciphertext: Uint8Array, context: EncryptionContext): Promise<Uint8Array> {
    this.checkUsable(key);
    const { keyArn: arn, materialVersion, sealed } = decodeCiphertext(ciphertext);
    if (arn !== keyArn(key, key.keyId)) throw invalidCiphertext();
    return await this.cryptography.open(key, materialVersion, sealed, context);
  }

  /** The key with new material; the old one still decrypts. */
  rotated(key: KeyRecord, now: number, rotation: KeyMaterialRecord['rotation']): KeyRecord {
    if (key.backing.kind === 'external') return key;
    const { materials } = key.backing;
    const version = (materials.at(-1)?.version ?? 0) + 1;
    const material = this.cryptography.newMaterial(keyArn(key, key.keyId), version, now, rotation);
    return { ...key, backing: { kind: 'embedded', materials: [...materials, material] } };
  }

  /** What is due at `now`: which keys get new material, which are destroyed. */
  async planMaintenance(now: number): Promise<KeyMaintenancePlan> {
    const rotate: KeyRecord[] = [];
    const destroy: KeyRecord[] = [];
    for await (const scope of everyRecord(this.ring.store.scopes, GLOBAL_SCOPE)) {
      for await (const key of everyRecord(this.ring.store.keys, keyScope(scope))) {
        if (key.deletionAt !== undefined && key.deletionAt <= now) destroy.push(key);
        else if (key.state === 'Enabled' && key.rotation !== undefined && key.rotation.nextAt <= now) rotate.push(key);
      }
    }
    return { rotate, destroy };
  }

  /**
   * Carries a maintenance plan out; each key is read again, so that a cancelled deletion stays cancelled. A key goes only
   * when its escrowed copy says so too and nothing that is locked needs it.
   */
  async executeMaintenance(plan: KeyMaintenancePlan, now: number): Promise<void> {
    for (const { accountId, region, keyId } of plan.rotate) {
      await this.ring.store.transaction(async () => {
        const key = await this.ring.store.keys.get(keyScope({ accountId, region }), keyId);
        if (key?.rotation === undefined || key.rotation.nextAt > now) return;
        const rotation = { ...key.rotation, nextAt: now + key.rotation.periodDays * DAY_MS };
        await this.ring.save({ ...this.rotated(key, now, 'AUTOMATIC'), rotation });
      });
    }
    for (const { accountId, region, keyId } of plan.destroy) {
      const key = await this.ring.store.keys.get(keyScope({ accountId, region }), keyId);
      if (key?.deletionAt === undefined || key.deletionAt > now) continue;
      if (!(await this.ring.isDeletionConfirmed(key, now))) continue;
      const isNeeded = (await this.#ports.isNeeded?.(keyArn(key, key.keyId))) === true;
      if (isNeeded) await this.ring.save({ ...key, deletionAt: now + DAY_MS });
      else await this.ring.destroy(key);
    }
  }
}

export interface KeyMaintenancePlan {
  readonly rotate: readonly KeyRecord[];
  readonly destroy: readonly KeyRecord[];
}
