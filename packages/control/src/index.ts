export type {
  BackupJobFacts,
  BackupJobListQuery,
  BackupJobRecord,
  BackupJobState,
  BackupJobStore,
  JobIssueRecord,
  NewBackupJob,
} from './backup-jobs/backup-job-store.ts';
export type { JobCount, JobCountQuery, JobKind, JobSummaryStore } from './job-summaries/job-summary-store.ts';
export type { Page, PageRequest, TimeRange } from './pagination/page.ts';
export type {
  LatestRestore,
  ProtectedResourceRecord,
  ProtectedResourceStore,
} from './protected-resources/protected-resource-store.ts';
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
export type { Scope, Tags } from './scope.ts';
export type { GlobalSettingsRecord, RegionSettingsRecord, SettingsStore } from './settings/settings-store.ts';
export type { SourceRecord, SourceStatus, SourceStore } from './sources/source-store.ts';
export type { TagStore } from './tags/tag-store.ts';
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
