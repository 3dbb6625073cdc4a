import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fc } from '@holdfast/testkit/properties';
import { wildcardMatcher } from './wildcard.ts';

test('a wildcard stands at the beginning, the end or the middle and for nothing as well', () => {
  assert.equal(wildcardMatcher('prod*')('production'), true);
  assert.equal(wildcardMatcher('*rod*')('production'), true);
  assert.equal(wildcardMatcher('*')(''), true);
  assert.equal(wildcardMatcher('arn:aws:rds:*:*:db:*')('arn:aws:rds:us-east-1:123456789012:db:a'), true);
  assert.equal(wildcardMatcher('arn:aws:rds:*:*:db:*')('arn:aws:rds:us-east-1:123456789012:cluster:a'), false);
});

test('a wildcard does not reach over white space', () => {
  assert.equal(wildcardMatcher('a*z')('a z'), false);
  assert.equal(wildcardMatcher('a* *z')('ab yz'), true);
});

test('characters that mean something elsewhere mean themselves', () => {
  assert.equal(wildcardMatcher('a.c*')('abcd'), false);
  assert.equal(wildcardMatcher('[a]*')('[a]b'), true);
  assert.equal(wildcardMatcher('a?c*')('abcd'), false);
});

test('matching equals the same pattern as a regular expression', () => {
  const pattern = fc.string({ unit: fc.constantFrom('a', 'b', ' ', '*', '*'), maxLength: 8 });
  const text = fc.string({ unit: fc.constantFrom('a', 'b', ' '), maxLength: 10 });
  fc.assert(
    fc.property(pattern, text, (wild, candidate) => {
      const expected = new RegExp(`^${wild.replaceAll('*', '\\S*')}$`).test(candidate);
      assert.equal(wildcardMatcher(wild)(candidate), expected);
    }),
    { numRuns: 3000 },
  );
});
