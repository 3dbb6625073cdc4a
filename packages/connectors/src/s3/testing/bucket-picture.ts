import { createHash } from 'node:crypto';
import {
  GetObjectAclCommand,
  GetObjectCommand,
  GetObjectTaggingCommand,
  ListObjectsV2Command,
  type S3Client,
} from '@aws-sdk/client-s3';

/** Everything that a restore gives back of each current object, by key. */
export async function bucketPicture(client: S3Client, Bucket: string): Promise<Record<string, unknown>> {
  const picture: Record<string, unknown> = {};
  let token: string | undefined;
  do {
    const page: { Contents?: { Key?: string }[]; NextContinuationToken?: string } = await client.send(
      new ListObjectsV2Command({
        Bucket,
        EncodingType: 'url',
        ...(token === undefined ? {} : { ContinuationToken: token }),
      }),
    );
    const keys = (page.Contents ?? []).map(({ Key = '' }) => decodeURIComponent(Key.replaceAll('+', ' ')));
    const pictures = await Promise.all(keys.map((key) => objectPicture(client, Bucket, key)));
    for (const [index, key] of keys.entries()) picture[key] = pictures[index];
    token = page.NextContinuationToken;
  } while (token !== undefined);
  return picture;
}

export async function objectPicture(client: S3Client, Bucket: string, Key: string): Promise<unknown> {
  const object = await client.send(new GetObjectCommand({ Bucket, Key }));
  const { TagSet = [] } = await client.send(new GetObjectTaggingCommand({ Bucket, Key }));
  const { Grants = [] } = await client.send(new GetObjectAclCommand({ Bucket, Key }));
  const hash = createHash('sha256');
  for await (const part of object.Body as AsyncIterable<Uint8Array>) hash.update(part);
  const { ContentType, CacheControl, ContentDisposition, ContentEncoding, ContentLanguage, ContentLength, Metadata } =
    object;
  return {
    content: hash.digest('hex'),
    headers: { ContentType, CacheControl, ContentDisposition, ContentEncoding, ContentLanguage, ContentLength },
    expires: object.ExpiresString,
    encryption: object.ServerSideEncryption,
    metadata: Metadata,
    tags: Object.fromEntries(TagSet.map(({ Key: name, Value }) => [name, Value])),
    grants: Grants.map(({ Grantee, Permission }) => `${Grantee?.ID ?? Grantee?.URI} ${Permission}`).sort(),
  };
}
