import assert from 'node:assert/strict';
import { it } from 'node:test';
import { compileExcludes } from './exclude-patterns.ts';

const CASES: readonly (readonly [pattern: string, matches: readonly string[], others: readonly string[]])[] = [
  ['*.tmp', ['a.tmp', 'd/b.tmp', '.tmp'], ['a.tmpx', 'tmp']],
  ['cache', ['cache', 'a/b/cache'], ['caches', 'a-cache']],
  ['cache/', ['cache'], ['caches']],
  ['/build', ['build'], ['a/build']],
  ['a/*/c', ['a/b/c'], ['a/c', 'a/b/b/c', 'x/a/b/c']],
  ['a/**/c', ['a/c', 'a/b/c', 'a/b/b/c'], ['ac', 'x/a/c']],
  ['**/node_modules', ['node_modules', 'a/b/node_modules'], ['my_node_modules']],
  ['/a/**', ['a/b', 'a/b/c'], ['a', 'b/a/c']],
  ['file?', ['file1', 'd/fileX'], ['file', 'file12']],
  ['[a-c]x', ['ax', 'cx'], ['dx']],
  ['[!a-c]x', ['dx'], ['ax']],
  ['a\\*b', ['a*b'], ['axb']],
  ['a+(b)|c.d', ['a+(b)|c.d'], ['aab', 'c.d', 'a+(b)|cxd']],
];

for (const [pattern, matches, others] of CASES) {
  it(`'${pattern}' leaves out ${matches.join(', ')} and not ${others.join(', ')}`, () => {
    const excludes = compileExcludes([pattern]);
    const test = (path: string) => excludes?.(path.slice(path.lastIndexOf('/') + 1), () => path);
    for (const path of matches) assert.equal(test(path), true, path);
    for (const path of others) assert.equal(test(path), false, path);
  });
}

it('a pattern that is text matches names by their UTF-8 bytes', () => {
  const excludes = compileExcludes(['café']);
  const bytes = Buffer.from('café').toString('latin1');
  assert.equal(
    excludes?.(bytes, () => bytes),
    true,
  );
});

it('no patterns means no test at all', () => {
  assert.equal(compileExcludes([]), undefined);
});
