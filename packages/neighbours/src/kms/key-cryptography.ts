import { ServiceError } from '@holdfast/wire';
import type { RandomBytes } from '../identity/entity-id.ts';
import type { MasterKey } from '../secrets/master-key.ts';
import { SecretBox, UnsealError } from '../secrets/secret-box.ts';
import { contextBytes, type EncryptionContext } from './encryption-context.ts';
import { ExternalKeyError, type ExternalKeyProblem, type ExternalKeyStore } from './external-key-store.ts';
import type { KeyMaterialRecord, KeyRecord } from './key-records.ts';
import { keyArn } from './key-store.ts';
import { invalidCiphertext } from './kms-errors.ts';

const MATERIAL_BYTES = 32;

/** Encrypts and decrypts with the material of keys, wherever it is. Asks nobody for permission: that is done before. */
export class KeyCryptography {
  readonly #box: SecretBox;
  readonly #random: RandomBytes;
  readonly #external: ReadonlyMap<string, ExternalKeyStore>;

  constructor(masterKey: MasterKey, random: RandomBytes, external: readonly ExternalKeyStore[] = []) {
    this.#box = new SecretBox(masterKey.deriveKey('key material'), random);
    this.#random = random;
    this.#external = new Map(external.map((store) => [store.id, store]));
  }

  /** New material of an embedded key, sealed with the master key. */
  newMaterial(arn: string, version: number, now: number, rotation?: KeyMaterialRecord['rotation']): KeyMaterialRecord {
    const sealed = this.#box.seal(this.#random(MATERIAL_BYTES), materialOwner(arn, version)).toString('base64');
    return { version, sealed, createdAt: now, rotation };
  }

  /** @throws ServiceError CustomKeyStoreNotFoundException */
  externalStore(id: string): ExternalKeyStore {
    const store = this.#external.get(id);
    if (store !== undefined) return store;
    const known = [...this.#external.keys()].join(', ') || 'none';
    throw new ServiceError(
      'CustomKeyStoreNotFoundException',
      `There is no key store ${id} in the configuration. Known: ${known}.`,
    );
  }

  /** @throws ServiceError for an external store that fails */
  async seal(
    key: KeyRecord,
    plain: Uint8Array,
    context: EncryptionContext,
  ): Promise<{ readonly materialVersion: number; readonly sealed: Uint8Array }> {
    const { backing } = key;
    if (backing.kind === 'external') {
      const store = this.externalStore(backing.keyStoreId);
      const sealed = await asServiceError(() => store.wrap(backing.externalKeyId, plain, context));
      return { materialVersion: 0, sealed };
    }
    const material = backing.materials.at(-1);
    if (material === undefined) throw new Error(`The key ${key.keyId} has no material.`);
    const sealed = this.#boxOf(key, material).seal(plain, contextBytes(context).toString('base64'));
    return { materialVersion: material.version, sealed };
  }

  /** @throws ServiceError InvalidCiphertextException, or for an external store that fails */
  async open(
    key: KeyRecord,
    materialVersion: number,
    sealed: Uint8Array,
    context: EncryptionContext,
  ): Promise<Uint8Array> {
    const { backing } = key;
    if (backing.kind === 'external') {
      const store = this.externalStore(backing.keyStoreId);
      return await asServiceError(() => store.unwrap(backing.externalKeyId, sealed, context));
    }
    const material = backing.materials.find(({ version }) => version === materialVersion);
    if (material === undefined) throw invalidCiphertext();
    try {
      return this.#boxOf(key, material).open(sealed, contextBytes(context).toString('base64'));
    } catch (error) {
      throw error instanceof UnsealError ? invalidCiphertext(error) : error;
    }
  }

  #boxOf(key: KeyRecord, material: KeyMaterialRecord): SecretBox {
    const owner = materialOwner(keyArn(key, key.keyId), material.version);
    return new SecretBox(this.#box.open(Buffer.from(material.sealed, 'base64'), owner), this.#random);
  }
}

function materialOwner(arn: string, version: number): string {
  return `${arn}#${version}`;
}

const EXTERNAL_ERRORS: Readonly<Record<ExternalKeyProblem, string>> = {
  unreachable: 'DependencyTimeoutException',
  denied: 'KMSInvalidStateException',
  'not-found': 'XksKeyNotFoundException',
  disabled: 'DisabledException',
  refused: 'InvalidCiphertextException',
};

/** Runs work on an external key store; its failures become errors of the key service. */
export async function asServiceError<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof ExternalKeyError)) throw error;
    throw new ServiceError(EXTERNAL_ERRORS[error.problem], error.message, { cause: error });
  }
}
