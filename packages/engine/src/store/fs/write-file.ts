import { createHash, type Hash } from 'node:crypto';
import { constants, type FileHandle, open } from 'node:fs/promises';
import { crc32 } from 'node:zlib';
import { bodyLength, checksumsEqual, crc32Checksum } from '../checksum.ts';
import type { StoreChecksum } from '../store.ts';
import { StoreError } from '../store-error.ts';

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
  const handle = await open(path, flags, 0o440);
  try {
    await writeAll(handle, body, signal);
    await handle.sync();
    signal?.throwIfAborted();
    await assertReadBack(handle, key, bodyLength(body), checksum);
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

async function assertReadBack(handle: FileHandle, key: string, sizeBytes: number, expected: StoreChecksum) {
  const buffer = Buffer.allocUnsafe(Math.min(READ_BACK_BYTES, Math.max(sizeBytes, 1)));
  const hash: Hash | undefined = expected.algorithm === 'sha256' ? createHash('sha256') : undefined;
  let crc = 0;
  let position = 0;
  for (;;) {
    const { bytesRead } = await handle.read(buffer, 0, buffer.byteLength, position);
    if (bytesRead === 0) break;
    position += bytesRead;
    const part = buffer.subarray(0, bytesRead);
    if (hash === undefined) crc = crc32(part, crc);
    else hash.update(part);
  }
  const actual: StoreChecksum =
    hash === undefined ? crc32Checksum(crc) : { algorithm: 'sha256', value: new Uint8Array(hash.digest()) };
  if (position === sizeBytes && checksumsEqual(actual, expected)) return;
  throw new StoreError('corrupt', `what was written for ${key} does not match its ${expected.algorithm} checksum`, {
    key,
  });
}
