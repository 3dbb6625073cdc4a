import { createCipheriv, createDecipheriv } from 'node:crypto';
import type { RandomBytes } from '../identity/entity-id.ts';

const NONCE_BYTES = 12;
const TAG_BYTES = 16;

/** The sealed bytes were altered, cut, sealed with another key, or belong elsewhere. */
export class UnsealError extends Error {
  override readonly name = 'UnsealError';
}

/**
 * Seals small secrets with AES-256-GCM: nonce, then ciphertext, then tag. What a secret belongs to (an access key ID, a
 * key ID and context) goes in as `belongsTo`; it is not stored, but opening fails with any other.
 */
export class SecretBox {
  readonly #key: Uint8Array;
  readonly #random: RandomBytes;

  constructor(key: Uint8Array, random: RandomBytes) {
    this.#key = key;
    this.#random = random;
  }

  seal(secret: Uint8Array, belongsTo: string): Buffer {
    const nonce = this.#random(NONCE_BYTES);
    const cipher = createCipheriv('aes-256-gcm', this.#key, nonce).setAAD(Buffer.from(belongsTo));
    return Buffer.concat([nonce, cipher.update(secret), cipher.final(), cipher.getAuthTag()]);
  }

  /** @throws UnsealError */
  open(sealed: Uint8Array, belongsTo: string): Buffer {
    if (sealed.length < NONCE_BYTES + TAG_BYTES) throw new UnsealError('The sealed secret is too short.');
    const tagAt = sealed.length - TAG_BYTES;
    try {
      const decipher = createDecipheriv('aes-256-gcm', this.#key, sealed.subarray(0, NONCE_BYTES))
        .setAAD(Buffer.from(belongsTo))
        .setAuthTag(sealed.subarray(tagAt));
      return Buffer.concat([decipher.update(sealed.subarray(NONCE_BYTES, tagAt)), decipher.final()]);
    } catch (error) {
      throw new UnsealError('The sealed secret cannot be opened with this key.', { cause: error });
    }
  }

  /** `seal` for texts, in Base64. */
  sealText(secret: string, belongsTo: string): string {
    return this.seal(Buffer.from(secret), belongsTo).toString('base64');
  }

  /** `open` for texts. */
  openText(sealed: string, belongsTo: string): string {
    return this.open(Buffer.from(sealed, 'base64'), belongsTo).toString();
  }
}
