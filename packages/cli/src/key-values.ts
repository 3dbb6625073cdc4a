import { CommandError } from './command-error.ts';

/**
 * Reads repeated `key=value` arguments; the value may hold further `=`.
 * @throws CommandError naming the argument that has no key or no `=`
 */
export function parseKeyValues(pairs: readonly string[] | undefined, flag: string): Record<string, string> {
  const result: Record<string, string> = {};
  for (const pair of pairs ?? []) {
    const at = pair.indexOf('=');
    if (at <= 0) throw new CommandError(`${flag} takes key=value, not ${JSON.stringify(pair)}`);
    result[pair.slice(0, at)] = pair.slice(at + 1);
  }
  return result;
}
