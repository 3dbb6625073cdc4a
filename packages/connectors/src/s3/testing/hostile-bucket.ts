import { randomBytes } from 'node:crypto';
import {
  AbortMultipartUploadCommand,
  type CompletedPart,
  CompleteMultipartUploadCommand,
  CreateMultipartUploadCommand,
  DeleteObjectCommand,
  PutObjectCommand,
  type PutObjectCommandInput,
  PutObjectTaggingCommand,
  type S3Client,
  UploadPartCommand,
} from '@aws-sdk/client-s3';

/** Keys that are hard for whoever takes them for paths. */
export const HOSTILE_KEYS: readonly string[] = [
  'a',
  'a/b',
  'a-b',
  'a.b',
  'a.~b',
  'a.}b',
  'a0b',
  'a//b',
  '/leading',
  'trailing/',
  '/',
  '//',
  '.',
  '..',
  '../outside',
  'a/./b',
  'a/../b',
  'a b',
  ' spaces ',
  'a+b',
  'a%20b',
  'a%2Fb',
  '&<>"\'',
  '?query#fragment',
  'tab\tnew\nline',
  '\u0001\u0002',
  'ümlaut/日本語/😀',
  'é.é',
  '\u{10ffff}',
  "!*'()",
  'k'.repeat(1024),
  `${'é'.repeat(500)}/${'x'.repeat(23)}`,
];

const PART_BYTES = 5 * 1024 * 1024;

/** Fills a bucket with one of everything; every current object is to come back exactly. */
export async function buildHostileBucket(client: S3Client, Bucket: string): Promise<void> {
  const put = (Key: string, Body: string | Buffer, more: Partial<PutObjectCommandInput> = {}) =>
    client.send(new PutObjectCommand({ Bucket, Key, Body, ...more }));
  for (const key of HOSTILE_KEYS) await put(key, `content of ${key}`);
  await put('kinds/empty', Buffer.alloc(0));
  await put('kinds/small', randomBytes(300));
  await put('kinds/middle', randomBytes(3_000_000));
  await putInParts(client, Bucket, 'kinds/large', randomBytes(4 * PART_BYTES + 12_345));
  await put('kinds/cold', 'stored elsewhere', { StorageClass: 'COLD' as 'STANDARD_IA' });
  await put('kinds/headers', 'with headers', {
    ContentType: 'text/x-special; charset=utf-8',
    CacheControl: 'max-age=60',
    ContentDisposition: 'attachment; filename="x.txt"',
    ContentEncoding: 'identity',
    ContentLanguage: 'de',
    Expires: new Date(Date.UTC(2031, 4, 6, 7, 8, 9)),
    Metadata: { author: 'somebody', 'two-words': 'a, b; c="d"' },
    Tagging: 'project=x%20%26%20y&empty=&%C3%BC=%E2%82%AC',
  });
  await put('kinds/public', 'for everybody', { ACL: 'public-read' });
  await put('versions/twice', 'old');
  await put('versions/twice', 'new', { Tagging: 'age=new' });
  await put('versions/deleted', 'was here');
  await client.send(new DeleteObjectCommand({ Bucket, Key: 'versions/deleted' }));
  await put('versions/back', 'first');
  await client.send(new DeleteObjectCommand({ Bucket, Key: 'versions/back' }));
  await put('versions/back', 'again');
  await leaveUnfinishedUpload(client, Bucket);
}

async function putInParts(client: S3Client, Bucket: string, Key: string, body: Buffer): Promise<void> {
  const { UploadId } = await client.send(
    new CreateMultipartUploadCommand({ Bucket, Key, Metadata: { made: 'in parts' } }),
  );
  const Parts: CompletedPart[] = [];
  for (let at = 0; at < body.length; at += PART_BYTES) {
    const PartNumber = Parts.length + 1;
    const Body = body.subarray(at, at + PART_BYTES);
    const { ETag } = await client.send(new UploadPartCommand({ Bucket, Key, UploadId, PartNumber, Body }));
    Parts.push({ PartNumber, ETag });
  }
  await client.send(new CompleteMultipartUploadCommand({ Bucket, Key, UploadId, MultipartUpload: { Parts } }));
  const Tagging = { TagSet: [{ Key: 'made in', Value: 'parts' }] };
  await client.send(new PutObjectTaggingCommand({ Bucket, Key, Tagging }));
}

/** An upload that was never completed is no object and must not trouble anybody. */
async function leaveUnfinishedUpload(client: S3Client, Bucket: string): Promise<void> {
  const target = { Bucket, Key: 'unfinished' };
  const { UploadId } = await client.send(new CreateMultipartUploadCommand(target));
  await client.send(new UploadPartCommand({ ...target, UploadId, PartNumber: 1, Body: 'part' }));
  await client.send(new AbortMultipartUploadCommand({ ...target, UploadId }));
}
