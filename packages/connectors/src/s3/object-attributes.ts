import type { Permission } from '@aws-sdk/client-s3';
import type { ObjectAcl } from './object-acl.ts';
import type { ObjectFacts } from './object-record.ts';
import type { S3RestoreMetadata } from './restore-metadata.ts';

/** Headers of a request that makes an object; names in lower case, one character per byte. */
export type ObjectHeaders = Readonly<Record<string, string>>;

/**
 * What a restored object carries beside its content: everything that was kept except its creation date, version,
 * storage class and ETag (BKP-100).
 */
export function attributesOf(facts: ObjectFacts, encryption: S3RestoreMetadata['encryption']): ObjectHeaders {
  const userMetadata = Object.entries(facts.userMetadata ?? {}).map(([name, value]) => [`x-amz-meta-${name}`, value]);
  return {
    ...facts.headers,
    ...(Object.fromEntries(userMetadata) as ObjectHeaders),
    ...(facts.tags === undefined ? {} : { 'x-amz-tagging': encodeTags(facts.tags) }),
    ...encryptionOf(facts, encryption),
  };
}

/** With `%20` for a space, which every store reads; the `+` of forms is a plus sign to some. */
function encodeTags(tags: Readonly<Record<string, string>>): string {
  const pairs = Object.entries(tags).map((pair) => pair.map(encodeURIComponent).join('='));
  return pairs.join('&');
}

function encryptionOf(facts: ObjectFacts, wanted: S3RestoreMetadata['encryption']): ObjectHeaders {
  if (wanted.type === 'AES256') return ENCRYPTED_BY_STORE;
  if (wanted.type === 'aws:kms') return kms(wanted.keyId);
  if (facts.encryption === undefined) return {};
  return facts.encryption.algorithm === 'AES256' ? ENCRYPTED_BY_STORE : kms(facts.encryption.keyId);
}

const ENCRYPTED_BY_STORE: ObjectHeaders = { 'x-amz-server-side-encryption': 'AES256' };

function kms(keyId: string | undefined): ObjectHeaders {
  const algorithm: ObjectHeaders = { 'x-amz-server-side-encryption': 'aws:kms' };
  return keyId === undefined ? algorithm : { ...algorithm, 'x-amz-server-side-encryption-aws-kms-key-id': keyId };
}

const GRANTS: Readonly<Partial<Record<Permission, string>>> = {
  FULL_CONTROL: 'x-amz-grant-full-control',
  READ: 'x-amz-grant-read',
  READ_ACP: 'x-amz-grant-read-acp',
  WRITE_ACP: 'x-amz-grant-write-acp',
};

const WORDS = { id: 'id', uri: 'uri', email: 'emailAddress' } as const;

/** An access control list as headers of the upload; the old owner's rights go to the new one. */
export function grantsOf(acl: ObjectAcl | undefined, newOwner: string | undefined): ObjectHeaders {
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
