import type { Name } from './posix/posix-files.ts';

/** Decides by name and by path (one character per byte, joined by `/`) whether an item is left out. */
export type ExcludeTest = (name: Name, path: () => string) => boolean;

/**
 * Compiles globs: `*` and `?` within a name, `**` across directories, `[abc]`, `[a-z]` and `[!abc]`, `\` before a
 * character that is meant as such. With a slash a pattern is anchored at the root, without one it matches a name at
 * any depth. Patterns are text and match names by their UTF-8 bytes, so `?` is one byte.
 */
export function compileExcludes(patterns: readonly string[]): ExcludeTest | undefined {
  if (patterns.length === 0) return undefined;
  const bytes = patterns.map((pattern) => Buffer.from(pattern).toString('latin1').replace(/\/+$/, ''));
  const names = bytes.filter((pattern) => !pattern.includes('/')).map(toExpression);
  const paths = bytes
    .filter((pattern) => pattern.includes('/'))
    .map((pattern) => toExpression(pattern.replace(/^\//, '')));
  return (name, path) => {
    if (names.some((expression) => expression.test(name))) return true;
    if (paths.length === 0) return false;
    const whole = path();
    return paths.some((expression) => expression.test(whole));
  };
}

const TOKEN = /\*\*\/|\*\*|\*|\?|\[(!?)([^\]]+)\]|\\(.)|(.)/gs;

function toExpression(glob: string): RegExp {
  const source = glob.replace(TOKEN, (token, negated: string, set: string, escaped: string, literal: string) => {
    if (token === '**/') return '(?:.*/)?';
    if (token === '**') return '.*';
    if (token === '*') return '[^/]*';
    if (token === '?') return '[^/]';
    if (set !== undefined) return `[${negated === '!' ? '^/' : ''}${set.replace(/[\\[\]^]/g, '\\$&')}]`;
    return (escaped ?? literal).replace(/[\\^$.*+?()[\]{}|/]/g, '\\$&');
  });
  return new RegExp(`^${source}$`, 's');
}
