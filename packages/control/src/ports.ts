/**
 * What the control plane needs from the rest of the house. Rules and actions know these interfaces only; the server
 * plugs the catalog, the engine, the connectors and the neighbours in.
 */
import type { Connector, ConnectorDescriptor, ResourceType } from '@holdfast/connectors/sdk';
import type { RequestContext } from '@holdfast/wire';
import type { BackupJobStore } from './backup-jobs/backup-job-store.ts';
import type { ContinuousBackupStore } from './continuous/continuous-backup-store.ts';
import type { ControlEvent } from './events/control-event.ts';
import type { JobSummaryStore } from './job-summaries/job-summary-store.ts';
import type { ProtectedResourceStore } from './protected-resources/protected-resource-store.ts';
import type { RecoveryPointRecord, RecoveryPointStore } from './recovery-points/recovery-point-store.ts';
import type { VaultRepositories } from './recovery-points/vault-repositories.ts';
import type { ResourceStore } from './resources/resource-store.ts';
import type { RestoreJobStore } from './restore-jobs/restore-job-store.ts';
import type { RoleRight } from './roles/role-right.ts';
import type { Scope } from './scope.ts';
import type { SettingsStore } from './settings/settings-store.ts';
import type { SourceRecord, SourceStore } from './sources/source-store.ts';
import type { TagStore } from './tags/tag-store.ts';
import type { EncryptionKeyType, VaultStore } from './vaults/vault-store.ts';

export interface ControlStores {
  readonly vaults: VaultStore;
  readonly recoveryPoints: RecoveryPointStore;
  readonly protectedResources: ProtectedResourceStore;
  readonly resources: ResourceStore;
  readonly sources: SourceStore;
  readonly tags: TagStore;
  readonly settings: SettingsStore;
  readonly backupJobs: BackupJobStore;
  readonly restoreJobs: RestoreJobStore;
  readonly continuousBackups: ContinuousBackupStore;
  readonly jobSummaries: JobSummaryStore;
}

export interface Identifiers {
  /** A new random UUID in lower case. */
  uuid(): string;
  /** `prefix` and `digits` random hexadecimal digits, for identifiers such as `fs-0123456789abcdef0`. */
  hex(prefix: string, digits: number): string;
}

export type KeyResolution =
  | { readonly ok: true; readonly keyArn: string; readonly keyType: EncryptionKeyType }
  | { readonly ok: false; readonly reason: string };

export interface KeyPort {
  /**
   * The key of a vault that is about to be made. Without an ARN: the default key of the scope, the same for ever
   * (VAULT-11). With an ARN, `caller` must be allowed to let the service use that key.
   * @throws ServiceError AccessDeniedException that names what the caller lacks
   */
  resolve(scope: Scope, keyArn: string | undefined, caller?: RequestContext): Promise<KeyResolution>;
  /** Whether the service can use the key now. */
  check(keyArn: string): Promise<RoleCheck>;
}

export type RoleCheck = { readonly ok: true } | { readonly ok: false; readonly reason: string };

export interface RolePort {
  /** Whether the role exists and the backup service may assume it now. */
  assume(accountId: string, roleArn: string): Promise<RoleCheck>;
  /** Whether the service, with this role, has every one of the rights now; the reason names the first that is missing. */
  mayUse(accountId: string, roleArn: string, rights: readonly RoleRight[]): Promise<RoleCheck>;
  /** The same for deleting: where the role fails, the service-linked role of the account is asked (IAM-7). */
  mayDelete(accountId: string, roleArn: string, rights: readonly RoleRight[]): Promise<RoleCheck>;
  /** Makes the service-linked role of the account unless it is there (IAM-81). */
  ensureServiceLinkedRole(accountId: string): Promise<void>;
  /** The default service role of the account, made if it is missing (PLAN-12). */
  defaultRoleArn(accountId: string): Promise<string>;
  /** Whether a principal of a policy (account, role, user) exists. */
  principalExists(principal: string): Promise<boolean>;
}

export interface OrganizationMembership {
  readonly organizationId: string;
  readonly managementAccountId: string;
  readonly isManagementAccount: boolean;
  readonly isDelegatedAdministrator: boolean;
  readonly accountIds: readonly string[];
}

export interface OrganizationPort {
  /** Undefined for an account that is in no organisation. */
  membership(accountId: string): Promise<OrganizationMembership | undefined>;
}

/** Vaults of other accounts that are shared with this one. */
export interface VaultSharePort {
  /** IDs of the vaults shared with the account in the region, ascending. */
  sharedWith(scope: Scope): Promise<readonly string[]>;
}

/** Legal holds as far as deleting needs them. */
export interface HoldPort {
  /** The titles or ARNs of the active holds on a recovery point; empty when it is free. */
  holdsOn(recoveryPoint: RecoveryPointRecord): Promise<readonly string[]>;
  /** Whether a cancelled hold is still being taken off it. */
  isBeingReleased(recoveryPoint: RecoveryPointRecord): Promise<boolean>;
}

/** Copies as far as deleting needs them; the store of copy jobs answers it. */
export interface CopyActivityPort {
  isCopying(sourceVaultId: string, sourceRecoveryPointArn: string): Promise<boolean>;
}

export interface ConnectorPort {
  descriptors(): readonly ConnectorDescriptor[];
  /** The types for which a connector is installed. */
  resourceTypes(): readonly ResourceType[];
  /** Opens a source; the caller disposes of it. @throws ConnectorError when it cannot be reached. */
  open(source: SourceRecord): Promise<Connector>;
  /** Validates settings and checks that its secret references can be resolved. @throws ConnectorError `invalid-request`. */
  validateSettings(kind: string, settings: Readonly<Record<string, unknown>>): Promise<Record<string, unknown>>;
}

export type StopResult = 'stopping' | 'finished' | 'not-found';

/** The queue as far as actions touch it; executors get the rest from the jobs package. */
export interface JobControlPort {
  /** Ends a waiting job at once and tells a running one to stop. */
  requestStop(jobId: string, reason: string): Promise<StopResult>;
  /** Wakes a worker for a job that was just written. */
  wake(): void;
}

/** Work that outlives the request that caused it; the server finishes it or hands it back when it stops. */
export interface BackgroundPort {
  run(name: string, task: () => Promise<void>): void;
}

/** Quotas of the installation (QUOTA-2), each a setting with AWS's default. */
export interface Quotas {
  readonly vaultsPerRegion: number;
  readonly tagsPerResource: number;
  /** How far back ListBackupJobs reaches, in ms. */
  readonly backupJobWindowMs: number;
}

export const DEFAULT_QUOTAS: Quotas = {
  vaultsPerRegion: 300,
  tagsPerResource: 50,
  backupJobWindowMs: 30 * 86_400_000,
};

export interface ControlPorts {
  readonly clock: { now(): number };
  readonly ids: Identifiers;
  readonly stores: ControlStores;
  readonly keys: KeyPort;
  readonly roles: RolePort;
  readonly organization: OrganizationPort;
  readonly vaultShares: VaultSharePort;
  readonly holds: HoldPort;
  readonly copies: CopyActivityPort;
  readonly repositories: VaultRepositories;
  readonly connectors: ConnectorPort;
  readonly jobControl: JobControlPort;
  readonly background: BackgroundPort;
  readonly quotas: Quotas;
  emit(event: ControlEvent): void;
  log(level: 'debug' | 'info' | 'warn' | 'error', message: string, fields?: Readonly<Record<string, unknown>>): void;
}
