import { JOB_MIGRATIONS } from '../jobs/migrations.ts';
import type { JobTables } from '../jobs/tables.ts';
import { PLAN_MIGRATIONS } from '../plans/migrations.ts';
import type { PlanTables } from '../plans/tables.ts';
import type { MigrationTables } from './migrate.ts';
import type { ConceptMigrations } from './migration.ts';

/** Every table of the catalog, gathered from the concept folders: each joins this list with its `<Concept>Tables`. */
export interface CatalogTables extends MigrationTables, JobTables, PlanTables {}

/** Every concept's schema steps, in the order in which a new catalog is built. */
export const CATALOG_MIGRATIONS: readonly ConceptMigrations[] = [JOB_MIGRATIONS, PLAN_MIGRATIONS];
