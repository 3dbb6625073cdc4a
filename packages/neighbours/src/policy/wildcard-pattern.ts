/**
 * Patterns of policies: `*` is any run of characters, `?` is one character, `${key}` is a policy variable. The value
 * of a variable is plain text: an asterisk or a colon in it means itself, so that nobody widens a policy by choosing
 * a clever user name.
 */

const ANY = Symbol('any run of characters');
const ONE = Symbol('one character');

type PatternSymbol = string | typeof ANY | typeof ONE;

/** Gives the value of a variable by its lower-case key, or undefined when the request does not have exactly one. */
export type VariableResolver = (key: string) => string | undefined;

/** A compiled pattern. Compile once, match many. */
export type WildcardPattern = readonly PatternSymbol[];

const VARIABLE = /\$\{\s*([^},]*?)\s*(?:,\s*'([^']*)'\s*)?\}/y;

/**
 * Compiles a pattern, split at `separator` into at most `limit` parts when one is given. Returns undefined when a
 * variable has neither a value nor a default: such a pattern matches nothing. Without a resolver (policies of version
 * 2008-10-17, operators that take no variables) `${` is plain text.
 */
export function compileParts(
  text: string,
  resolve: VariableResolver | undefined,
  separator?: string,
  limit = 1,
): readonly WildcardPattern[] | undefined {
  const parts: PatternSymbol[][] = [[]];
  let at = 0;
  while (at < text.length) {
    const part = parts[parts.length - 1] ?? [];
    const variable = resolve === undefined ? undefined : readVariable(text, at);
    if (variable !== undefined && resolve !== undefined) {
      const value = variableValue(variable, resolve);
      if (value === undefined) return undefined;
      part.push(...value);
      at += variable.length;
      continue;
    }
    const char = text[at] ?? '';
    at += 1;
    if (char === separator && parts.length < limit) parts.push([]);
    else part.push(char === '*' ? ANY : char === '?' ? ONE : char);
  }
  return parts;
}

/** Compiles a pattern that is not split. */
export function compilePattern(text: string, resolve?: VariableResolver): WildcardPattern | undefined {
  return compileParts(text, resolve)?.[0];
}

/** The pattern with its wildcards taken as the characters that they are. */
export function literalPattern(pattern: WildcardPattern): string {
  return pattern.map((symbol) => (symbol === ANY ? '*' : symbol === ONE ? '?' : symbol)).join('');
}

/** Whether the whole value matches. Time grows with pattern length times value length at worst, never faster. */
export function matchesPattern(pattern: WildcardPattern, value: string): boolean {
  let at = 0;
  let symbolAt = 0;
  let starAt = -1;
  let resumeAt = 0;
  while (at < value.length) {
    const symbol = pattern[symbolAt];
    if (symbol === ANY) {
      starAt = symbolAt;
      symbolAt += 1;
      resumeAt = at;
    } else if (symbol !== undefined && (symbol === ONE || symbol === value[at])) {
      symbolAt += 1;
      at += 1;
    } else if (starAt >= 0) {
      symbolAt = starAt + 1;
      resumeAt += 1;
      at = resumeAt;
    } else {
      return false;
    }
  }
  while (pattern[symbolAt] === ANY) symbolAt += 1;
  return symbolAt === pattern.length;
}

interface Variable {
  readonly key: string;
  readonly fallback: string | undefined;
  readonly length: number;
}

function readVariable(text: string, at: number): Variable | undefined {
  if (text[at] !== '$' || text[at + 1] !== '{') return undefined;
  VARIABLE.lastIndex = at;
  const match = VARIABLE.exec(text);
  if (match === null) return undefined;
  return { key: (match[1] ?? '').toLowerCase(), fallback: match[2], length: match[0].length };
}

/** `${*}`, `${?}` and `${$}` are the way to write these characters themselves. */
function variableValue(variable: Variable, resolve: VariableResolver): string | undefined {
  if (variable.key === '*' || variable.key === '?' || variable.key === '$') return variable.key;
  return resolve(variable.key) ?? variable.fallback;
}
