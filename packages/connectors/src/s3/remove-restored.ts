import {
  AbortMultipartUploadCommand,
  DeleteBucketCommand,
  DeleteObjectsCommand,
  ListMultipartUploadsCommand,
  type ObjectIdentifier,
} from '@aws-sdk/client-s3';
import { ConnectorError } from '../sdk/v1/connector-error.ts';
import type { Buckets } from './buckets.ts';
import type { S3Connection } from './connection.ts';
import { hasStatus, s3Error } from './errors.ts';
import { listVersions } from './version-listing.ts';

const DELETED_AT_ONCE = 1000;

/** What a removal will take away, decided before anything is touched. */
export interface RemovalPlan {
  readonly bucket: string;
  /** Every version in it, every unfinished upload, and the bucket itself. */
  readonly takes: 'everything';
}

/** @throws ConnectorError `denied` for a bucket that no restore made */
export async function planRemoval(buckets: Buckets, resourceArn: string, signal: AbortSignal): Promise<RemovalPlan> {
  const name = await buckets.nameOf(resourceArn);
  if (!(await buckets.isRestored(name))) {
    // A bucket that does not exist is unknown rather than forbidden.
    await buckets.byArn(resourceArn, signal);
    throw new ConnectorError(
      'denied',
      `The bucket ${name} was not created by a restore, so Holdfast does not remove it.`,
    );
  }
  return { bucket: name, takes: 'everything' };
}

/** Empties and removes the bucket; what is gone already is no failure. */
export async function removeRestored(
  connection: S3Connection,
  buckets: Buckets,
  { bucket }: RemovalPlan,
  signal: AbortSignal,
): Promise<void> {
  try {
    await abortUploads(connection, bucket, signal);
    await removeVersions(connection, bucket, signal);
    const command = new DeleteBucketCommand({ Bucket: bucket });
    await connection.request(signal, (client, options) => client.send(command, options));
  } catch (error) {
    signal.throwIfAborted();
    if (!hasStatus(error, 404)) throw s3Error(`Cannot remove the bucket ${bucket}`, error);
  }
  await buckets.register.remove(bucket);
}

async function removeVersions(connection: S3Connection, bucket: string, signal: AbortSignal): Promise<void> {
  let batch: ObjectIdentifier[] = [];
  for await (const { key, versionId } of listVersions(connection, bucket, signal)) {
    batch.push({ Key: key, VersionId: versionId });
    if (batch.length < DELETED_AT_ONCE) continue;
    await removeBatch(connection, bucket, batch, signal);
    batch = [];
  }
  if (batch.length > 0) await removeBatch(connection, bucket, batch, signal);
}

async function removeBatch(
  connection: S3Connection,
  Bucket: string,
  Objects: ObjectIdentifier[],
  signal: AbortSignal,
): Promise<void> {
  const command = new DeleteObjectsCommand({ Bucket, Delete: { Objects, Quiet: true } });
  const { Errors = [] } = await connection.request(signal, (client, options) => client.send(command, options));
  const [first] = Errors;
  if (first === undefined) return;
  throw new ConnectorError(
    'denied',
    `${Errors.length} objects of ${Bucket} cannot be removed, the first one ${first.Key}: ${first.Message ?? first.Code}.`,
    {
      hint: 'An object lock or a bucket policy may forbid it.',
    },
  );
}

async function abortUploads(connection: S3Connection, Bucket: string, signal: AbortSignal): Promise<void> {
  const list = new ListMultipartUploadsCommand({ Bucket });
  const { Uploads = [] } = await connection.request(signal, (client, options) => client.send(list, options));
  for (const { Key, UploadId } of Uploads) {
    const command = new AbortMultipartUploadCommand({ Bucket, Key, UploadId });
    await connection.request(signal, (client, options) => client.send(command, options));
  }
}
