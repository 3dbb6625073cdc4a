/** Reads a request's body within limits of size and time. */
import type { IncomingMessage } from 'node:http';

export type BodyResult =
  | { readonly kind: 'complete'; readonly body: Buffer }
  | { readonly kind: 'tooLarge' }
  | { readonly kind: 'tooSlow' }
  /** The client has gone; nobody waits for an answer. */
  | { readonly kind: 'aborted' };

/** A body over the limit is read on to this multiple and thrown away, so that the client hears the answer. */
const DRAIN_FACTOR = 64;

const EMPTY = Buffer.alloc(0);

export function readBody(request: IncomingMessage, maxBytes: number, timeoutMs: number): Promise<BodyResult> {
  if (declaredLength(request) > maxBytes * DRAIN_FACTOR) return Promise.resolve({ kind: 'tooLarge' });
  return new Promise((resolve) => {
    const chunks: Buffer[] = [];
    let sizeBytes = 0;
    const finish = (result: BodyResult) => {
      clearTimeout(timer);
      request.removeAllListeners('data');
      resolve(result);
    };
    const timer = setTimeout(() => finish({ kind: 'tooSlow' }), timeoutMs);
    request.on('data', (chunk: Buffer) => {
      sizeBytes += chunk.byteLength;
      if (sizeBytes <= maxBytes) chunks.push(chunk);
      else chunks.length = 0;
      if (sizeBytes > maxBytes * DRAIN_FACTOR) finish({ kind: 'tooLarge' });
    });
    request.on('end', () =>
      finish(sizeBytes > maxBytes ? { kind: 'tooLarge' } : { kind: 'complete', body: joined(chunks) }),
    );
    // An error is always the connection's; `close` covers a client that leaves in the middle.
    request.on('error', () => finish({ kind: 'aborted' }));
    request.on('close', () => finish({ kind: 'aborted' }));
  });
}

function declaredLength(request: IncomingMessage): number {
  const length = Number(request.headers['content-length'] ?? 0);
  return Number.isFinite(length) ? length : 0;
}

function joined(chunks: readonly Buffer[]): Buffer {
  return chunks.length === 1 ? (chunks[0] ?? EMPTY) : Buffer.concat(chunks);
}
