import assert from 'node:assert/strict';
import { test } from 'node:test';
import { namePattern } from './item-name-pattern.ts';

test('a text is found anywhere in a name, whatever its case and however its accents are written', () => {
  assert.ok(namePattern('PLAN')('the plan.txt'));
  assert.ok(namePattern('caf\u00e9')('Cafe\u0301 menu'));
  assert.ok(!namePattern('plan')('pla.txt'));
});

test('a star stands for any characters of a whole name', () => {
  const cases: readonly (readonly [string, string, boolean])[] = [
    ['*.jpg', 'Harbour.JPG', true],
    ['*.jpg', 'harbour.jpg.part', false],
    ['har*', 'my harbour', false],
    ['a*b*c', 'a-b-b-c', true],
    ['a*b*c', 'a-c', false],
    ['ab*ba', 'aba', false],
    ['*', 'anything', true],
  ];
  for (const [pattern, name, expected] of cases)
    assert.equal(namePattern(pattern)(name), expected, `${pattern} ${name}`);
});

test('a pattern of many stars takes no time to speak of', () => {
  assert.ok(!namePattern(`${'*a'.repeat(120)}*b`)('a'.repeat(255)));
});
