import type { KeyMetadata } from '@aws-sdk/client-kms';
import type { KeyRecord } from './key-records.ts';
import { keyArn } from './key-store.ts';

/** A key as the API shows it. */
export function describeKey(key: KeyRecord): KeyMetadata {
  const { backing } = key;
  return {
    AWSAccountId: key.accountId,
    KeyId: key.keyId,
    Arn: keyArn(key, key.keyId),
    CreationDate: new Date(key.createdAt),
    Enabled: key.state === 'Enabled',
    Description: key.description,
    KeyUsage: 'ENCRYPT_DECRYPT',
    KeyState: key.state,
    ...(key.deletionAt === undefined ? {} : { DeletionDate: new Date(key.deletionAt) }),
    Origin: backing.kind === 'embedded' ? 'AWS_KMS' : 'EXTERNAL_KEY_STORE',
    ...(backing.kind === 'embedded'
      ? {}
      : { CustomKeyStoreId: backing.keyStoreId, XksKeyConfiguration: { Id: backing.externalKeyId } }),
    KeyManager: key.manager,
    CustomerMasterKeySpec: 'SYMMETRIC_DEFAULT',
    KeySpec: 'SYMMETRIC_DEFAULT',
    EncryptionAlgorithms: ['SYMMETRIC_DEFAULT'],
    MultiRegion: false,
  };
}
