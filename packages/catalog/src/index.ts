/**
 * The catalog: what Holdfast knows, in SQLite (one file) or PostgreSQL (shared by several servers), from one code.
 *
 * Each concept has a folder with the same files:
 *
 * - `tables.ts`: `interface <Concept>Tables`, one member per table, one member per column in snake_case,
 * - `migrations.ts`: `const <CONCEPT>_MIGRATIONS: ConceptMigrations`; see `database/migration.ts` for the column types,
 * - `<thing>-store.ts`: a class over `Catalog` that implements a port of `control`, `jobs`, `engine` or `neighbours`,
 * - `<thing>-store.test.ts`: one suite, run on both databases by `forEachDatabase` of `@holdfast/catalog/testing`.
 *
 * A new folder joins in two places: `database/schema.ts` (its tables and migrations) and this file (its store). Rules:
 *
 * - What is filtered, sorted or unique is a typed column with an index; nested detail is one JSON text column.
 * - Several statements that belong together run inside `catalog.transaction(async () => ...)`; use `catalog.db` for
 *   every statement, which is that transaction inside and the database outside. Stores called within join it. Such work
 *   may run twice (PostgreSQL), so effects on the world go into `catalog.afterCommit`.
 * - Lists go through `readPage`: by key, never by offset, with an index that has the filter first and the key after it.
 */

export { CatalogActivity } from './activity/catalog-activity.ts';
export { CatalogAuthority } from './authority/catalog-authority.ts';
export { CatalogBulkOperationStore } from './bulk-operations/bulk-operation-store.ts';
export { CatalogContinuousBackupStore } from './continuous/continuous-backup-store.ts';
export { controlStores } from './control-stores.ts';
export { CatalogCopyJobStore } from './copies/copy-job-store.ts';
export { Catalog } from './database/catalog.ts';
export { CatalogVersionError } from './database/catalog-version-error.ts';
export { isCatalogUnavailable } from './database/is-catalog-unavailable.ts';
export { type CatalogLocation, type OpenCatalogOptions, openCatalog } from './database/open-catalog.ts';
export { InvalidPageKeyError } from './database/page-key.ts';
export { createIdentityStore } from './identity/identity-store.ts';
export { CatalogBackupJobStore } from './jobs/backup-job-store.ts';
export { CatalogJobSummaryStore } from './jobs/job-summary-store.ts';
export { CatalogJobStore } from './jobs/queue-store.ts';
export { CatalogRestoreJobStore } from './jobs/restore-job-store.ts';
export { type WorkerAtWork, workersAtWork } from './jobs/workers-at-work.ts';
export { createKeyStore } from './keys/key-store.ts';
export { CatalogDueRecoveryPoints } from './legal-holds/due-recovery-points.ts';
export { CatalogLegalHoldStore } from './legal-holds/legal-hold-store.ts';
export { createOrganizationStore } from './organizations/organization-store.ts';
export { CatalogBackupPlanStore } from './plans/backup-plan-store.ts';
export { CatalogBackupSelectionStore } from './plans/backup-selection-store.ts';
export { CatalogProtectedResourceStore } from './protected-resources/protected-resource-store.ts';
export { CatalogRecoveryPointStore } from './recovery-points/recovery-point-store.ts';
export { CatalogResourceStore } from './resources/resource-store.ts';
export { CatalogSearch } from './search/catalog-search.ts';
export { CatalogSettingsStore } from './settings/settings-store.ts';
export { CatalogSourceStore } from './sources/source-store.ts';
export { CatalogTagStore } from './tags/tag-store.ts';
export { CatalogVaultStore } from './vaults/vault-store.ts';
