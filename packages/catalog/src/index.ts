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
export { Catalog } from './database/catalog.ts';
export { CatalogVersionError } from './database/catalog-version-error.ts';
export { type CatalogLocation, type OpenCatalogOptions, openCatalog } from './database/open-catalog.ts';
export { InvalidPageKeyError } from './database/page-key.ts';
