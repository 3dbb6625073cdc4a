import { ServiceError } from '@holdfast/wire';

/** One page of a list that is kept whole: sorted by key, continued after a key. */
export function pageOf<T>(
  list: readonly T[],
  keyOf: (item: T) => string,
  input: { readonly nextToken?: string | undefined; readonly maxResults?: number | undefined },
): { readonly items: T[]; readonly end: { nextToken?: string } } {
  const limit = input.maxResults ?? 500;
  const after = input.nextToken === undefined ? undefined : decode(input.nextToken);
  const sorted = [...list].sort((a, b) => (keyOf(a) < keyOf(b) ? -1 : 1));
  const rest = sorted.filter((item) => after === undefined || keyOf(item) > after);
  const items = rest.slice(0, limit);
  const last = items.at(-1);
  if (rest.length <= limit || last === undefined) return { items, end: {} };
  return { items, end: { nextToken: Buffer.from(`1:${keyOf(last)}`).toString('base64url') } };
}

function decode(token: string): string {
  const text = Buffer.from(token, 'base64url').toString();
  if (text.startsWith('1:')) return text.slice(2);
  throw new ServiceError('InvalidNextTokenException', 'The nextToken is not one that this list has given.');
}
