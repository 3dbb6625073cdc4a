import type { RestoreField } from '../sdk/v1/connector.ts';
import { ConnectorError } from '../sdk/v1/connector-error.ts';

const MOST_ITEMS = 5;
const MOST_METADATA_BYTES = 200 * 1024;
const BUCKET_NAME = /^(?!.*\.\.)[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/;
const TIME = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d{1,3})?Z$/;

/** The keys of S3 restore metadata (RST-50). */
export const restoreFields: readonly RestoreField[] = [
  {
    name: 'DestinationBucketName',
    required: true,
    description: 'The bucket to restore into: the one that was backed up, another one, or the name of a new one.',
  },
  {
    name: 'NewBucket',
    required: true,
    description:
      'true: make the bucket first; false: it exists, has versioning turned on and access control lists allowed.',
    values: ['true', 'false'],
    defaultValue: 'false',
  },
  {
    name: 'Encrypted',
    required: true,
    description: 'Whether the store shall encrypt what is restored; must be true for SSE-S3 and SSE-KMS.',
    values: ['true', 'false'],
    defaultValue: 'false',
  },
  { name: 'CreationToken', required: true, description: 'Any text of 1 to 256 characters that names the request.' },
  {
    name: 'EncryptionType',
    required: true,
    description: 'original: as each object was encrypted when it was backed up; SSE-S3; or SSE-KMS with KMSKey.',
    values: ['original', 'SSE-S3', 'SSE-KMS'],
    defaultValue: 'original',
  },
  { name: 'KMSKey', required: false, description: 'The key of SSE-KMS; absent: the default key of the store.' },
  {
    name: 'ItemsToRestore',
    required: false,
    description:
      'JSON list of 1 to 5 objects, or of prefixes that end with a slash, for example ["s3://photos/2024/"]; ' +
      'absent: everything.',
  },
  {
    name: 'RestoreTime',
    required: false,
    description: 'Of a continuous recovery point: the moment to bring back, such as 2021-11-27T03:30:27Z, or latest.',
  },
];

const IGNORED_PREFIX = 'aws:backup:';

/** An object, or all objects whose keys begin with a prefix. */
export interface WantedItem {
  /** Of the URI that named it; absent when only a key was given. */
  readonly bucket: string | undefined;
  readonly key: string;
  readonly isPrefix: boolean;
}

export interface S3RestoreMetadata {
  readonly bucket: string;
  readonly isNewBucket: boolean;
  readonly encryption:
    | { readonly type: 'original' }
    | { readonly type: 'AES256' }
    | { readonly type: 'aws:kms'; readonly keyId: string | undefined };
  /** Absent: everything. */
  readonly items: readonly WantedItem[] | undefined;
  /** Keys that were given and have no meaning here, for the job's message. */
  readonly withoutEffect: readonly string[];
}

/**
 * Reads the restore metadata of a request; keys without regard to case.
 * @throws ConnectorError `invalid-request` that names the key
 */
export function parseRestoreMetadata(metadata: Readonly<Record<string, string>>): S3RestoreMetadata {
  const sizeBytes = Object.entries(metadata).reduce((sum, entry) => sum + Buffer.byteLength(entry.join('')), 0);
  if (sizeBytes > MOST_METADATA_BYTES) refuse('Metadata', `is ${sizeBytes} bytes long, and may be 200 KB at most`);
  const values = new Map(Object.entries(metadata).map(([key, value]) => [key.toLowerCase(), value]));
  for (const field of restoreFields) checkField(field, values.get(field.name.toLowerCase()));
  const bucket = values.get('destinationbucketname') ?? '';
  if (!BUCKET_NAME.test(bucket)) {
    refuse('DestinationBucketName', `'${bucket}' is not a bucket name (3 to 63 of a-z, 0-9, '.' and '-')`);
  }
  if ((values.get('creationtoken') ?? '').length > 256) refuse('CreationToken', 'is longer than 256 characters');
  restoreTime(metadata);
  return {
    bucket,
    isNewBucket: isTrue(values.get('newbucket')),
    encryption: parseEncryption(values),
    items: parseItems(values.get('itemstorestore')),
    withoutEffect: unknownKeys(metadata),
  };
}

