import { createCipheriv, createDecipheriv } from 'node:crypto';
import { ownSymbols } from './own-symbols.ts';

export const GCM_TAG_BYTES = 16;
const CIPHER = 'aes-256-gcm';
const NONCE_BYTES = 12;
/** Pieces below the allocator's mapping threshold: three times faster than one call per chunk. */
const PIECE_BYTES = 96 * 1024;
const GET_TAG = 0x10;
const SET_TAG = 0x11;

/** AES-256-GCM with nonces of 12 bytes and tags of 16. */
export interface AesGcm {
  /** Encrypts `bytes` where they are; the tag goes to `tag`. */
  seal(key: Uint8Array, nonce: Uint8Array, associated: Uint8Array, bytes: Uint8Array, tag: Uint8Array): void;
  /**
   * Decrypts `sealed` into `target`, of the same length.
   * @returns false when it does not verify; `target` must then not be used
   */
  open(
    key: Uint8Array,
    nonce: Uint8Array,
    associated: Uint8Array,
    sealed: Uint8Array,
    tag: Uint8Array,
    target: Uint8Array,
  ): boolean;
}

/** By Node's wrappers. */
export const nodeAesGcm: AesGcm = {
  seal(key, nonce, associated, bytes, tag) {
    const cipher = createCipheriv(CIPHER, key, nonce);
    cipher.setAAD(associated);
    for (let at = 0; at < bytes.length; at += PIECE_BYTES) {
      bytes.set(cipher.update(bytes.subarray(at, at + PIECE_BYTES)), at);
    }
    cipher.final();
    tag.set(cipher.getAuthTag());
  },
  open(key, nonce, associated, sealed, tag, target) {
    const decipher = createDecipheriv(CIPHER, key, nonce, { authTagLength: GCM_TAG_BYTES });
    decipher.setAAD(associated);
    decipher.setAuthTag(tag);
    for (let at = 0; at < sealed.length; at += PIECE_BYTES) {
      target.set(decipher.update(sealed.subarray(at, at + PIECE_BYTES)), at);
    }
    try {
      decipher.final();
      return true;
    } catch {
      // The only failure of `final` for GCM: the tag does not match. The caller says what that means.
      return false;
    }
  },
};

/** By OpenSSL itself, with one context per thread; undefined where Node does not export it. */
export function directAesGcm(): AesGcm | undefined {
  const openssl = ownSymbols({
    newContext: 'void *EVP_CIPHER_CTX_new()',
    cipher: 'void *EVP_aes_256_gcm()',
    control: 'int EVP_CIPHER_CTX_ctrl(void *context, int type, int size, void *bytes)',
    sealInit: 'int EVP_EncryptInit_ex(void *context, void *cipher, void *engine, const void *key, const void *nonce)',
    sealUpdate: 'int EVP_EncryptUpdate(void *context, void *to, void *count, const void *from, int size)',
    sealFinal: 'int EVP_EncryptFinal_ex(void *context, void *to, void *count)',
    openInit: 'int EVP_DecryptInit_ex(void *context, void *cipher, void *engine, const void *key, const void *nonce)',
    openUpdate: 'int EVP_DecryptUpdate(void *context, void *to, void *count, const void *from, int size)',
    openFinal: 'int EVP_DecryptFinal_ex(void *context, void *to, void *count)',
  });
  if (openssl === undefined) return undefined;
  const context = openssl.newContext();
  const cipher = openssl.cipher();
  if (context === null || cipher === null) return undefined;
  const count = new Int32Array(1);
  const spare = new Uint8Array(GCM_TAG_BYTES);
  return {
    seal(key, nonce, associated, bytes, tag) {
      assertLengths(key, nonce, tag);
      const isSealed =
        openssl.sealInit(context, cipher, null, key, nonce) === 1 &&
        openssl.sealUpdate(context, null, count, associated, associated.length) === 1 &&
        openssl.sealUpdate(context, bytes, count, bytes, bytes.length) === 1 &&
        openssl.sealFinal(context, spare, count) === 1 &&
        openssl.control(context, GET_TAG, GCM_TAG_BYTES, tag) === 1;
      if (!isSealed) throw new Error('OpenSSL refused to encrypt');
    },
    open(key, nonce, associated, sealed, tag, target) {
      assertLengths(key, nonce, tag);
      if (target.length < sealed.length) throw new RangeError('there is no room for what is to be decrypted');
      const isBegun =
        openssl.openInit(context, cipher, null, key, nonce) === 1 &&
        openssl.openUpdate(context, null, count, associated, associated.length) === 1 &&
        openssl.openUpdate(context, target, count, sealed, sealed.length) === 1 &&
        openssl.control(context, SET_TAG, GCM_TAG_BYTES, tag) === 1;
      if (!isBegun) throw new Error('OpenSSL refused to decrypt');
      return openssl.openFinal(context, spare, count) === 1;
    },
  };
}

/** OpenSSL reads as many bytes as it expects, whatever it is given. */
function assertLengths(key: Uint8Array, nonce: Uint8Array, tag: Uint8Array): void {
  if (key.length !== 32 || nonce.length !== NONCE_BYTES || tag.length < GCM_TAG_BYTES) {
    throw new RangeError('AES-256-GCM takes a key of 32 bytes, a nonce of 12 and a tag of 16');
  }
}

/** The faster way that this process has. */
export const aesGcm: AesGcm = directAesGcm() ?? nodeAesGcm;
