/** Turns Node's request into the form that protocols and signatures work on. */
import type { IncomingMessage } from 'node:http';
import { parseParameters } from '../codec/parameters.ts';
import type { WireRequest } from './wire-request.ts';

/** Method, path and headers, which are there whatever the rest is like. */
export type RequestHead = Omit<WireRequest, 'parameters' | 'body'> & { readonly queryText: string };

export function parseHead(request: IncomingMessage): RequestHead {
  const url = request.url ?? '/';
  // Proxies may send the absolute form, `GET http://host/path`.
  const target = url.startsWith('/') ? url : url.replace(/^[a-z]+:\/\/[^/?]*/i, '') || '/';
  const question = target.indexOf('?');
  return {
    method: request.method ?? 'GET',
    path: question === -1 ? target : target.slice(0, question),
    queryText: question === -1 ? '' : target.slice(question + 1),
    headers: joinHeaders(request.rawHeaders),
  };
}

/** @throws DecodeError for bad percent-encoding in the query string */
export function parseRequest({ queryText, ...head }: RequestHead, body: Uint8Array): WireRequest {
  return { ...head, parameters: parseParameters(queryText), body };
}

/** Node drops or joins repeated headers by its own rules; signatures want all values, in order. */
function joinHeaders(raw: readonly string[]): ReadonlyMap<string, string> {
  const headers = new Map<string, string>();
  for (let index = 0; index + 1 < raw.length; index += 2) {
    const name = (raw[index] ?? '').toLowerCase();
    const value = (raw[index + 1] ?? '').trim();
    const before = headers.get(name);
    headers.set(name, before === undefined ? value : `${before},${value}`);
  }
  return headers;
}
