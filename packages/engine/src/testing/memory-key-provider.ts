import { createCipheriv, createDecipheriv } from 'node:crypto';
import { KeyError } from '../keys/key-error.ts';
import type { KeyProvider, WrappedKey } from '../keys/key-provider.ts';

/** A key provider with keys in memory, numbered from 1; for tests. */
export class MemoryKeyProvider implements KeyProvider {
  readonly #keys = new Map<string, Buffer>();
  #current = 0;
  #wraps = 0;

  constructor() {
    this.rotate();
  }

  /** Wraps under a new key from now on. */
  rotate(): string {
    this.#current += 1;
    const keyId = `key-${this.#current}`;
    this.#keys.set(keyId, Buffer.alloc(32, this.#current));
    return keyId;
  }

  remove(keyId: string): void {
    this.#keys.delete(keyId);
  }

  async wrap(plain: Uint8Array, context: Readonly<Record<string, string>>): Promise<WrappedKey> {
    const keyId = `key-${this.#current}`;
    this.#wraps += 1;
    const nonce = Buffer.alloc(12);
    nonce.writeUInt32BE(this.#wraps, 0);
    const cipher = createCipheriv('aes-256-gcm', this.#key(keyId), nonce);
    cipher.setAAD(Buffer.from(JSON.stringify(Object.entries(context).sort())));
    return { keyId, wrapped: Buffer.concat([nonce, cipher.update(plain), cipher.final(), cipher.getAuthTag()]) };
  }

  async unwrap({ keyId, wrapped }: WrappedKey, context: Readonly<Record<string, string>>): Promise<Uint8Array> {
    const decipher = createDecipheriv('aes-256-gcm', this.#key(keyId), wrapped.subarray(0, 12));
    decipher.setAAD(Buffer.from(JSON.stringify(Object.entries(context).sort())));
    decipher.setAuthTag(wrapped.subarray(-16));
    try {
      return Buffer.concat([decipher.update(wrapped.subarray(12, -16)), decipher.final()]);
    } catch (error) {
      throw new KeyError('tampered', `a key does not unwrap under ${keyId}`, { cause: error });
    }
  }

  #key(keyId: string): Buffer {
    const key = this.#keys.get(keyId);
    if (key === undefined) throw new KeyError('wrong-key', `there is no key ${keyId}`);
    return key;
  }
}
