import { parseArn } from '../policy/arn.ts';
import type { EncryptionContext } from './encryption-context.ts';
import type { KeyService } from './key-service.ts';

/** A data key as it lies beside the data that it protects. */
export interface WrappedDataKey {
  readonly keyId: string;
  readonly wrapped: Uint8Array;
}

/**
 * Wraps and unwraps the data keys of one vault with the vault's key: what the storage engine asks of a key provider.
 * The backup service acts here in its own name; a key that is disabled, about to be deleted or gone refuses, with a
 * message that a job can show.
 */
export class VaultKeyProvider {
  readonly #service: KeyService;
  readonly #keyArn: string;
  readonly #now: () => number;

  constructor(service: KeyService, keyArn: string, now: () => number) {
    this.#service = service;
    this.#keyArn = keyArn;
    this.#now = now;
  }

  /** @throws ServiceError DisabledException, KMSInvalidStateException, NotFoundException */
  async wrap(plain: Uint8Array, context: EncryptionContext): Promise<WrappedDataKey> {
    const key = await this.#find(this.#keyArn);
    return { keyId: this.#keyArn, wrapped: await this.#service.encrypt(key, plain, context) };
  }

  /** @throws ServiceError as `wrap`, and InvalidCiphertextException for another context or changed bytes */
  async unwrap({ keyId, wrapped }: WrappedDataKey, context: EncryptionContext): Promise<Uint8Array> {
    return await this.#service.decrypt(await this.#find(keyId), wrapped, context);
  }

  async #find(arn: string): ReturnType<KeyService['ring']['find']> {
    const { accountId = '', region = '' } = parseArn(arn) ?? {};
    return await this.#service.ring.find({ accountId, region }, arn, this.#now());
  }
}
