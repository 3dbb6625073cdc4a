import { aesGcm, GCM_TAG_BYTES } from '../native/aes-gcm.ts';

export const TAG_BYTES = GCM_TAG_BYTES;

/** Nonce of docs/format/keys.md: a number and eight zero bytes. */
export function numberedNonce(value: number): Buffer {
  const nonce = Buffer.alloc(12);
  nonce.writeUInt32LE(value >>> 0, 0);
  return nonce;
}

/** Encrypts `length` bytes of `target` at `at` in place; the tag follows them. @returns bytes with the tag */
export function sealInPlace(
  target: Uint8Array,
  at: number,
  length: number,
  key: Uint8Array,
  nonce: Uint8Array,
  associated: Uint8Array,
): number {
  const end = at + length;
  if (end + TAG_BYTES > target.length) throw new RangeError('there is no room for the tag');
  aesGcm.seal(key, nonce, associated, target.subarray(at, end), target.subarray(end, end + TAG_BYTES));
  return length + TAG_BYTES;
}

/** Encrypts `plain` into a new buffer with the tag behind it. */
export function seal(key: Uint8Array, nonce: Uint8Array, associated: Uint8Array, plain: Uint8Array): Buffer {
  const sealed = Buffer.allocUnsafe(plain.length + TAG_BYTES);
  sealed.set(plain);
  sealInPlace(sealed, 0, plain.length, key, nonce, associated);
  return sealed;
}

/** Decrypts what `seal` made into `target`. @returns how many bytes it is, undefined when it does not verify */
export function unsealInto(
  target: Uint8Array,
  key: Uint8Array,
  nonce: Uint8Array,
  associated: Uint8Array,
  sealed: Uint8Array,
): number | undefined {
  const length = sealed.length - TAG_BYTES;
  if (length < 0) return undefined;
  const [content, tag] = [sealed.subarray(0, length), sealed.subarray(length)];
  return aesGcm.open(key, nonce, associated, content, tag, target) ? length : undefined;
}

/** Decrypts what `seal` made. @returns undefined when it does not verify */
export function unseal(
  key: Uint8Array,
  nonce: Uint8Array,
  associated: Uint8Array,
  sealed: Uint8Array,
): Buffer | undefined {
  const plain = Buffer.allocUnsafe(Math.max(0, sealed.length - TAG_BYTES));
  return unsealInto(plain, key, nonce, associated, sealed) === undefined ? undefined : plain;
}
