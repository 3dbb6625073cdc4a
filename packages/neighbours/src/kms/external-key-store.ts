import type { EncryptionContext } from './encryption-context.ts';

/**
 * Keys that live elsewhere: a hardware module, AWS KMS, HashiCorp Vault or OpenBao. Holdfast sends small secrets (data
 * keys, up to 4 KiB) there to be wrapped; the key itself never comes here.
 */
export interface ExternalKeyStore {
  /** Name in the configuration; what `CustomKeyStoreId` says. */
  readonly id: string;
  /** @throws ExternalKeyError when the key does not exist there or cannot be used */
  check(externalKeyId: string): Promise<void>;
  /** @throws ExternalKeyError */
  wrap(externalKeyId: string, plain: Uint8Array, context: EncryptionContext): Promise<Uint8Array>;
  /** @throws ExternalKeyError `refused` for a changed ciphertext or another context */
  unwrap(externalKeyId: string, wrapped: Uint8Array, context: EncryptionContext): Promise<Uint8Array>;
}

/** `unreachable` may pass, the others need a person. */
export type ExternalKeyProblem = 'unreachable' | 'denied' | 'not-found' | 'disabled' | 'refused';

/** An external key store did not do what it was asked to. The message names store and key, never a secret. */
export class ExternalKeyError extends Error {
  override readonly name = 'ExternalKeyError';
  readonly problem: ExternalKeyProblem;

  constructor(problem: ExternalKeyProblem, message: string, options?: ErrorOptions) {
    super(message, options);
    this.problem = problem;
  }
}
