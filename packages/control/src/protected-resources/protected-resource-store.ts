import type { Page, PageRequest } from '../pagination/page.ts';
import type { Scope } from '../scope.ts';

/** A resource that was backed up successfully at least once (API2-81); kept by the commits of recovery points. */
export interface ProtectedResourceRecord extends Scope {
  readonly resourceArn: string;
  readonly resourceType: string;
  readonly resourceName?: string;
  readonly lastBackupAt: number;
  readonly lastBackupVaultArn?: string;
  readonly lastRecoveryPointArn?: string;
  readonly latestRestoreExecutionMinutes?: number;
  readonly latestRestoreJobCreatedAt?: number;
  readonly latestRestoreRecoveryPointCreatedAt?: number;
}

export interface LatestRestore {
  readonly executionMinutes: number;
  readonly jobCreatedAt: number;
  readonly recoveryPointCreatedAt: number;
}

export interface ProtectedResourceStore {
  get(scope: Scope, resourceArn: string): Promise<ProtectedResourceRecord | undefined>;
  /** By resource ARN, ascending. */
  list(scope: Scope, page: PageRequest): Promise<Page<ProtectedResourceRecord>>;
  /** The resources with recovery points in one vault; the "last" members speak of that vault. By resource ARN. */
  listByVault(vaultId: string, page: PageRequest): Promise<Page<ProtectedResourceRecord>>;
  /** Notes a finished restore; does nothing when the resource is not (or no longer) protected. */
  recordRestore(scope: Scope, resourceArn: string, restore: LatestRestore): Promise<void>;
}
