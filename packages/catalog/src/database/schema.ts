import { AUTHORITY_MIGRATIONS } from '../authority/migrations.ts';
import { BULK_OPERATION_MIGRATIONS } from '../bulk-operations/migrations.ts';
import type { BulkOperationTables } from '../bulk-operations/tables.ts';
import { CONTINUOUS_MIGRATIONS } from '../continuous/migrations.ts';
import type { ContinuousTables } from '../continuous/tables.ts';
import { IDENTITY_MIGRATIONS } from '../identity/migrations.ts';
import type { IdentityTables } from '../identity/tables.ts';
import { JOB_MIGRATIONS } from '../jobs/migrations.ts';
import type { JobTables } from '../jobs/tables.ts';
import { KEY_MIGRATIONS } from '../keys/migrations.ts';
import type { KeyTables } from '../keys/tables.ts';
import { LEGAL_HOLD_MIGRATIONS } from '../legal-holds/migrations.ts';
import type { LegalHoldTables } from '../legal-holds/tables.ts';
import { ORGANIZATION_MIGRATIONS } from '../organizations/migrations.ts';
import type { OrganizationTables } from '../organizations/tables.ts';
import { PLAN_MIGRATIONS } from '../plans/migrations.ts';
import type { PlanTables } from '../plans/tables.ts';
import { PROTECTED_RESOURCE_MIGRATIONS } from '../protected-resources/migrations.ts';
import type { ProtectedResourceTables } from '../protected-resources/tables.ts';
import { RECOVERY_POINT_MIGRATIONS } from '../recovery-points/migrations.ts';
import type { RecoveryPointTables } from '../recovery-points/tables.ts';
import { RESOURCE_MIGRATIONS } from '../resources/migrations.ts';
import type { ResourceTables } from '../resources/tables.ts';
import { SETTINGS_MIGRATIONS } from '../settings/migrations.ts';
import type { SettingsTables } from '../settings/tables.ts';
import { SOURCE_MIGRATIONS } from '../sources/migrations.ts';
import type { SourceTables } from '../sources/tables.ts';
import { TAG_MIGRATIONS } from '../tags/migrations.ts';
import type { TagTables } from '../tags/tables.ts';
import { VAULT_MIGRATIONS } from '../vaults/migrations.ts';
import type { VaultTables } from '../vaults/tables.ts';
import type { MigrationTables } from './migrate.ts';
import type { ConceptMigrations } from './migration.ts';

/** Every table of the catalog, gathered from the concept folders: each joins this list with its `<Concept>Tables`. */
export interface CatalogTables
  extends MigrationTables,
    ContinuousTables,
    BulkOperationTables,
    JobTables,
    ProtectedResourceTables,
    RecoveryPointTables,
    ResourceTables,
    SettingsTables,
    SourceTables,
    TagTables,
    VaultTables,
    PlanTables,
    LegalHoldTables,
    IdentityTables,
    KeyTables,
    OrganizationTables {}

/** Every concept's schema steps, in the order in which a new catalog is built. */
export const CATALOG_MIGRATIONS: readonly ConceptMigrations[] = [
  AUTHORITY_MIGRATIONS,
  PROTECTED_RESOURCE_MIGRATIONS,
  RECOVERY_POINT_MIGRATIONS,
  RESOURCE_MIGRATIONS,
  SETTINGS_MIGRATIONS,
  SOURCE_MIGRATIONS,
  TAG_MIGRATIONS,
  VAULT_MIGRATIONS,
  JOB_MIGRATIONS,
  PLAN_MIGRATIONS,
  LEGAL_HOLD_MIGRATIONS,
  IDENTITY_MIGRATIONS,
  KEY_MIGRATIONS,
  ORGANIZATION_MIGRATIONS,
  CONTINUOUS_MIGRATIONS,
  BULK_OPERATION_MIGRATIONS,
];
