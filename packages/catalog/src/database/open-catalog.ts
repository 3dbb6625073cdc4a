import { Kysely } from 'kysely';
import { Catalog } from './catalog.ts';
import { migrate } from './migrate.ts';
import { NodeSqliteDialect } from './node-sqlite-dialect.ts';
import { postgresDialect } from './postgres-dialect.ts';
import { CATALOG_MIGRATIONS, type CatalogTables } from './schema.ts';

/** Where the catalog is: one file, or a PostgreSQL database that several servers share. */
export type CatalogLocation =
  | { readonly kind: 'sqlite'; readonly path: string }
  | { readonly kind: 'postgres'; readonly connectionString: string };

export interface OpenCatalogOptions {
  /** The current time in ms since the epoch. */
  readonly now: () => number;
  /** Hears of connections to PostgreSQL that broke while idle; they are replaced at the next query. */
  readonly onIdleError?: (error: Error) => void;
}

/**
 * Opens the catalog and brings its schema up to date.
 * @throws CatalogVersionError when the catalog was written by a newer Holdfast
 */
export async function openCatalog(location: CatalogLocation, options: OpenCatalogOptions): Promise<Catalog> {
  const root = new Kysely<CatalogTables>({
    dialect:
      location.kind === 'sqlite'
        ? new NodeSqliteDialect(location.path)
        : postgresDialect(location.connectionString, options.onIdleError ?? (() => {})),
  });
  try {
    await migrate(root, location.kind, CATALOG_MIGRATIONS, options.now);
    return new Catalog(location.kind, root);
  } catch (error) {
    await root.destroy();
    throw error;
  }
}
