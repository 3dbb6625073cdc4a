import { after, describe, type TestContext, test } from 'node:test';
import { type PostgresServer, postgresBinDirectory, startPostgres, temporaryDirectory } from '@holdfast/testkit';
import pg from 'pg';
import type { Catalog } from '../database/catalog.ts';
import { type CatalogLocation, openCatalog } from '../database/open-catalog.ts';

/** Where clean-up is registered: a test's context, or the hooks of a suite. */
interface CleansUp {
  after(fn: () => void): void;
}

/** Opens a new empty catalog that is closed when the test ends. */
export interface OpenTestCatalog {
  (t: TestContext): Promise<Catalog>;
  /** A place for a new catalog, for tests that open it several times. */
  location(t: CleansUp): Promise<CatalogLocation>;
}

/**
 * Runs one suite against SQLite and against a real PostgreSQL, which is started once per test file. Without PostgreSQL
 * that half is one skipped test with the reason (in CI, HOLDFAST_NO_SKIPS=1, it fails).
 */
export function forEachDatabase(suite: (name: 'sqlite' | 'postgres', open: OpenTestCatalog) => void): void {
  describe('on SQLite', () => suite('sqlite', openerFor(sqliteLocation)));
  if (postgresBinDirectory() === undefined && process.env.HOLDFAST_NO_SKIPS !== '1') {
    test('on PostgreSQL', { skip: 'PostgreSQL is not installed' }, () => {});
    return;
  }
  describe('on PostgreSQL', () => {
    let server: Promise<PostgresServer> | undefined;
    let databases = 0;
    after(async () => {
      await (await server)?.stop();
    });
    suite(
      'postgres',
      openerFor(async () => {
        server ??= startPostgres();
        databases += 1;
        return await newDatabase(await server, `catalog_${databases}`);
      }),
    );
  });
}

async function sqliteLocation(t: CleansUp): Promise<CatalogLocation> {
  return { kind: 'sqlite', path: `${temporaryDirectory(t, 'holdfast-catalog-')}/catalog.db` };
}

async function newDatabase(server: PostgresServer, name: string): Promise<CatalogLocation> {
  const client = new pg.Client({ connectionString: server.connectionString() });
  await client.connect();
  await client.query(`create database ${name}`);
  await client.end();
  return { kind: 'postgres', connectionString: server.connectionString(name) };
}

function openerFor(location: (t: CleansUp) => Promise<CatalogLocation>): OpenTestCatalog {
  const open = async (t: TestContext) => {
    const catalog = await openCatalog(await location(t), { now: () => Date.UTC(2024, 0, 1) });
    t.after(() => catalog.close());
    return catalog;
  };
  return Object.assign(open, { location });
}
