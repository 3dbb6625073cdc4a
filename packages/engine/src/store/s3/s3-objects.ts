import type { HeadObjectCommandOutput, PutObjectCommandInput } from '@aws-sdk/client-s3';
import type { ObjectFacts, StoreChecksum, StoreRetention, StoreTier } from '../store.ts';
import type { S3Capabilities, S3StoreOptions } from './s3-options.ts';

/** The checksum as user metadata, for servers that keep none by themselves. */
const CRC32_METADATA = 'holdfast-crc32';
const SHA256_METADATA = 'holdfast-sha256';

type PutAttributes = Pick<
  PutObjectCommandInput,
  'Metadata' | 'StorageClass' | 'ObjectLockMode' | 'ObjectLockRetainUntilDate'
>;

/** What a new object carries besides its bytes. */
export function putAttributes(
  options: S3StoreOptions,
  capabilities: S3Capabilities,
  put: { readonly checksum: StoreChecksum; readonly tier?: StoreTier; readonly retention?: StoreRetention },
): PutAttributes {
  const storageClass = storageClassOf(options, put.tier ?? 'warm');
  const name = put.checksum.algorithm === 'crc32' ? CRC32_METADATA : SHA256_METADATA;
  return {
    Metadata: { [name]: Buffer.from(put.checksum.value).toString('hex') },
    ...(storageClass === undefined ? {} : { StorageClass: storageClass }),
    ...(put.retention === undefined || !capabilities.objectLock ? {} : lockAttributes(put.retention)),
  };
}

export function lockAttributes(retention: StoreRetention): {
  ObjectLockMode: 'COMPLIANCE' | 'GOVERNANCE';
  ObjectLockRetainUntilDate: Date;
} {
  return {
    ObjectLockMode: retention.mode === 'compliance' ? 'COMPLIANCE' : 'GOVERNANCE',
    // Whole seconds, rounded up: a store may keep no finer date, and a lock must never end early.
    ObjectLockRetainUntilDate: new Date(Math.ceil(retention.untilAt / 1000) * 1000),
  };
}

export function storageClassOf(
  options: S3StoreOptions,
  tier: StoreTier,
): NonNullable<PutObjectCommandInput['StorageClass']> | undefined {
  return (tier === 'cold' ? options.coldClass?.name : options.warmClass) as
    | NonNullable<PutObjectCommandInput['StorageClass']>
    | undefined;
}

export function factsOf(answer: HeadObjectCommandOutput, options: S3StoreOptions): ObjectFacts {
  const isCold = options.coldClass !== undefined && answer.StorageClass === options.coldClass.name;
  const checksum = checksumOf(answer);
  const retention = retentionOf(answer);
  return {
    sizeBytes: answer.ContentLength ?? 0,
    storedAt: answer.LastModified?.getTime() ?? 0,
    tier: isCold ? 'cold' : 'warm',
    availability: isCold && options.coldClass?.needsWarmUp === true ? availabilityOf(answer.Restore) : 'ready',
    ...(checksum === undefined ? {} : { checksum }),
    ...(retention === undefined ? {} : { retention }),
    ...(answer.ObjectLockLegalHoldStatus === 'ON' ? { isHeld: true as const } : {}),
  };
}

/** `x-amz-restore` says `ongoing-request="true"` while it runs and has an expiry date once the copy is there. */
function availabilityOf(restore: string | undefined): ObjectFacts['availability'] {
  if (restore === undefined) return 'cold';
  return restore.includes('ongoing-request="true"') ? 'warming' : 'ready';
}

export function checksumOf(
  answer: Pick<HeadObjectCommandOutput, 'ChecksumCRC32' | 'ChecksumType' | 'Metadata'>,
): StoreChecksum | undefined {
  if (answer.ChecksumCRC32 !== undefined && answer.ChecksumType !== 'COMPOSITE') {
    return { algorithm: 'crc32', value: new Uint8Array(Buffer.from(answer.ChecksumCRC32, 'base64')) };
  }
  const crc32 = answer.Metadata?.[CRC32_METADATA];
  if (crc32 !== undefined) return { algorithm: 'crc32', value: new Uint8Array(Buffer.from(crc32, 'hex')) };
  const sha256 = answer.Metadata?.[SHA256_METADATA];
  return sha256 === undefined ? undefined : { algorithm: 'sha256', value: new Uint8Array(Buffer.from(sha256, 'hex')) };
}

function retentionOf(answer: HeadObjectCommandOutput): StoreRetention | undefined {
  const { ObjectLockMode: mode, ObjectLockRetainUntilDate: until } = answer;
  if (mode === undefined || until === undefined) return undefined;
  return { mode: mode === 'COMPLIANCE' ? 'compliance' : 'governance', untilAt: until.getTime() };
}
