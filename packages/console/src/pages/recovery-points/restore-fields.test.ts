import assert from 'node:assert/strict';
import { test } from 'node:test';
import { areItemsNamed } from './restore-fields.ts';

test('a restore of files goes ahead when every item has a path from the root', () => {
  const named = (items: readonly string[] | undefined) =>
    areItemsNamed({ newFileSystem: 'true', ...(items === undefined ? {} : { ItemsToRestore: JSON.stringify(items) }) });
  assert.deepEqual([undefined, ['/a'], ['/a', ''], ['a'], []].map(named), [true, true, false, false, false]);
});

test('a list of objects that is still being typed breaks nothing', () => {
  assert.ok(areItemsNamed({ ItemsToRestore: '["s3://pho' }));
});
