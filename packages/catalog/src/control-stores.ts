import type { ControlStores } from '@holdfast/control';
import { CatalogContinuousBackupStore } from './continuous/continuous-backup-store.ts';
import type { Catalog } from './database/catalog.ts';
import { CatalogBackupJobStore } from './jobs/backup-job-store.ts';
import { CatalogJobSummaryStore } from './jobs/job-summary-store.ts';
import { CatalogRestoreJobStore } from './jobs/restore-job-store.ts';
import { CatalogProtectedResourceStore } from './protected-resources/protected-resource-store.ts';
import { CatalogRecoveryPointStore } from './recovery-points/recovery-point-store.ts';
import { CatalogResourceStore } from './resources/resource-store.ts';
import { CatalogSettingsStore } from './settings/settings-store.ts';
import { CatalogSourceStore } from './sources/source-store.ts';
import { CatalogTagStore } from './tags/tag-store.ts';
import { CatalogVaultStore } from './vaults/vault-store.ts';

/** All stores that the control plane needs, on one catalog. `now` judges leases, in ms since the epoch. */
export function controlStores(catalog: Catalog, now: () => number): ControlStores {
  return {
    vaults: new CatalogVaultStore(catalog),
    recoveryPoints: new CatalogRecoveryPointStore(catalog, now),
    protectedResources: new CatalogProtectedResourceStore(catalog),
    resources: new CatalogResourceStore(catalog),
    sources: new CatalogSourceStore(catalog),
    tags: new CatalogTagStore(catalog),
    settings: new CatalogSettingsStore(catalog),
    backupJobs: new CatalogBackupJobStore(catalog),
    restoreJobs: new CatalogRestoreJobStore(catalog),
    continuousBackups: new CatalogContinuousBackupStore(catalog),
    jobSummaries: new CatalogJobSummaryStore(catalog),
  };
}
