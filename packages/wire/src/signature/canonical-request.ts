/** The canonical form of a request, over which client and server compute the signature. */
import { createHash } from 'node:crypto';
import type { Parameter } from '../codec/parameters.ts';
import type { WireRequest } from '../http/wire-request.ts';
import type { Authorization } from './authorization.ts';

/**
 * The canonical requests under which a signature counts, most likely first. They differ only in ways in which honest
 * clients differ: some drop empty path segments before signing, and some mean a space by `+` in the query string.
 */
export function* canonicalRequests(request: WireRequest, authorization: Authorization): Generator<string> {
  const headers = canonicalHeaders(request, authorization.signedHeaders);
  const payloadHash = createHash('sha256').update(request.body).digest('hex');
  const paths = new Set([canonicalPath(request.path), canonicalPath(request.path.replace(/\/{2,}/g, '/'))]);
  const queries = new Set([canonicalQuery(request.parameters, '%2B'), canonicalQuery(request.parameters, '%20')]);
  const tail = `${headers}\n${authorization.signedHeaders.join(';')}\n${payloadHash}`;
  for (const path of paths) {
    for (const query of queries) yield `${request.method}\n${path}\n${query}\n${tail}`;
  }
}

/** The path as sent is encoded once more: `%3A` becomes `%253A`. Only S3 does without, and S3 does not live here. */
function canonicalPath(path: string): string {
  return path === '' ? '/' : path.split('/').map(encodeStrictly).join('/');
}

/** Every parameter but the signature itself, encoded anew and sorted by encoded name, then value. */
function canonicalQuery(parameters: readonly Parameter[], plus: '%2B' | '%20'): string {
  return parameters
    .filter(({ name }) => name.toLowerCase() !== 'x-amz-signature')
    .map(({ rawName, rawValue }): [string, string] => [recode(rawName, plus), recode(rawValue, plus)])
    .sort(([nameA, valueA], [nameB, valueB]) => compare(nameA, nameB) || compare(valueA, valueB))
    .map(([name, value]) => `${name}=${value}`)
    .join('&');
}

function recode(raw: string, plus: string): string {
  return raw
    .split('+')
    .map((part) => encodeStrictly(decodeURIComponent(part)))
    .join(plus);
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

/** Percent-encodes all but the unreserved characters of RFC 3986. */
function encodeStrictly(text: string): string {
  return encodeURIComponent(text).replace(/[!'()*]/g, (char) => `%${char.charCodeAt(0).toString(16).toUpperCase()}`);
}

/** A signed header that was not sent counts as empty. */
function canonicalHeaders(request: WireRequest, names: readonly string[]): string {
  return names.map((name) => `${name}:${(request.headers.get(name) ?? '').trim().replace(/[ \t]+/g, ' ')}\n`).join('');
}
