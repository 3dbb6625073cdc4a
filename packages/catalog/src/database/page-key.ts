import { createHash } from 'node:crypto';

/** A place in a list: the values of its sort columns at the last item of the page before. */
export type PageKey = readonly (string | number)[];

/** The text was not made by this list with these filters. Maps to InvalidParameterValueException. */
export class InvalidPageKeyError extends Error {
  constructor() {
    super('The NextToken is not valid for this list and these filters. Start again without a NextToken.');
    this.name = 'InvalidPageKeyError';
  }
}

function digest(list: string, filter: unknown): string {
  const sorted = JSON.stringify(filter, (_, value: unknown) =>
    typeof value === 'object' && value !== null && !Array.isArray(value)
      ? Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)))
      : value,
  );
  return createHash('sha256').update(`${list}\n${sorted}`).digest('base64url').slice(0, 12);
}

/** The key as opaque text: its values, and a digest of the list and filter that it belongs to. */
export function encodePageKey(list: string, filter: unknown, key: PageKey): string {
  return Buffer.from(JSON.stringify([1, digest(list, filter), ...key])).toString('base64url');
}

/** @throws InvalidPageKeyError when the text is damaged, of another list, or of other filters */
export function decodePageKey(list: string, filter: unknown, text: string, keyLength: number): PageKey {
  const parts = parse(text);
  if (!Array.isArray(parts)) throw new InvalidPageKeyError();
  const [version, owner, ...key] = parts as readonly unknown[];
  if (version !== 1 || owner !== digest(list, filter) || key.length !== keyLength) throw new InvalidPageKeyError();
  if (!key.every((part) => typeof part === 'string' || Number.isSafeInteger(part))) throw new InvalidPageKeyError();
  return key as PageKey;
}

function parse(text: string): unknown {
  try {
    return JSON.parse(Buffer.from(text, 'base64url').toString('utf8'));
  } catch (cause) {
    if (cause instanceof SyntaxError) return undefined;
    throw cause;
  }
}
