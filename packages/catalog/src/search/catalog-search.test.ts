import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { JobSearch, Page, PageRequest } from '@holdfast/control';
import { sql } from 'kysely';
import { controlStores } from '../control-stores.ts';
import type { Catalog } from '../database/catalog.ts';
import { makeBackupJob, makeRecoveryPoint, makeRestoreJob, makeVault, SCOPE, START } from '../testing/records.ts';
import { forEachDatabase } from '../testing.ts';
import { CatalogSearch } from './catalog-search.ts';
import { containsText, scanPage } from './scan-page.ts';

const NEWEST: JobSearch = { ...SCOPE, kind: 'backup', sortBy: 'created', isAscending: false };

/** Follows a list to its end. */
async function all(read: (page: PageRequest) => Promise<Page<string>>, limit: number): Promise<readonly string[]> {
  const found: string[] = [];
  let afterKey: string | undefined;
  do {
    const page = await read(afterKey === undefined ? { limit } : { limit, afterKey });
    assert.ok(page.items.length <= limit);
    found.push(...page.items);
    afterKey = page.nextKey;
  } while (afterKey !== undefined);
  return found;
}

async function withJobs(catalog: Catalog): Promise<CatalogSearch> {
  const stores = controlStores(catalog, () => START);
  for (const [index, name] of ['Ledgers', 'photos', 'ledger_2', 'mail'].entries()) {
    const createdAt = START + index * 1000;
    await stores.backupJobs.create(makeBackupJob(`j${index}`, { createdAt, resourceName: name }));
  }
  await stores.backupJobs.create(makeBackupJob('far', { accountId: '999999999999', resourceName: 'ledgers' }));
  await stores.restoreJobs.create(makeRestoreJob('r0'));
  return new CatalogSearch(catalog);
}

forEachDatabase((_name, open) => {
  test('jobs are found by a part of a name in any case, and nobody finds those of another account', async (t) => {
    const search = await withJobs(await open(t));
    const find = (text: string, more: Partial<JobSearch> = {}) =>
      all((page) => search.jobIds({ ...NEWEST, text, ...more }, page), 1);
    assert.deepEqual(await find('LEDGER'), ['j2', 'j0']);
    assert.deepEqual(await find('ledger_'), ['j2'], 'what has a meaning for the database has none here');
    assert.deepEqual(await find('file-system/fs-j3'), ['j3']);
    assert.deepEqual(await find('resourceName'), [], 'names of columns are no content');
    assert.deepEqual(await find('ledger', { isAscending: true }), ['j0', 'j2']);
    assert.deepEqual(await find('ledger', { created: { after: START } }), ['j2']);
    assert.deepEqual(await find('ledger', { kind: 'restore' }), []);
  });

  test('every order goes through the pages both ways', async (t) => {
    const search = await withJobs(await open(t));
    for (const sortBy of ['created', 'state', 'resource', 'resource-type', 'vault'] as const) {
      const up = await all((page) => search.jobIds({ ...NEWEST, sortBy, isAscending: true }, page), 3);
      const down = await all((page) => search.jobIds({ ...NEWEST, sortBy }, page), 3);
      assert.deepEqual(up, ['j0', 'j1', 'j2', 'j3'], sortBy);
      assert.deepEqual([...down].reverse(), up, sortBy);
    }
  });

  test('a search that looks at a part of the list only goes on where it stopped', async (t) => {
    const catalog = await open(t);
    await withJobs(catalog);
    const query = catalog.db.selectFrom('jobs').selectAll().where('kind', '=', 'backup');
    const pages: (readonly string[])[] = [];
    let afterKey: string | undefined;
    do {
      const page = await scanPage(
        query,
        containsText([sql.ref('job_id')], 'j0'),
        {
          list: 'test',
          filter: {},
          columns: ['created_at', 'job_id'],
          direction: 'desc',
          page: afterKey === undefined ? { limit: 5 } : { limit: 5, afterKey },
        },
        2,
      );
      pages.push(page.items.map(({ job_id }) => job_id));
      afterKey = page.nextKey;
    } while (afterKey !== undefined);
    assert.deepEqual(pages, [[], ['j0'], []]);
  });

  test('recovery points, resources and protected resources are found as well', async (t) => {
    const catalog = await open(t);
    const stores = controlStores(catalog, () => START);
    const search = new CatalogSearch(catalog);
    const vault = makeVault('Default');
    await stores.vaults.create(vault, {}, 10);
    for (const id of ['a', 'b']) {
      const resourceArn = `arn:aws:s3:::bucket-${id}`;
      const point = makeRecoveryPoint(id, 'Default', { resourceArn, resourceName: `Bucket ${id}`, resourceType: 'S3' });
      await stores.recoveryPoints.commit({ recoveryPoint: point, tags: {} });
    }
    const common = { ...SCOPE, text: 'bucket B', isAscending: true };
    const points = { ...common, vaultId: vault.vaultId, sortBy: 'resource' as const };
    assert.deepEqual((await search.recoveryPointArns(points, { limit: 9 })).items, [makeRecoveryPoint('b', 'x').arn]);
    assert.deepEqual((await search.protectedResourceArns(common, { limit: 9 })).items, ['arn:aws:s3:::bucket-b']);
    assert.deepEqual((await search.resourceArns(common, { limit: 9 })).items, []);
  });
});
