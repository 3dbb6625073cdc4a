import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fc } from '@holdfast/testkit/properties';
import { matchesArnPattern } from './arn-pattern.ts';
import { compilePattern, matchesPattern } from './wildcard-pattern.ts';

/** The definition, slow and obvious. */
function model(pattern: string, value: string): boolean {
  const first = pattern[0];
  if (first === undefined) return value === '';
  const rest = pattern.slice(1);
  if (first === '*') return model(rest, value) || (value !== '' && model(pattern, value.slice(1)));
  return value !== '' && (first === '?' || first === value[0]) && model(rest, value.slice(1));
}

const pattern = fc.string({ unit: fc.constantFrom('a', 'b', '*', '?', ':'), maxLength: 9 });
const value = fc.string({ unit: fc.constantFrom('a', 'b', ':'), maxLength: 9 });

test('matching agrees with the recursive definition of wildcards', () => {
  fc.assert(
    fc.property(pattern, value, (text, candidate) => {
      const compiled = compilePattern(text);
      assert.ok(compiled !== undefined);
      assert.equal(matchesPattern(compiled, candidate), model(text, candidate));
    }),
    { numRuns: 3000 },
  );
});

test('an ARN matches when each of its six parts matches on its own', () => {
  const part = fc.string({ unit: fc.constantFrom('a', 'b', '*', '?'), maxLength: 3 });
  const plain = fc.string({ unit: fc.constantFrom('a', 'b'), maxLength: 3 });
  const resource = fc.string({ unit: fc.constantFrom('a', ':', '*'), maxLength: 4 });
  const plainResource = fc.string({ unit: fc.constantFrom('a', ':'), maxLength: 4 });
  const patterns = fc.tuple(part, part, part, part, resource);
  const values = fc.tuple(plain, plain, plain, plain, plainResource);
  fc.assert(
    fc.property(patterns, values, (patternParts, valueParts) => {
      const expected = patternParts.every((text, index) => model(text, valueParts[index] ?? ''));
      assert.equal(matchesArnPattern(`arn:${patternParts.join(':')}`, `arn:${valueParts.join(':')}`), expected);
    }),
    { numRuns: 3000 },
  );
});

test('a pattern made of many asterisks is decided quickly', () => {
  const compiled = compilePattern(`${'a*'.repeat(60)}b`);
  assert.ok(compiled !== undefined);
  assert.equal(matchesPattern(compiled, 'a'.repeat(20_000)), false);
});

test('the value of a variable is plain text, whatever it contains', () => {
  fc.assert(
    fc.property(value, fc.string({ unit: fc.constantFrom('*', '?', ':', 'a'), maxLength: 6 }), (candidate, name) => {
      const compiled = compilePattern(`\${aws:username}`, () => name);
      assert.ok(compiled !== undefined);
      assert.equal(matchesPattern(compiled, candidate), candidate === name);
    }),
  );
});
