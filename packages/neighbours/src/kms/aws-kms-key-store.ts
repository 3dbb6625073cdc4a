import { DecryptCommand, DescribeKeyCommand, EncryptCommand, type KMSClient } from '@aws-sdk/client-kms';
import type { EncryptionContext } from './encryption-context.ts';
import { ExternalKeyError, type ExternalKeyProblem, type ExternalKeyStore } from './external-key-store.ts';

const PROBLEMS: Readonly<Record<string, ExternalKeyProblem>> = {
  NotFoundException: 'not-found',
  InvalidArnException: 'not-found',
  DisabledException: 'disabled',
  KMSInvalidStateException: 'disabled',
  AccessDeniedException: 'denied',
  UnrecognizedClientException: 'denied',
  InvalidSignatureException: 'denied',
  ExpiredTokenException: 'denied',
  InvalidCiphertextException: 'refused',
  IncorrectKeyException: 'refused',
};

/** Keys in a service that speaks the API of AWS KMS: Amazon's own, another Holdfast, an emulator. */
export class AwsKmsKeyStore implements ExternalKeyStore {
  readonly id: string;
  readonly #client: KMSClient;

  /** The client carries endpoint, region and credentials, with retries and time limits of its own. */
  constructor(id: string, client: KMSClient) {
    this.id = id;
    this.#client = client;
  }

  async check(externalKeyId: string): Promise<void> {
    const { KeyMetadata } = await this.#ask(externalKeyId, () =>
      this.#client.send(new DescribeKeyCommand({ KeyId: externalKeyId })),
    );
    if (KeyMetadata?.Enabled === true) return;
    throw new ExternalKeyError(
      'disabled',
      `The key ${externalKeyId} in the key store ${this.id} is ${KeyMetadata?.KeyState ?? 'unknown'}.`,
    );
  }

  async wrap(externalKeyId: string, plain: Uint8Array, context: EncryptionContext): Promise<Uint8Array> {
    const { CiphertextBlob } = await this.#ask(externalKeyId, () =>
      this.#client.send(
        new EncryptCommand({ KeyId: externalKeyId, Plaintext: plain, EncryptionContext: { ...context } }),
      ),
    );
    return this.#bytes(CiphertextBlob);
  }

  async unwrap(externalKeyId: string, wrapped: Uint8Array, context: EncryptionContext): Promise<Uint8Array> {
    const { Plaintext } = await this.#ask(externalKeyId, () =>
      this.#client.send(
        new DecryptCommand({ KeyId: externalKeyId, CiphertextBlob: wrapped, EncryptionContext: { ...context } }),
      ),
    );
    return this.#bytes(Plaintext);
  }

  async #ask<T>(externalKeyId: string, request: () => Promise<T>): Promise<T> {
    try {
      return await request();
    } catch (error) {
      const name = error instanceof Error ? error.name : 'unknown error';
      const problem = PROBLEMS[name] ?? 'unreachable';
      const message = `The key ${externalKeyId} in the key store ${this.id} cannot be used: ${name}.`;
      throw new ExternalKeyError(problem, message, { cause: error });
    }
  }

  #bytes(value: Uint8Array | undefined): Uint8Array {
    if (value !== undefined) return value;
    throw new ExternalKeyError('unreachable', `The key store ${this.id} answered without a result.`);
  }
}
