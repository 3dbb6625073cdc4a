/** What is kept about keys. Times are ms since the epoch. */

export type KeyState = 'Enabled' | 'Disabled' | 'PendingDeletion';

/** Where the key material is: sealed with the installation's master key, or in an external key store. */
export type KeyBacking =
  | {
      readonly kind: 'embedded';
      /** Newest last; older ones still decrypt what they encrypted. */
      readonly materials: readonly KeyMaterialRecord[];
    }
  | {
      readonly kind: 'external';
      /** Name of the key store in the configuration. */
      readonly keyStoreId: string;
      /** What the key is called there. */
      readonly externalKeyId: string;
    };

export interface KeyMaterialRecord {
  /** From 1. */
  readonly version: number;
  /** 32 bytes, sealed with the master key, in Base64. */
  readonly sealed: string;
  readonly createdAt: number;
  readonly rotation: 'AUTOMATIC' | 'ON_DEMAND' | undefined;
}

export interface KeyRecord {
  readonly accountId: string;
  readonly region: string;
  /** UUID. */
  readonly keyId: string;
  readonly description: string;
  readonly createdAt: number;
  readonly state: KeyState;
  /** Set while the deletion is pending: when it takes place. */
  readonly deletionAt?: number | undefined;
  /** `AWS` for the default key of the service, which users cannot change. */
  readonly manager: 'AWS' | 'CUSTOMER';
  readonly policy: string;
  readonly backing: KeyBacking;
  /** Set while yearly (or other) rotation is on. */
  readonly rotation?: { readonly periodDays: number; readonly nextAt: number } | undefined;
  readonly tags: Readonly<Record<string, string>>;
}

export interface AliasRecord {
  /** With `alias/` in front. */
  readonly aliasName: string;
  readonly targetKeyId: string;
  readonly createdAt: number;
  readonly updatedAt: number;
}

export interface GrantRecord {
  readonly keyId: string;
  readonly grantId: string;
  readonly grantToken: string;
  readonly name?: string | undefined;
  readonly granteePrincipal: string;
  readonly retiringPrincipal?: string | undefined;
  readonly issuingAccountArn: string;
  readonly operations: readonly string[];
  readonly encryptionContextSubset?: Readonly<Record<string, string>> | undefined;
  readonly encryptionContextEquals?: Readonly<Record<string, string>> | undefined;
  readonly createdAt: number;
}
