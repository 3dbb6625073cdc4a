import type { Page, PageRequest } from '../pagination/page.ts';
import type { Scope, Tags } from '../scope.ts';

export type VaultType = 'BACKUP_VAULT' | 'LOGICALLY_AIR_GAPPED_BACKUP_VAULT' | 'RESTORE_ACCESS_BACKUP_VAULT';
export type VaultState = 'CREATING' | 'AVAILABLE' | 'FAILED';
export type EncryptionKeyType = 'AWS_OWNED_KMS_KEY' | 'CUSTOMER_MANAGED_KMS_KEY';

/** A vault lock (VAULT-40 to VAULT-50). Governance mode has no `lockDateAt`; compliance mode is immutable from it on. */
export interface VaultLock {
  readonly minRetentionDays?: number;
  readonly maxRetentionDays?: number;
  readonly lockedAt: number;
  readonly lockDateAt?: number;
  /** When everything in the vault was sealed in the store under the immutable lock. */
  readonly sealedAt?: number;
}

export interface VaultNotifications {
  readonly topicArn: string;
  readonly events: readonly string[];
}

export interface BackupVaultRecord extends Scope {
  /** 32 hexadecimal digits, never reused, also not by a later vault of the same name: names the engine's repository. */
  readonly vaultId: string;
  readonly name: string;
  readonly arn: string;
  readonly type: VaultType;
  readonly state: VaultState;
  readonly encryptionKeyArn: string;
  readonly encryptionKeyType: EncryptionKeyType;
  readonly creatorRequestId?: string;
  /** Digest of the creating request, by which its retry is known. */
  readonly requestFingerprint?: string;
  readonly createdAt: number;
  readonly lock?: VaultLock;
  /** The policy document, character for character as it was put. */
  readonly accessPolicy?: string;
  readonly notifications?: VaultNotifications;
  /** Recovery points in the vault, those in DELETING included; kept by the store in the transactions that change it. */
  readonly recoveryPointCount: number;
}

export interface VaultListQuery extends Scope {
  readonly type?: VaultType;
}

export type CreateVaultResult =
  | { readonly outcome: 'created' }
  | { readonly outcome: 'exists'; readonly vault: BackupVaultRecord }
  | { readonly outcome: 'limit-exceeded' };

export type DeleteVaultResult =
  | { readonly outcome: 'deleted'; readonly vault: BackupVaultRecord }
  | { readonly outcome: 'not-found' }
  | { readonly outcome: 'not-empty'; readonly recoveryPointCount: number };

/** Vaults of all accounts and regions. Names are unique within a scope, whatever the vault's type. */
export interface VaultStore {
  /** One transaction: the vault, its tags, and the check that the scope holds fewer than `limit` vaults. */
  create(vault: BackupVaultRecord, tags: Tags, limit: number): Promise<CreateVaultResult>;
  get(scope: Scope, name: string): Promise<BackupVaultRecord | undefined>;
  getById(vaultId: string): Promise<BackupVaultRecord | undefined>;
  /** By name, ascending. */
  list(query: VaultListQuery, page: PageRequest): Promise<Page<BackupVaultRecord>>;
  /** Every vault of the installation, for start-up work such as opening repositories. By vault ID. */
  listAll(page: PageRequest): Promise<Page<BackupVaultRecord>>;
  setState(vaultId: string, state: VaultState): Promise<void>;
  /**
   * Puts or (undefined) removes the lock unless the stored one is immutable at `now`; false when it is. The check is
   * part of the write, so that a race cannot loosen a compliance lock.
   */
  setLock(vaultId: string, lock: VaultLock | undefined, now: number): Promise<boolean>;
  /** Notes on the stored lock that everything in the vault is sealed under it; changes nothing else. */
  noteLockSealed(vaultId: string, sealedAt: number): Promise<void>;
  setAccessPolicy(vaultId: string, policy: string | undefined): Promise<void>;
  setNotifications(vaultId: string, notifications: VaultNotifications | undefined): Promise<void>;
  /** One transaction: deletes the vault with its tags when it holds no recovery point. */
  deleteIfEmpty(scope: Scope, name: string): Promise<DeleteVaultResult>;
}
