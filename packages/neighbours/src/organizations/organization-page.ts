import { invalidInput } from './organization-errors.ts';

/** One page of a list that is kept whole: sorted by key, continued after a key. */
export function pageOf<T>(
  list: readonly T[],
  keyOf: (item: T) => string,
  input: { readonly NextToken?: string | undefined; readonly MaxResults?: number | undefined },
): { readonly items: T[]; readonly end: { NextToken?: string } } {
  const limit = input.MaxResults ?? 20;
  const after = input.NextToken === undefined ? undefined : decode(input.NextToken);
  const sorted = [...list].sort((a, b) => (keyOf(a) < keyOf(b) ? -1 : 1));
  const rest = sorted.filter((item) => after === undefined || keyOf(item) > after);
  const items = rest.slice(0, limit);
  const last = items.at(-1);
  if (rest.length <= limit || last === undefined) return { items, end: {} };
  return { items, end: { NextToken: Buffer.from(`1:${keyOf(last)}`).toString('base64url') } };
}

function decode(token: string): string {
  const text = Buffer.from(token, 'base64url').toString();
  if (!text.startsWith('1:'))
    throw invalidInput('INVALID_NEXT_TOKEN', 'The NextToken is not one that this list has given.');
  return text.slice(2);
}
