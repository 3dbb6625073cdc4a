import assert from 'node:assert/strict';
import { it } from 'node:test';
import { fc } from '@holdfast/testkit/properties';
import { SortedNames } from './sorted-names.ts';

it('names come out in byte order, however they went in', () => {
  fc.assert(
    fc.property(fc.array(fc.array(fc.string({ unit: 'binary-ascii', minLength: 1 }))), (batches) => {
      const names = new SortedNames(3);
      for (const batch of batches) names.add(batch);
      assert.deepEqual([...names.take()], batches.flat().sort());
    }),
  );
});

it('bytes above 127 sort behind those below', () => {
  const names = new SortedNames();
  names.add(['\xff', 'z', '\x80', 'a']);
  assert.deepEqual([...names.take()], ['a', 'z', '\x80', '\xff']);
});
