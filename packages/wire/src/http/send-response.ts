/** Writes an answer to the connection. */
import type { ServerResponse } from 'node:http';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { WireResponse } from '../protocols/wire-response.ts';

/**
 * @param isLast the connection cannot be used again, since the request was not read to its end
 * @throws Error when a stream of bytes breaks off; the connection is closed then, so that the client cannot take a part for all
 */
export async function sendResponse(
  response: ServerResponse,
  { statusCode, headers, body }: WireResponse,
  requestId: string,
  isLast: boolean,
): Promise<void> {
  if (response.destroyed) return;
  response.statusCode = statusCode;
  for (const [name, value] of Object.entries(headers)) response.setHeader(name, value);
  response.setHeader('x-amzn-requestid', requestId);
  if (isLast) response.setHeader('connection', 'close');
  if (typeof body !== 'string' && !(body instanceof Uint8Array)) {
    await pipeline(Readable.from(body, { objectMode: false }), response);
    return;
  }
  const bytes = typeof body === 'string' ? Buffer.from(body) : body;
  if (statusCode !== 204) response.setHeader('content-length', bytes.byteLength);
  response.end(bytes);
}
