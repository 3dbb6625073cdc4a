import type { Repository } from '@holdfast/engine';
import type { BackupVaultRecord } from '../vaults/vault-store.ts';

/** The engine's repositories, one per vault, opened once and shared; the port owns the handles. */
export interface VaultRepositories {
  /** Makes the vault's repository; does nothing when it exists. */
  create(vault: BackupVaultRecord): Promise<void>;
  /** @throws EngineError when the store cannot be reached or the repository is damaged */
  open(vault: Pick<BackupVaultRecord, 'vaultId' | 'accountId' | 'region'>): Promise<Repository>;
  /** Removes the repository of a deleted, empty vault with its store. */
  remove(vault: BackupVaultRecord): Promise<void>;
}
