import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { SourceRecord } from '@holdfast/control';
import { CatalogSourceStore } from '../sources/source-store.ts';
import { CatalogTagStore } from '../tags/tag-store.ts';
import { SCOPE, START } from '../testing/records.ts';
import { forEachDatabase } from '../testing.ts';
import { CatalogSettingsStore } from './settings-store.ts';

forEachDatabase((_name, open) => {
  test('settings are merged into what is stored', async (t) => {
    const store = new CatalogSettingsStore(await open(t));
    assert.equal(await store.getRegionSettings(SCOPE), undefined);
    await store.mergeRegionSettings(SCOPE, { optIn: { EFS: true, S3: true }, management: {} });
    await store.mergeRegionSettings(SCOPE, { optIn: { EFS: false }, management: { EFS: true } });
    assert.deepEqual(await store.getRegionSettings(SCOPE), {
      optIn: { EFS: false, S3: true },
      management: { EFS: true },
    });
    assert.equal(await store.getGlobalSettings('1'), undefined);
    await store.mergeGlobalSettings('1', { settings: { a: '1', b: '2' }, updatedAt: 1 });
    await store.mergeGlobalSettings('1', { settings: { a: '3' }, updatedAt: 2 });
    assert.deepEqual(await store.getGlobalSettings('1'), { settings: { a: '3', b: '2' }, updatedAt: 2 });
  });

  test('tags are replaced by key, and not one is written beyond the limit', async (t) => {
    const store = new CatalogTagStore(await open(t));
    assert.equal(await store.put('1', 'arn:a', { x: '1', y: '2' }, 3), true);
    assert.equal(await store.put('1', 'arn:a', { x: '3', z: '4', more: '5' }, 3), false);
    assert.equal(await store.put('1', 'arn:a', { x: '3', Z: '4' }, 3), true);
    const page = await store.list('1', 'arn:a', { limit: 2 });
    assert.deepEqual(page.items, [
      { key: 'Z', value: '4' },
      { key: 'x', value: '3' },
    ]);
    assert.ok(page.nextKey);
    await store.remove('1', 'arn:a', ['Z', 'none']);
    assert.deepEqual((await store.list('1', 'arn:a', { limit: 9, afterKey: page.nextKey })).items, [
      { key: 'y', value: '2' },
    ]);
    await store.removeAll('1', 'arn:a');
    assert.deepEqual(await store.list('1', 'arn:a', { limit: 9 }), { items: [] });
  });

  test('sources are created once, replaced by the configuration, and removed', async (t) => {
    const store = new CatalogSourceStore(await open(t));
    const source: SourceRecord = {
      ...SCOPE,
      name: 'files',
      kind: 'directory',
      settings: { path: '/srv' },
      tags: { a: 'b' },
      origin: 'api',
      createdAt: START,
      status: 'unchecked',
    };
    assert.equal(await store.create(source), true);
    assert.equal(await store.create(source), false);
    await store.put({ ...source, origin: 'configuration' });
    await store.setStatus(SCOPE, 'files', { status: 'unreachable', statusMessage: 'gone', lastDiscoveredAt: START });
    await store.setStatus(SCOPE, 'files', { status: 'reachable' });
    const expected = { ...source, origin: 'configuration', status: 'reachable', lastDiscoveredAt: START };
    assert.deepEqual(await store.get(SCOPE, 'files'), expected);
    assert.deepEqual((await store.listAll({ limit: 5 })).items, [expected]);
    assert.equal(await store.remove(SCOPE, 'files'), true);
    assert.equal(await store.remove(SCOPE, 'files'), false);
    assert.deepEqual(await store.list(SCOPE, { limit: 5 }), { items: [] });
  });
});
