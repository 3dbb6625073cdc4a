import type { PolicyFacts, RecoveryPointRetention } from '@holdfast/engine';
import type { BackupPlanStore } from '../plans/backup-plan-store.ts';
import type { TransactionPort } from '../plans/plan-ports.ts';
import type { ControlPorts, RoleCheck } from '../ports.ts';
import type { RecoveryPointRecord } from '../recovery-points/recovery-point-store.ts';
import type { BackupVaultRecord } from '../vaults/vault-store.ts';
import type { CopyJobStore } from './copy-job-store.ts';

/** One copy, as the policies judge it (COPY-21, COPY-37 to COPY-41). */
export interface CopyPermissionRequest {
  readonly source: RecoveryPointRecord;
  readonly destination: BackupVaultRecord;
  readonly iamRoleArn: string;
}

export interface CopyPolicyPort {
  /**
   * Whether role, organisation and the two vaults' policies allow the copy: `backup:CopyFromBackupVault` at the source
   * (with `backup:CopyTargets` and `backup:CopyTargetOrgPaths` set), and `backup:CopyIntoBackupVault` at the destination,
   * which another account's vault must allow expressly.
   */
  check(request: CopyPermissionRequest): Promise<RoleCheck>;
}

export interface EngineCopyProgress {
  /** Names this attempt. */
  readonly fence: number;
  readonly copiedBytes: number;
  readonly totalBytes: number;
}

export interface EngineCopyRequest {
  readonly sourceVault: Pick<BackupVaultRecord, 'vaultId' | 'accountId' | 'region'>;
  readonly sourceRecoveryPointId: string;
  readonly destinationVault: Pick<BackupVaultRecord, 'vaultId' | 'accountId' | 'region'>;
  /** The identifier of the copy; one that is there already was written by an earlier try of the same job. */
  readonly destinationRecoveryPointId: string;
  readonly retention: RecoveryPointRetention;
  readonly facts: PolicyFacts;
  /** Of earlier attempts of the same job: what they stored is not sent again. */
  readonly resumeFences: readonly number[];
  readonly signal: AbortSignal;
  readonly onProgress: (progress: EngineCopyProgress) => void;
}

/** The engine's copy between vaults: verified, re-encrypted under the destination's key, only what is missing there. */
export interface EngineCopyPort {
  /** @returns what the copy added to the destination's store, in bytes */
  copy(request: EngineCopyRequest): Promise<{ readonly storedBytes: number }>;
  /** How long after the loss of a worker its attempt may still write, in ms. */
  readonly takeOverMs: number;
}

/** Limits on copies that run at the same time (QUOTA-2). */
export interface CopyQuotas {
  readonly perAccountAndRegion: number;
  /** Per destination vault, once the limit per account and region is reached. */
  readonly perVaultBeyond: number;
  readonly perResourceAcrossAccounts: number;
}

export const DEFAULT_COPY_QUOTAS: CopyQuotas = {
  perAccountAndRegion: 100,
  perVaultBeyond: 5,
  perResourceAcrossAccounts: 30,
};

/** What copies need besides the other ports. */
export interface CopyPorts extends ControlPorts {
  readonly copyJobs: CopyJobStore;
  readonly plans: BackupPlanStore;
  readonly catalog: TransactionPort;
  readonly copyPolicies: CopyPolicyPort;
  readonly engineCopy: EngineCopyPort;
  readonly copyQuotas: CopyQuotas;
}
