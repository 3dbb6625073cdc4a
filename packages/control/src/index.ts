export type { ActivityEvent, ActivityPort } from './activity/activity-port.ts';
export type { BulkPorts } from './admin/actions/bulk-actions.ts';
export type { WorkerView } from './admin/actions/job-actions.ts';
export type { SearchPorts } from './admin/actions/search-actions.ts';
export { type AdminOperations, holdfast } from './admin/admin-service.ts';
export { createAdminService, type ServerFacts } from './admin/create-admin-service.ts';
export { type BackupHandlers, createBackupHandlers } from './backup-handlers.ts';
export type {
  BackupJobFacts,
  BackupJobListQuery,
  BackupJobRecord,
  BackupJobState,
  BackupJobStore,
  JobIssueRecord,
  NewBackupJob,
} from './backup-jobs/backup-job-store.ts';
export { type BackupJobRequest, newBackupJob } from './backup-jobs/new-backup-job.ts';
export { backupJobExecutor } from './backup-jobs/run-backup-job.ts';
export type {
  BulkCaller,
  BulkItemOutcome,
  BulkItemRecord,
  BulkItemState,
  BulkOperationRecord,
  NewBulkOperation,
} from './bulk-operations/bulk-operation.ts';
export type { BulkLease, BulkOperationStore } from './bulk-operations/bulk-operation-store.ts';
export { BulkRunner, type BulkRunnerPorts } from './bulk-operations/bulk-runner.ts';
export { capabilitiesOf } from './capabilities/capabilities-of.ts';
export { CAPABILITY_MATRIX, type CapabilityRow } from './capabilities/capability-matrix.ts';
export {
  type ContinuousBackupRecord,
  type ContinuousBackupStore,
  type ContinuousBase,
  type ContinuousChange,
  type ContinuousCondition,
  type ContinuousError,
  type ContinuousState,
  LIVE_STATES,
  type WindowGap,
} from './continuous/continuous-backup-store.ts';
export { ContinuousHost, type ContinuousHostOptions } from './continuous/continuous-host.ts';
export type { ContinuousRetention } from './continuous/continuous-retention.ts';
export { type ContinuousSettings, DEFAULT_CONTINUOUS_SETTINGS } from './continuous/continuous-settings.ts';
export { type ContinuousTick, type ContinuousTickPorts, runContinuousTick } from './continuous/continuous-tick.ts';
export type {
  CopyJobFacts,
  CopyJobListQuery,
  CopyJobRecord,
  CopyJobStore,
  NewCopyJob,
  RunningCopies,
} from './copies/copy-job-store.ts';
export {
  type CopyPermissionRequest,
  type CopyPolicyPort,
  type CopyPorts,
  DEFAULT_COPY_QUOTAS,
  type EngineCopyPort,
  type EngineCopyRequest,
} from './copies/copy-ports.ts';
export { createCopyHandlers } from './copies/create-copy-handlers.ts';
export { engineCopyPort } from './copies/engine-copy.ts';
export { withPlannedCopies } from './copies/planned-copies.ts';
export { copyJobExecutor } from './copies/run-copy-job.ts';
export type { ControlEvent } from './events/control-event.ts';
export { jobStateListener } from './events/job-state-listener.ts';
export type { JobCount, JobCountQuery, JobKind, JobSummaryStore } from './job-summaries/job-summary-store.ts';
export { createLegalHoldHandlers } from './legal-holds/create-legal-hold-handlers.ts';
export { enforceLegalHolds } from './legal-holds/enforce-legal-hold.ts';
export { holdPort, legalHoldTagTarget } from './legal-holds/hold-port.ts';
export { DEFAULT_LEGAL_HOLDS_PER_ACCOUNT, type LegalHoldPorts } from './legal-holds/legal-hold-ports.ts';
export {
  type HeldContent,
  type HeldRecoveryPoint,
  type LegalHoldCriteria,
  type LegalHoldRecord,
  type LegalHoldStatus,
  type LegalHoldStore,
  type RecoveryPointKey,
  recoveryPointKey,
} from './legal-holds/legal-hold-store.ts';
export { type FoundHeldRecoveryPoint, recoverLegalHolds } from './legal-holds/recover-legal-holds.ts';
export { engineColdStorage } from './lifecycle/engine-cold-storage.ts';
export { type ExpiryDelay, expiryDelay } from './lifecycle/expiry-delay.ts';
export type { ColdStoragePort, DueRecoveryPoints, LifecyclePorts } from './lifecycle/lifecycle-ports.ts';
export { type LifecycleTick, runLifecycleTick } from './lifecycle/lifecycle-tick.ts';
export type { EffectiveBackupPolicy, EffectivePolicyPort } from './organization-plans/organization-plan-ports.ts';
export { organizationPlanRounds } from './organization-plans/organization-plans.ts';
export type { Page, PageRequest, TimeRange } from './pagination/page.ts';
export type {
  BackupPlanDocument,
  BackupPlanRecord,
  BackupPlanVersionRecord,
  MissedOccurrences,
  RuleCursor,
} from './plans/backup-plan.ts';
export type { BackupPlanStore, NewBackupPlanVersion } from './plans/backup-plan-store.ts';
export { createPlanHandlers } from './plans/create-plan-handlers.ts';
export { DEFAULT_PLAN_QUOTAS, type PlanPorts, type TransactionPort } from './plans/plan-ports.ts';
export { planTagTarget } from './plans/plan-tag-target.ts';
export { type PlanPreview, previewPlan } from './plans/preview-plan.ts';
export type { SchedulerPorts } from './plans/scheduler-ports.ts';
export { runSchedulerTick, type SchedulerTick } from './plans/scheduler-tick.ts';
export { type ScopeSnapshot, takeScopeSnapshot } from './plans/scope-snapshot.ts';
export {
  type BackgroundPort,
  type ConnectorPort,
  type ControlPorts,
  type ControlStores,
  type CopyActivityPort,
  DEFAULT_QUOTAS,
  type HoldPort,
  type Identifiers,
  type JobControlPort,
  type KeyPort,
  type KeyResolution,
  type OrganizationMembership,
  type OrganizationPort,
  type Quotas,
  type RoleCheck,
  type RolePort,
  type StopResult,
  type VaultSharePort,
} from './ports.ts';
export type {
  LatestRestore,
  ProtectedResourceRecord,
  ProtectedResourceStore,
} from './protected-resources/protected-resource-store.ts';
export { finishDeletion, resumeDeletions, startDeletion } from './recovery-points/delete-recovery-point.ts';
export {
  type DeletionDecision,
  type DeletionFacts,
  type DeletionPlan,
  planDeletion,
} from './recovery-points/deletion-plan.ts';
export {
  type FoundRecoveryPoint,
  type RecoveredRecords,
  recoverVaultRecords,
} from './recovery-points/recover-vault-records.ts';
export type {
  JobFence,
  Lifecycle,
  RecoveryPointChange,
  RecoveryPointCommit,
  RecoveryPointCreator,
  RecoveryPointListQuery,
  RecoveryPointRecord,
  RecoveryPointStatus,
  RecoveryPointStore,
  StorageClass,
} from './recovery-points/recovery-point-store.ts';
export { type DraftRecoveryPoint, readSealedFacts, type SealedFacts } from './recovery-points/sealed-facts.ts';
export type { VaultRepositories, VaultRepository, WarmUpProgress } from './recovery-points/vault-repositories.ts';
export type { ResourceListQuery, ResourceRecord, ResourceStore } from './resources/resource-store.ts';
export { effectiveTags } from './resources/resource-store.ts';
export type {
  DeletionStatus,
  NewRestoreJob,
  RestoreJobFacts,
  RestoreJobListQuery,
  RestoreJobRecord,
  RestoreJobStatus,
  RestoreJobStore,
  ValidationStatus,
} from './restore-jobs/restore-job-store.ts';
export { restoreJobExecutor } from './restore-jobs/run-restore-job.ts';
export type { RoleRight } from './roles/role-right.ts';
export { type PeriodicTask, startPeriodicTask } from './schedule/periodic-task.ts';
export type { Scope, Tags } from './scope.ts';
export type {
  JobSearch,
  JobSort,
  RecoveryPointSearch,
  RecoveryPointSort,
  ResourceSearch,
  SearchPort,
} from './search/search-port.ts';
export type {
  BackupSelectionDocument,
  BackupSelectionRecord,
  BackupSelectionStore,
} from './selections/backup-selection-store.ts';
export type { GlobalSettingsRecord, RegionSettingsRecord, SettingsStore } from './settings/settings-store.ts';
export { type Discovery, discoverAllSources, discoverResources } from './sources/discover-resources.ts';
export type { SourceRecord, SourceStatus, SourceStore } from './sources/source-store.ts';
export type { TagStore } from './tags/tag-store.ts';
export type { TagTarget } from './tags/tag-target.ts';
export { createVault, type NewVault } from './vaults/create-vault.ts';
export { ensureDefaultVault } from './vaults/ensure-default-vault.ts';
export { sealLockedVaults } from './vaults/seal-locked-vaults.ts';
export { isImmutable } from './vaults/vault-lock-rules.ts';
export type {
  BackupVaultRecord,
  CreateVaultResult,
  DeleteVaultResult,
  EncryptionKeyType,
  VaultListQuery,
  VaultLock,
  VaultNotifications,
  VaultState,
  VaultStore,
  VaultType,
} from './vaults/vault-store.ts';
