import { sql } from 'kysely';
import type { Catalog } from '../database/catalog.ts';
import { AUTHORITY_MIGRATIONS } from './migrations.ts';

/** Makes the authority new, which is much faster than a new database for each case. */
export async function emptyAuthorityTables(catalog: Catalog): Promise<void> {
  const statements = AUTHORITY_MIGRATIONS.migrations.flatMap((migration) => migration.statements);
  for (const statement of statements) {
    const table = /create table (\w+)/.exec(statement)?.[1];
    if (table !== undefined) await sql.raw(`delete from ${table}`).execute(catalog.db);
  }
}
