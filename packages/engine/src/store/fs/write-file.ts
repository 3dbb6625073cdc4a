import { createHash, type Hash } from 'node:crypto';
import { constants, type FileHandle } from 'node:fs/promises';
import { crc32 } from 'node:zlib';
import { bodyLength, checksumsEqual, crc32Checksum } from '../checksum.ts';
import type { StoreChecksum } from '../store.ts';
import { StoreError } from '../store-error.ts';
import { openFor, readDirect, writeDirect } from './direct-file.ts';

const VECTORS_PER_CALL = 512;
const READ_BACK_BYTES = 1 << 20;

/**
 * Writes a new file, syncs it, and reads it back: its length and checksum must be what the caller says, which catches a
 * wrong body and a lying disk alike.
 * @throws StoreError `corrupt` when they are not; the reason of the signal; system errors as they are
 */
export async function writeNewFile(
  path: string,
  key: string,
  body: readonly Uint8Array[],
  checksum: StoreChecksum,
  signal: AbortSignal | undefined,
): Promise<void> {
  const flags = constants.O_RDWR | constants.O_CREAT | constants.O_EXCL | constants.O_NOFOLLOW;
  const sizeBytes = bodyLength(body);
  const { handle, isDirect } = await openFor(path, flags, sizeBytes);
  try {
    await (isDirect ? writeDirect : writeAll)(handle, body, signal);
    await handle.sync();
    signal?.throwIfAborted();
    const read = isDirect ? readDirect : readCached;
    const check = new BodyCheck(checksum);
    const readBytes = await read(handle, 0, sizeBytes + 1, (bytes) => check.add(bytes), signal);
    if (readBytes === sizeBytes && check.isRight()) return;
    const message = `what was written for ${key} does not match its ${checksum.algorithm} checksum`;
    throw new StoreError('corrupt', message, { key });
  } finally {
    await handle.close();
  }
}

async function writeAll(handle: FileHandle, body: readonly Uint8Array[], signal: AbortSignal | undefined) {
  let rest = body.filter((part) => part.byteLength > 0);
  while (rest.length > 0) {
    signal?.throwIfAborted();
    const { bytesWritten } = await handle.writev(rest.slice(0, VECTORS_PER_CALL));
    rest = dropBytes(rest, bytesWritten);
  }
}

/** What is left of the parts after their first `count` bytes; a write may end in the middle of a part. */
export function dropBytes(parts: readonly Uint8Array[], count: number): Uint8Array[] {
  let index = 0;
  let left = count;
  for (let part = parts[index]; part !== undefined && left >= part.byteLength; part = parts[index]) {
    left -= part.byteLength;
    index += 1;
  }
  const rest = parts.slice(index);
  const first = rest[0];
  if (first !== undefined && left > 0) rest[0] = first.subarray(left);
  return rest;
}

/** As `readDirect`, through the page cache. */
async function readCached(
  handle: FileHandle,
  offset: number,
  length: number,
  take: (bytes: Buffer) => void,
): Promise<number> {
  const buffer = Buffer.allocUnsafe(Math.min(READ_BACK_BYTES, Math.max(length, 1)));
  let done = 0;
  while (done < length) {
    const { bytesRead } = await handle.read(buffer, 0, Math.min(buffer.length, length - done), offset + done);
    if (bytesRead === 0) break;
    take(buffer.subarray(0, bytesRead));
    done += bytesRead;
  }
  return done;
}

/** Computes the checksum of what was read, of the kind that is expected. */
class BodyCheck {
  readonly #expected: StoreChecksum;
  readonly #hash: Hash | undefined;
  #crc = 0;

  constructor(expected: StoreChecksum) {
    this.#expected = expected;
    this.#hash = expected.algorithm === 'sha256' ? createHash('sha256') : undefined;
  }

  add(bytes: Uint8Array): void {
    if (this.#hash === undefined) this.#crc = crc32(bytes, this.#crc);
    else this.#hash.update(bytes);
  }

  isRight(): boolean {
    const value = this.#hash?.digest();
    const actual: StoreChecksum =
      value === undefined ? crc32Checksum(this.#crc) : { algorithm: 'sha256', value: new Uint8Array(value) };
    return checksumsEqual(actual, this.#expected);
  }
}
