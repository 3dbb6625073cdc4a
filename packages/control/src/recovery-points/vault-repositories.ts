import type { RecoveryPointRetention, Repository } from '@holdfast/engine';
import type { BackupVaultRecord } from '../vaults/vault-store.ts';

/** What the control plane uses of the engine's repository. */
export type VaultRepository = Pick<
  Repository,
  'vaultId' | 'parts' | 'backupItems' | 'openRecoveryPoint' | 'appendLog' | 'openLog' | 'planDelete' | 'executeDelete'
>;

/** How many of the objects that a restore needs can be read. */
export interface WarmUpProgress {
  readonly ready: number;
  readonly total: number;
}

/** The engine's repositories, one per vault, opened once and shared; the port owns the handles. */
export interface VaultRepositories {
  /** Makes the vault's repository; does nothing when it exists. */
  create(vault: BackupVaultRecord): Promise<void>;
  /** @throws EngineError when the store cannot be reached or the repository is damaged */
  open(vault: Pick<BackupVaultRecord, 'vaultId' | 'accountId' | 'region'>): Promise<VaultRepository>;
  /**
   * Moves the dates of a stored recovery point, in the store and for whoever judges deletions by it.
   * @throws AuthorityError `locked` when a lock that nobody can remove would become shorter
   */
  changeRetention(
    vault: Pick<BackupVaultRecord, 'vaultId' | 'accountId' | 'region'>,
    engineId: string,
    retention: RecoveryPointRetention,
  ): Promise<void>;
  /** Makes the engine refuse to delete a recovery point, whoever asks; does nothing when the hold stands or the point is gone. */
  placeHold(
    vault: Pick<BackupVaultRecord, 'vaultId' | 'accountId' | 'region'>,
    engineId: string,
    hold: string,
  ): Promise<void>;
  /** Lifts one hold; does nothing when it does not stand. */
  releaseHold(
    vault: Pick<BackupVaultRecord, 'vaultId' | 'accountId' | 'region'>,
    engineId: string,
    hold: string,
  ): Promise<void>;
  /**
   * Asks for what lies in a cold tier and tells how far that is; it does not wait. Call it again until all is ready: hours
   * later, where the store takes hours.
   */
  warmUp(
    vault: Pick<BackupVaultRecord, 'vaultId' | 'accountId' | 'region'>,
    engineId: string,
    signal: AbortSignal,
  ): Promise<WarmUpProgress>;
  /** Removes the repository of a deleted, empty vault with its store. */
  remove(vault: BackupVaultRecord): Promise<void>;
}
