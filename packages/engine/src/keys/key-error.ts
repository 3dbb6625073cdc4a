export type KeyErrorCode = 'wrong-key' | 'tampered' | 'invalid-key-file';

/** A key that cannot be used; without it the vault is unreadable. */
export class KeyError extends Error {
  readonly code: KeyErrorCode;

  constructor(code: KeyErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'KeyError';
    this.code = code;
  }
}
