import assert from 'node:assert/strict';
import { test } from 'node:test';
import { sql } from 'kysely';
import { forEachDatabase } from '../testing.ts';
import { openCatalog } from './open-catalog.ts';

const options = { now: () => 1_700_000_000_000 };

forEachDatabase((_name, open) => {
  test('several processes may open a new catalog at the same time, and each finds it complete', async (t) => {
    const location = await open.location(t);
    const catalogs = await Promise.all([1, 2, 3].map(() => openCatalog(location, options)));
    for (const catalog of catalogs) {
      t.after(() => catalog.close());
      await catalog.db.selectFrom('catalog_migrations').selectAll().execute();
    }
  });

  test('a catalog of a newer version is refused with the step that is unknown', async (t) => {
    const location = await open.location(t);
    const catalog = await openCatalog(location, options);
    await catalog.db
      .insertInto('catalog_migrations')
      .values({ concept: 'moon', number: 1, name: 'create-moon', checksum: 'x', applied_at: 1 })
      .execute();
    await catalog.close();
    await assert.rejects(openCatalog(location, options), { name: 'CatalogVersionError', message: /newer.*moon\/1/ });
  });

  test('a transaction that throws leaves nothing behind, and its effects do not happen', async (t) => {
    const catalog = await open(t);
    await sql`create table scratch (n integer primary key)`.execute(catalog.db);
    let effects = 0;
    const failing = catalog.transaction(async () => {
      await sql`insert into scratch values (1)`.execute(catalog.db);
      catalog.afterCommit(() => {
        effects += 1;
      });
      throw new Error('changed my mind');
    });
    await assert.rejects(failing, /changed my mind/);
    const { rows } = await sql`select n from scratch`.execute(catalog.db);
    assert.deepEqual(rows, []);
    assert.equal(effects, 0);
  });

  test('a transaction within a transaction is part of it', async (t) => {
    const catalog = await open(t);
    await sql`create table scratch (n integer primary key)`.execute(catalog.db);
    const failing = catalog.transaction(async () => {
      await catalog.transaction(async () => {
        await sql`insert into scratch values (1)`.execute(catalog.db);
      });
      throw new Error('outer');
    });
    await assert.rejects(failing, /outer/);
    const { rows } = await sql`select n from scratch`.execute(catalog.db);
    assert.deepEqual(rows, []);
  });

  test('concurrent transactions that read and then write lose no update, also across two openings', async (t) => {
    const location = await open.location(t);
    const catalogs = await Promise.all([1, 2].map(() => openCatalog(location, options)));
    for (const catalog of catalogs) t.after(() => catalog.close());
    const [first] = catalogs;
    assert.ok(first);
    await sql`create table counter (n integer not null)`.execute(first.db);
    await sql`insert into counter values (0)`.execute(first.db);
    const increments = catalogs.flatMap((catalog) =>
      Array.from({ length: 20 }, () =>
        catalog.transaction(async () => {
          const { rows } = await sql<{ n: number }>`select n from counter`.execute(catalog.db);
          await sql`update counter set n = ${(rows[0]?.n ?? 0) + 1}`.execute(catalog.db);
        }),
      ),
    );
    await Promise.all(increments);
    const { rows } = await sql<{ n: number }>`select n from counter`.execute(first.db);
    assert.deepEqual(
      rows.map(({ n }) => n),
      [40],
    );
  });

  test('a reader is served while a transaction is open, and sees nothing of it', async (t) => {
    const catalog = await open(t);
    const row = { concept: 'x', number: 1, name: 'x', checksum: 'x', applied_at: 1 };
    const before = await countMigrations();
    const { promise: goOn, resolve: letGoOn } = Promise.withResolvers<void>();
    const { promise: written, resolve: hasWritten } = Promise.withResolvers<void>();
    const writing = catalog.transaction(async () => {
      await catalog.db.insertInto('catalog_migrations').values(row).execute();
      hasWritten();
      await goOn;
    });
    await written;
    assert.equal(await countMigrations(), before);
    letGoOn();
    await writing;
    assert.equal(await countMigrations(), before + 1);

    async function countMigrations(): Promise<number> {
      return (await catalog.db.selectFrom('catalog_migrations').selectAll().execute()).length;
    }
  });
});
