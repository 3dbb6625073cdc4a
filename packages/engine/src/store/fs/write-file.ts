import { createHash, type Hash } from 'node:crypto';
import { constants, type FileHandle } from 'node:fs/promises';
import { crc32 } from 'node:zlib';
import { bodyLength, checksumsEqual, crc32Checksum } from '../checksum.ts';
import type { StoreChecksum } from '../store.ts';
import { StoreError } from '../store-error.ts';
import { openFor, writeDirect } from './direct-file.ts';

const VECTORS_PER_CALL = 512;

/**
 * Writes a new file and syncs it. What goes to the system is compared with the checksum on its way, which catches a
 * wrong body; a disk that keeps something else is found by the verification, which reads every pack again.
 * @throws StoreError `corrupt` when the body is not what the caller says; the reason of the signal; system errors as
 * they are
 */
export async function writeNewFile(
  path: string,
  key: string,
  body: readonly Uint8Array[],
  checksum: StoreChecksum,
  signal: AbortSignal | undefined,
): Promise<void> {
  const flags = constants.O_WRONLY | constants.O_CREAT | constants.O_EXCL | constants.O_NOFOLLOW;
  const { handle, isDirect } = await openFor(path, flags, bodyLength(body));
  try {
    const check = new BodyCheck(checksum);
    await (isDirect ? writeDirect : writeAll)(handle, body, (bytes) => check.add(bytes), signal);
    if (!check.isRight()) {
      const message = `the bytes for ${key} do not match their ${checksum.algorithm} checksum`;
      throw new StoreError('corrupt', message, { key });
    }
    await handle.sync();
    signal?.throwIfAborted();
  } finally {
    await handle.close();
  }
}

async function writeAll(
  handle: FileHandle,
  body: readonly Uint8Array[],
  onBytes: (bytes: Uint8Array) => void,
  signal: AbortSignal | undefined,
): Promise<void> {
  for (const part of body) onBytes(part);
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

/** Computes the checksum of what is written, of the kind that is expected. */
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
