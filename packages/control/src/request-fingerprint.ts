import { createHash } from 'node:crypto';

/**
 * A digest of a request's content, by which a retry (same token, same content) is told from a misuse of the token.
 * Members are taken in the order of their names; those named in `without` do not count.
 */
export function requestFingerprint(input: object, without: readonly string[]): string {
  const content = Object.fromEntries(Object.entries(input).filter(([name]) => !without.includes(name)));
  return createHash('sha256').update(canonicalJson(content)).digest('base64url');
}

function canonicalJson(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonicalJson).join(',')}]`;
  if (value instanceof Date) return String(value.getTime());
  if (typeof value !== 'object' || value === null) return JSON.stringify(value) ?? 'null';
  const entries = Object.entries(value)
    .filter(([, member]) => member !== undefined)
    .sort(([a], [b]) => (a < b ? -1 : 1));
  return `{${entries.map(([name, member]) => `${JSON.stringify(name)}:${canonicalJson(member)}`).join(',')}}`;
}
