import { createHash } from 'node:crypto';
import { crc32 } from 'node:zlib';
import type { StoreChecksum } from './store.ts';
import { StoreError } from './store-error.ts';

/** The checksum of a body given in parts. */
export function checksumOf(
  body: readonly Uint8Array[],
  algorithm: StoreChecksum['algorithm'] = 'crc32',
): StoreChecksum {
  if (algorithm === 'crc32') return crc32Checksum(body.reduce((state, part) => crc32(part, state), 0));
  const hash = createHash('sha256');
  for (const part of body) hash.update(part);
  return { algorithm, value: new Uint8Array(hash.digest()) };
}

/** Wraps a CRC-32 that the caller kept while writing. */
export function crc32Checksum(crc: number): StoreChecksum {
  const value = new Uint8Array(4);
  new DataView(value.buffer).setUint32(0, crc);
  return { algorithm: 'crc32', value };
}

export function checksumsEqual(one: StoreChecksum, other: StoreChecksum): boolean {
  return one.algorithm === other.algorithm && Buffer.compare(one.value, other.value) === 0;
}

/** @throws StoreError `corrupt` when the body is not what the checksum says */
export function assertChecksum(key: string, body: readonly Uint8Array[], expected: StoreChecksum): void {
  if (checksumsEqual(checksumOf(body, expected.algorithm), expected)) return;
  throw new StoreError('corrupt', `the bytes for ${key} do not match their ${expected.algorithm} checksum`, { key });
}

/** The length of a body given in parts, in bytes. */
export function bodyLength(body: readonly Uint8Array[]): number {
  return body.reduce((sum, part) => sum + part.byteLength, 0);
}
