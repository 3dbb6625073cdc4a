import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { fc } from '@holdfast/testkit/properties';
import { ArrivalKeys, keyBetween } from './arrival-keys.ts';

function keysFor(names: readonly string[], parent: readonly (readonly [string, string])[] = []) {
  const keys = new ArrivalKeys(parent);
  return names.map((name) => [name, keys.next(name)] as const);
}

function assertAscending(entries: readonly (readonly [string, string])[]): void {
  for (const [index, [name, key]] of entries.entries()) {
    const before = entries[index - 1]?.[1] ?? '';
    assert.ok(key > before, `${name}: ${key} after ${before}`);
    assert.match(key, /^[0-9a-z]*[1-9a-z]$/);
  }
}

const names = fc.uniqueArray(fc.string({ minLength: 1, maxLength: 8 }), { maxLength: 60 });

describe('Keys in the order of arrival', () => {
  it('ascend whatever arrives, and whatever the parent held', () => {
    fc.assert(
      fc.property(names, names, (first, second) => {
        const parent = keysFor(first);
        assertAscending(parent);
        assertAscending(keysFor(second, parent));
      }),
    );
  });

  it('stay the same for files that arrive in the same order, through many backups with files added and gone', () => {
    fc.assert(
      fc.property(
        names,
        fc.infiniteStream(fc.boolean()),
        fc.infiniteStream(fc.boolean()),
        (all, isThere, isThereToo) => {
          const first = keysFor(all.filter(() => isThere.next().value));
          const second = keysFor(
            all.filter(() => isThereToo.next().value),
            first,
          );
          assertAscending(second);
          const before = new Map(first);
          for (const [name, key] of second) if (before.has(name)) assert.equal(key, before.get(name));
        },
      ),
    );
  });

  it('always have one in between', () => {
    let high = keyBetween('', undefined);
    const low = keyBetween('', high);
    for (let round = 0; round < 200; round += 1) {
      const middle = keyBetween(low, high);
      assert.ok(low < middle && middle < high, `${low} ${middle} ${high}`);
      high = middle;
    }
  });
});
