import assert from 'node:assert/strict';
import { connect } from 'node:net';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { test } from 'node:test';
import { freePort, temporaryDirectory } from '@holdfast/testkit';
import { isCatalogUnavailable } from './is-catalog-unavailable.ts';
import { openCatalog } from './open-catalog.ts';

function failureOf(work: () => unknown): unknown {
  try {
    work();
  } catch (error) {
    return error;
  }
  throw new Error('it did not fail');
}

test('a database that another program holds or that cannot be opened is away; a wrong statement is not', (t) => {
  const path = join(temporaryDirectory(t), 'x.db');
  const holder = new DatabaseSync(path);
  const other = new DatabaseSync(path, { timeout: 0 });
  t.after(() => {
    holder.close();
    other.close();
  });
  holder.exec('create table t (x)');
  holder.exec('begin exclusive');
  assert.equal(isCatalogUnavailable(failureOf(() => other.exec('insert into t values (1)'))), true);
  holder.exec('rollback');
  assert.equal(isCatalogUnavailable(failureOf(() => other.exec('insert into nothing values (1)'))), false);
  const nowhere = join(path, 'no', 'such.db');
  assert.equal(isCatalogUnavailable(failureOf(() => new DatabaseSync(nowhere))), true);
});

test('a database server that nobody listens for is away', async () => {
  const port = await freePort();
  const error = await new Promise((resolve) => connect({ port, host: '127.0.0.1' }).once('error', resolve));
  assert.equal(isCatalogUnavailable(error), true);
  assert.equal(isCatalogUnavailable(new AggregateError([error])), true);
  assert.equal(isCatalogUnavailable(Object.assign(new Error('shutting down'), { code: '57P01' })), true);
  assert.equal(isCatalogUnavailable(Object.assign(new Error('duplicate key'), { code: '23505' })), false);
});

test('a closed catalog is away', async (t) => {
  const catalog = await openCatalog(
    { kind: 'sqlite', path: join(temporaryDirectory(t), 'catalog.db') },
    { now: () => 0, onIdleError: () => {} },
  );
  await catalog.close();
  await assert.rejects(catalog.db.selectFrom('vaults').selectAll().execute(), (error) => isCatalogUnavailable(error));
});
