import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { fc } from '@holdfast/testkit/properties';
import { keyOfPath, nameOfKey, pathOf, sortKeyOf, versionName } from './item-paths.ts';

/** Keys full of what the writing of names treats specially. */
const tricky = fc.string({
  unit: fc.constantFrom('.', '/', '~', '}', '0', '-', '\0', '\x01', '\x02', 'a', 'é', '\u{10ffff}'),
});
const keys = fc.oneof(
  tricky,
  fc.string({ unit: 'binary' }).map((key) => key.toWellFormed()),
);

function sign(value: number): number {
  return value < 0 ? -1 : value > 0 ? 1 : 0;
}

function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

describe('Item paths of objects', () => {
  it('lead back to the key', () => {
    fc.assert(
      fc.property(keys, fc.nat(), (key, at) => {
        assert.equal(keyOfPath(pathOf(key, at, 'v-1')), key);
      }),
    );
  });

  it('hold one slash and no zero byte, so that the engine takes them', () => {
    fc.assert(
      fc.property(keys, (key) => {
        const name = nameOfKey(key);
        assert.ok(!name.includes('/') && !name.includes('\0'), name);
      }),
    );
  });

  it('have the order in which a store lists keys', () => {
    fc.assert(
      fc.property(keys, keys, fc.nat(), fc.nat(), (a, b, atA, atB) => {
        const expected = Buffer.compare(Buffer.from(a), Buffer.from(b)) || sign(atB - atA);
        const actual = compareText(sortKeyOf(pathOf(a, atA, 'v')), sortKeyOf(pathOf(b, atB, 'v')));
        assert.equal(actual, expected);
      }),
      { numRuns: 5000 },
    );
  });

  it('put the newest version first, and take any version identifier', () => {
    assert.ok(versionName(2000, 'z') < versionName(1999, 'a'));
    assert.equal(keyOfPath(pathOf('k', 1, '../é\0')), 'k');
  });
});
