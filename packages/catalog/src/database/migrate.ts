import { createHash } from 'node:crypto';
import { type Kysely, sql, type Transaction } from 'kysely';
import { CatalogVersionError } from './catalog-version-error.ts';
import type { ConceptMigrations, Migration } from './migration.ts';
import type { CatalogTables } from './schema.ts';

/** The ledger of steps that a catalog has been through. */
export interface MigrationTables {
  catalog_migrations: {
    concept: string;
    number: number;
    name: string;
    checksum: string;
    applied_at: number;
  };
}

const LEDGER = `create table if not exists catalog_migrations (
  concept text not null, number integer not null, name text not null, checksum text not null,
  applied_at bigint not null, primary key (concept, number))`;
/** Any fixed number: servers that start together on PostgreSQL queue up behind it. */
const ADVISORY_LOCK = 7_311_400_001n;

function checksum(migration: Migration): string {
  return createHash('sha256').update(migration.statements.join('\n;\n')).digest('hex').slice(0, 32);
}

/** Translates the few words that differ; see Migration. */
function inWordsOf(kind: 'sqlite' | 'postgres', statement: string): string {
  if (kind === 'sqlite') return statement;
  if (!/^\s*(create table|alter table)/i.test(statement)) return statement;
  return statement.replace(/\btext\b/gi, 'text collate "C"').replace(/\bblob\b/gi, 'bytea');
}

/**
 * Brings the schema up to date, all or nothing; several processes may call it at the same time.
 * @throws CatalogVersionError when the catalog was written by a newer Holdfast, or a released step was edited
 */
export async function migrate(
  database: Kysely<CatalogTables>,
  kind: 'sqlite' | 'postgres',
  concepts: readonly ConceptMigrations[],
  now: () => number,
): Promise<void> {
  await database.transaction().execute(async (tx) => {
    if (kind === 'postgres') await sql`select pg_advisory_xact_lock(${ADVISORY_LOCK})`.execute(tx);
    await sql.raw(inWordsOf(kind, LEDGER)).execute(tx);
    await applyMissing(tx, kind, concepts, now());
  });
}

async function applyMissing(
  tx: Transaction<CatalogTables>,
  kind: 'sqlite' | 'postgres',
  concepts: readonly ConceptMigrations[],
  appliedAt: number,
): Promise<void> {
  const applied = await tx.selectFrom('catalog_migrations').selectAll().execute();
  const unknown = new Map(applied.map((row) => [`${row.concept}/${row.number}`, row]));
  for (const { concept, migrations } of concepts) {
    for (const [index, migration] of migrations.entries()) {
      if (migration.number !== index + 1) throw new Error(`${concept}: migration ${migration.name} is out of order`);
      const key = `${concept}/${migration.number}`;
      const row = unknown.get(key);
      unknown.delete(key);
      if (row === undefined) await apply(tx, kind, concept, migration, appliedAt);
      else if (row.checksum !== checksum(migration)) refuseEdited(concept, migration);
    }
  }
  const [newer] = unknown.values();
  if (newer !== undefined) {
    throw new CatalogVersionError(
      `The catalog was written by a newer Holdfast: it has the schema step ${newer.concept}/${newer.number} ` +
        `(${newer.name}), which this version does not know. Start the newer version, or restore the catalog from ` +
        'before the upgrade.',
    );
  }
}

function refuseEdited(concept: string, migration: Migration): never {
  throw new CatalogVersionError(
    `The catalog was made with another form of the schema step ${concept}/${migration.number} (${migration.name}). ` +
      'It comes from an unreleased version of Holdfast: use that version, or rebuild the catalog from the stores.',
  );
}

async function apply(
  tx: Transaction<CatalogTables>,
  kind: 'sqlite' | 'postgres',
  concept: string,
  migration: Migration,
  appliedAt: number,
): Promise<void> {
  for (const statement of migration.statements) await sql.raw(inWordsOf(kind, statement)).execute(tx);
  await tx
    .insertInto('catalog_migrations')
    .values({
      concept,
      number: migration.number,
      name: migration.name,
      checksum: checksum(migration),
      applied_at: appliedAt,
    })
    .execute();
}
