import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { ResourceRecord } from '@holdfast/control';
import { SCOPE, START } from '../testing/records.ts';
import { forEachDatabase } from '../testing.ts';
import { CatalogResourceStore } from './resource-store.ts';

function resource(arn: string, changes: Partial<ResourceRecord> = {}): ResourceRecord {
  return {
    ...SCOPE,
    arn,
    resourceType: 'EFS',
    name: arn,
    sourceName: 'files',
    sourceTags: {},
    localTags: {},
    status: 'available',
    firstSeenAt: START,
    lastSeenAt: START,
    ...changes,
  };
}

forEachDatabase((_name, open) => {
  test('a resource that is found again keeps what users said of it and who made it', async (t) => {
    const store = new CatalogResourceStore(await open(t));
    await store.upsert([resource('a', { createdByRestoreJobId: 'j', localTags: { mine: '1' }, sizeBytes: 5 })]);
    await store.upsert([
      resource('a', { firstSeenAt: START + 9, lastSeenAt: START + 9, path: '/x', sourceTags: { s: '1' } }),
    ]);
    const expected = resource('a', {
      createdByRestoreJobId: 'j',
      localTags: { mine: '1' },
      lastSeenAt: START + 9,
      path: '/x',
      sourceTags: { s: '1' },
    });
    assert.deepEqual(await store.get(SCOPE, 'a'), expected);
    assert.equal(await store.setLocalTags(SCOPE, 'a', { mine: '2' }), true);
    assert.equal(await store.setLocalTags(SCOPE, 'z', {}), false);
    assert.deepEqual((await store.get(SCOPE, 'a'))?.localTags, { mine: '2' });
  });

  test('what a source no longer shows is marked as vanished once, and found by its status', async (t) => {
    const store = new CatalogResourceStore(await open(t));
    await store.upsert([
      resource('a'),
      resource('b'),
      resource('c', { lastSeenAt: START + 5 }),
      resource('d', { sourceName: 'x' }),
    ]);
    assert.deepEqual(await store.markVanished(SCOPE, 'files', START + 5), ['a', 'b']);
    assert.deepEqual(await store.markVanished(SCOPE, 'files', START + 5), []);
    const { items } = await store.list({ ...SCOPE, statuses: ['available'], sourceName: 'files' }, { limit: 10 });
    assert.deepEqual(
      items.map(({ arn }) => arn),
      ['c'],
    );
  });

  test('thousands of resources go in at once and come out page by page in order', async (t) => {
    const store = new CatalogResourceStore(await open(t));
    const arns = Array.from({ length: 2500 }, (_, index) => `arn:${String(index).padStart(5, '0')}`);
    await store.upsert(arns.map((arn) => resource(arn)));
    const listed: string[] = [];
    let afterKey: string | undefined;
    do {
      const page = await store.list(SCOPE, { limit: 999, ...(afterKey === undefined ? {} : { afterKey }) });
      listed.push(...page.items.map(({ arn }) => arn));
      afterKey = page.nextKey;
    } while (afterKey !== undefined);
    assert.deepEqual(listed, arns);
    await store.removeOfSource(SCOPE, 'files');
    assert.deepEqual((await store.list(SCOPE, { limit: 1 })).items, []);
  });
});