/** The moment that the metadata ask for, in ms. @throws ConnectorError `invalid-request` for a time that is none */
export function restoreTime(metadata: Readonly<Record<string, string>>): number | 'latest' | undefined {
  const text = Object.entries(metadata).find(([key]) => key.toLowerCase() === 'restoretime')?.[1];
  if (text === undefined || text === '') return undefined;
  if (text.toLowerCase() === 'latest') return 'latest';
  const time = TIME.test(text) ? Date.parse(text) : Number.NaN;
  if (Number.isNaN(time)) refuse('RestoreTime', `'${text}' is not a time such as 2021-11-27T03:30:27Z`);
  return time;
}

function parseEncryption(values: ReadonlyMap<string, string>): S3RestoreMetadata['encryption'] {
  const type = values.get('encryptiontype')?.toLowerCase();
  const keyId = values.get('kmskey') || undefined;
  if (type !== 'sse-kms' && keyId !== undefined) refuse('KMSKey', 'needs EncryptionType=SSE-KMS');
  if (type === 'original') return { type: 'original' };
  if (!isTrue(values.get('encrypted'))) refuse('Encrypted', 'must be true with EncryptionType SSE-S3 or SSE-KMS');
  return type === 'sse-s3' ? { type: 'AES256' } : { type: 'aws:kms', keyId };
}

function isTrue(value: string | undefined): boolean {
  return value?.toLowerCase() === 'true';
}

function checkField(field: RestoreField, value: string | undefined): void {
  if (value === undefined || value === '') {
    if (field.required) refuse(field.name, 'is required');
    return;
  }
  if (field.values !== undefined && !field.values.some((each) => each.toLowerCase() === value.toLowerCase())) {
    refuse(field.name, `'${value}' is not one of ${field.values.join(', ')}`);
  }
}

function parseItems(text: string | undefined): readonly WantedItem[] | undefined {
  if (text === undefined || text === '') return undefined;
  let list: unknown;
  try {
    list = JSON.parse(text);
  } catch {
    return refuse('ItemsToRestore', 'is not JSON; write a list such as ["s3://photos/2024/beach.jpg"]');
  }
  if (!Array.isArray(list) || list.length === 0 || list.length > MOST_ITEMS) {
    return refuse('ItemsToRestore', `must be a JSON list of 1 to ${MOST_ITEMS} objects or prefixes`);
  }
  return list.map((item: unknown) => parseItem(item));
}

/** `s3://bucket/key`, `arn:aws:s3:::bucket/key`, or the key alone, with or without a slash before it. */
function parseItem(item: unknown): WantedItem {
  if (typeof item !== 'string' || item === '') {
    return refuse('ItemsToRestore', `${JSON.stringify(item)} is not an object such as "s3://photos/2024/beach.jpg"`);
  }
  const uri = /^(?:s3:\/\/|arn:aws[a-z-]*:s3:::)([^/]+)(?:\/(.*))?$/s.exec(item);
  const key = uri === null ? item.replace(/^\//, '') : (uri[2] ?? '');
  return { bucket: uri?.[1], key, isPrefix: key === '' || key.endsWith('/') };
}

function unknownKeys(metadata: Readonly<Record<string, string>>): string[] {
  const known = new Set(restoreFields.map((field) => field.name.toLowerCase()));
  return Object.keys(metadata).filter(
    (key) => !known.has(key.toLowerCase()) && !key.toLowerCase().startsWith(IGNORED_PREFIX),
  );
}

function refuse(key: string, reason: string): never {
  throw new ConnectorError('invalid-request', `Restore metadata ${key}: ${reason}.`);
}
