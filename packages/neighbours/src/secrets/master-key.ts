import { hkdfSync } from 'node:crypto';

const LENGTH_BYTES = 32;

/**
 * The installation's master key: 32 bytes from which one key per purpose is derived. It never leaves this object, and
 * printing or serialising the object shows nothing of it.
 */
export class MasterKey {
  readonly #bytes: Uint8Array;

  /** @throws Error when it is not 32 bytes long */
  constructor(bytes: Uint8Array) {
    if (bytes.length !== LENGTH_BYTES) throw new Error(`A master key has ${LENGTH_BYTES} bytes, not ${bytes.length}.`);
    this.#bytes = Uint8Array.from(bytes);
  }

  /** Reads the text form: 64 hexadecimal digits or Base64. */
  static parse(text: string): MasterKey {
    const trimmed = text.trim();
    return new MasterKey(Buffer.from(trimmed, /^[0-9a-f]{64}$/i.test(trimmed) ? 'hex' : 'base64'));
  }

  /** A key for one purpose; different purposes give unrelated keys. */
  deriveKey(purpose: string): Uint8Array {
    return new Uint8Array(hkdfSync('sha256', this.#bytes, new Uint8Array(), `holdfast/${purpose}`, LENGTH_BYTES));
  }
}
