import { Readable } from 'node:stream';
import { StoreError } from '../store-error.ts';

/**
 * Reads exactly `length` bytes of an answer. Whatever happens, the stream is read to its end or destroyed, because an
 * unread answer would occupy its connection for good.
 */
export async function readBody(
  body: unknown,
  key: string,
  length: number,
  announced: number | undefined,
  signal: AbortSignal | undefined,
): Promise<Uint8Array> {
  if (!(body instanceof Readable)) throw new StoreError('unavailable', `the answer for ${key} has no body`, { key });
  const abort = (): void => {
    body.destroy();
  };
  signal?.addEventListener('abort', abort, { once: true });
  try {
    signal?.throwIfAborted();
    if (announced !== undefined && announced !== length) throw ended(key, announced, length);
    const bytes = new Uint8Array(length);
    let done = 0;
    for await (const part of body as AsyncIterable<Uint8Array>) {
      if (done + part.byteLength > length) throw ended(key, done + part.byteLength, length);
      bytes.set(part, done);
      done += part.byteLength;
    }
    signal?.throwIfAborted();
    if (done !== length) throw new StoreError('unavailable', `the connection broke while reading ${key}`, { key });
    return bytes;
  } finally {
    signal?.removeEventListener('abort', abort);
    body.destroy();
  }
}

function ended(key: string, actual: number, expected: number): StoreError {
  return new StoreError('corrupt', `${key} answers with ${actual} bytes where ${expected} were asked for`, { key });
}
