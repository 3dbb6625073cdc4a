import type { CreateMultipartUploadCommandInput, Permission } from '@aws-sdk/client-s3';
import type { ObjectAcl } from './object-acl.ts';
import type { ObjectFacts } from './object-record.ts';
import type { S3RestoreMetadata } from './restore-metadata.ts';

type Attributes = Omit<CreateMultipartUploadCommandInput, 'Bucket' | 'Key'>;

/**
 * What a restored object carries beside its content: everything that was kept except its creation date, version,
 * storage class and ETag (BKP-100).
 */
export function attributesOf(facts: ObjectFacts, encryption: S3RestoreMetadata['encryption']): Attributes {
  const headers = facts.headers ?? {};
  const given: Attributes = {
    ...header('CacheControl', headers['cache-control']),
    ...header('ContentDisposition', headers['content-disposition']),
    ...header('ContentEncoding', headers['content-encoding']),
    ...header('ContentLanguage', headers['content-language']),
    ...header('ContentType', headers['content-type']),
    ...header('WebsiteRedirectLocation', headers['x-amz-website-redirect-location']),
    ...expires(headers['expires']),
    ...(facts.userMetadata === undefined ? {} : { Metadata: { ...facts.userMetadata } }),
    ...(facts.tags === undefined ? {} : { Tagging: encodeTags(facts.tags) }),
  };
  return { ...given, ...encryptionOf(facts, encryption) };
}

/** With `%20` for a space, which every store reads; the `+` of forms is a plus sign to some. */
function encodeTags(tags: Readonly<Record<string, string>>): string {
  const pairs = Object.entries(tags).map((pair) => pair.map(encodeURIComponent).join('='));
  return pairs.join('&');
}

function header(name: string, value: string | undefined): Record<string, string> {
  return value === undefined ? {} : { [name]: value };
}

/** The SDK takes a date only; what is none cannot be given back. */
function expires(value: string | undefined): { Expires?: Date } {
  const at = Date.parse(value ?? '');
  return Number.isNaN(at) ? {} : { Expires: new Date(at) };
}

function encryptionOf(facts: ObjectFacts, wanted: S3RestoreMetadata['encryption']): Partial<Attributes> {
  if (wanted.type === 'AES256') return { ServerSideEncryption: 'AES256' };
  if (wanted.type === 'aws:kms') return kms(wanted.keyId);
  if (facts.encryption === undefined) return {};
  return facts.encryption.algorithm === 'AES256' ? { ServerSideEncryption: 'AES256' } : kms(facts.encryption.keyId);
}

function kms(keyId: string | undefined): Partial<Attributes> {
  return { ServerSideEncryption: 'aws:kms', ...(keyId === undefined ? {} : { SSEKMSKeyId: keyId }) };
}

const GRANTS: Readonly<Partial<Record<Permission, keyof Attributes>>> = {
  FULL_CONTROL: 'GrantFullControl',
  READ: 'GrantRead',
  READ_ACP: 'GrantReadACP',
  WRITE_ACP: 'GrantWriteACP',
};

const WORDS = { id: 'id', uri: 'uri', email: 'emailAddress' } as const;

/** An access control list as headers of the upload; the old owner's rights go to the new one. */
export function grantsOf(acl: ObjectAcl | undefined, newOwner: string | undefined): Partial<Attributes> {
  if (acl === undefined || newOwner === undefined) return {};
  const grants: Record<string, string> = {};
  for (const { kind, grantee, permission } of acl.grants) {
    const name = GRANTS[permission];
    if (name === undefined) continue;
    const who = `${WORDS[kind]}="${grantee === acl.owner ? newOwner : grantee}"`;
    grants[name] = grants[name] === undefined ? who : `${grants[name]}, ${who}`;
  }
  return grants;
}
