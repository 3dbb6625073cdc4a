import assert from 'node:assert/strict';
import { it } from 'node:test';
import { displayPath, namesFromPath } from './item-paths.ts';

it('shows paths to people without control characters, and bytes that are no text as they are', () => {
  assert.equal(displayPath(new Uint8Array(0)), '/');
  assert.equal(displayPath(Buffer.from('café/x')), 'café/x');
  assert.equal(displayPath(Buffer.from('a\n\x1b[31m')), 'a\\x0a\\x1b[31m');
  assert.equal(displayPath(Buffer.from('\xff', 'latin1')), '\\xff');
  assert.ok(displayPath(Buffer.alloc(5000, 'x')).length <= 300);
});

it('refuses paths that could lead out of a tree', () => {
  for (const path of ['..', 'a/../b', '.', '/a', 'a/', 'a//b', 'a\0b']) {
    assert.throws(() => namesFromPath(Buffer.from(path)), RangeError, path);
  }
  assert.deepEqual(namesFromPath(Buffer.from('...')), ['...']);
});
