import { type Handlers, type RequestContext, ServiceError } from '@holdfast/wire';
import type { EncryptionContext } from './encryption-context.ts';
import type { KeyRecord } from './key-records.ts';
import { KeyRequests } from './key-requests.ts';
import { keyArn } from './key-store.ts';
import type { KmsOperations } from './kms-definition.ts';
import { validation } from './kms-errors.ts';
import type { KmsPorts } from './kms-ports.ts';

const LONGEST_PLAINTEXT = 4096;
const ALGORITHM = 'SYMMETRIC_DEFAULT' as const;

interface DataKeyInput {
  readonly KeyId: string;
  readonly EncryptionContext?: EncryptionContext | undefined;
  readonly KeySpec?: string | undefined;
  readonly NumberOfBytes?: number | undefined;
}

/** Encrypting, decrypting and data keys. */
export function cryptographicHandlers(ports: KmsPorts) {
  const { service, random } = ports;
  const requests = new KeyRequests(ports);

  const dataKey = async (input: DataKeyInput, context: RequestContext, operation: string) => {
    const encryptionContext = input.EncryptionContext ?? {};
    const key = await requests.authorized(context, input.KeyId, { operation, encryptionContext });
    const plain = random(dataKeyBytes(input));
    return { key, plain, ciphertext: await service.encrypt(key, plain, encryptionContext) };
  };

  /** The key that made a ciphertext; a key named in the request must be the same one. */
  const decryptingKey = async (
    ciphertext: Uint8Array,
    keyId: string | undefined,
    context: RequestContext,
    operation: string,
    encryptionContext: EncryptionContext,
  ): Promise<KeyRecord> => {
    const key = await service.keyOf(ciphertext, context, context.now);
    await requests.check(context, key, { operation, encryptionContext });
    if (keyId !== undefined && (await service.ring.find(context, keyId, context.now)).keyId !== key.keyId) {
      throw new ServiceError(
        'IncorrectKeyException',
        'The key ID in the request does not identify a key that can perform this operation.',
      );
    }
    return key;
  };

  return {
    Encrypt: async (input, context) => {
      const encryptionContext = input.EncryptionContext ?? {};
      const key = await requests.authorized(context, input.KeyId, { operation: 'Encrypt', encryptionContext });
      if (input.Plaintext.length === 0 || input.Plaintext.length > LONGEST_PLAINTEXT) {
        throw validation(`Plaintext must have 1 to ${LONGEST_PLAINTEXT} bytes, not ${input.Plaintext.length}.`);
      }
      const CiphertextBlob = await service.encrypt(key, input.Plaintext, encryptionContext);
      return { CiphertextBlob, KeyId: keyArn(key, key.keyId), EncryptionAlgorithm: ALGORITHM };
    },

    Decrypt: async (input, context) => {
      const encryptionContext = input.EncryptionContext ?? {};
      const ciphertext = present(input.CiphertextBlob);
      const key = await decryptingKey(ciphertext, input.KeyId, context, 'Decrypt', encryptionContext);
      const Plaintext = await service.decrypt(key, ciphertext, encryptionContext);
      return { Plaintext, KeyId: keyArn(key, key.keyId), EncryptionAlgorithm: ALGORITHM };
    },

    ReEncrypt: async (input, context) => {
      const from = input.SourceEncryptionContext ?? {};
      const to = input.DestinationEncryptionContext ?? {};
      const ciphertext = present(input.CiphertextBlob);
      const source = await decryptingKey(ciphertext, input.SourceKeyId, context, 'ReEncryptFrom', from);
      const target = await requests.authorized(context, input.DestinationKeyId, {
        operation: 'ReEncryptTo',
        encryptionContext: to,
      });
      const plain = await service.decrypt(source, ciphertext, from);
      return {
        CiphertextBlob: await service.encrypt(target, plain, to),
        SourceKeyId: keyArn(source, source.keyId),
        KeyId: keyArn(target, target.keyId),
        SourceEncryptionAlgorithm: ALGORITHM,
        DestinationEncryptionAlgorithm: ALGORITHM,
      };
    },

    GenerateDataKey: async (input, context) => {
      const { key, plain, ciphertext } = await dataKey(input, context, 'GenerateDataKey');
      return { CiphertextBlob: ciphertext, Plaintext: plain, KeyId: keyArn(key, key.keyId) };
    },

    GenerateDataKeyWithoutPlaintext: async (input, context) => {
      const { key, ciphertext } = await dataKey(input, context, 'GenerateDataKeyWithoutPlaintext');
      return { CiphertextBlob: ciphertext, KeyId: keyArn(key, key.keyId) };
    },

    GenerateRandom: async (input, context) => {
      await ports.authorizer.check(context, { action: 'kms:GenerateRandom', resource: '*' });
      return { Plaintext: random(checkedBytes(input.NumberOfBytes ?? 0)) };
    },
  } satisfies Handlers<KmsOperations>;
}

/** The SDK's types leave the member open because some newer forms of the request do without it. */
function present(ciphertext: Uint8Array | undefined): Uint8Array {
  if (ciphertext === undefined) throw validation('CiphertextBlob is missing.');
  return ciphertext;
}

function dataKeyBytes({ KeySpec, NumberOfBytes }: DataKeyInput): number {
  if ((KeySpec === undefined) === (NumberOfBytes === undefined)) {
    throw validation('Please specify either number of bytes or key spec.');
  }
  if (KeySpec === undefined) return checkedBytes(NumberOfBytes ?? 0);
  if (KeySpec === 'AES_256') return 32;
  if (KeySpec === 'AES_128') return 16;
  throw validation(`KeySpec must be AES_256 or AES_128, not ${KeySpec}.`);
}

function checkedBytes(count: number): number {
  if (Number.isInteger(count) && count >= 1 && count <= 1024) return count;
  throw validation(`NumberOfBytes must be between 1 and 1024, not ${count}.`);
}
