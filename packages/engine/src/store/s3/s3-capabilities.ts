import { crc32 } from 'node:zlib';
import {
  DeleteObjectCommand,
  GetObjectLockConfigurationCommand,
  PutObjectCommand,
  type PutObjectCommandOutput,
  PutObjectLegalHoldCommand,
  type S3Client,
} from '@aws-sdk/client-s3';
import { StoreError } from '../store-error.ts';
import { s3Client } from './s3-client.ts';
import { answerOf, asS3StoreError } from './s3-errors.ts';
import type { S3Capabilities, S3StoreOptions } from './s3-options.ts';

/**
 * Finds out by trying what a bucket's server does; leaves nothing behind.
 * @param randomName a name that was never used in this bucket
 * @throws StoreError when the bucket cannot be reached or written
 */
export async function probeS3(options: S3StoreOptions, randomName: string): Promise<S3Capabilities> {
  const client = s3Client(options);
  const key = `${options.prefix === undefined ? '' : `${options.prefix}/`}probe/${randomName}`;
  try {
    return await probe(client, options.bucket, key);
  } catch (error) {
    throw asS3StoreError(error, key, undefined);
  } finally {
    client.destroy();
  }
}

async function probe(client: S3Client, Bucket: string, Key: string): Promise<S3Capabilities> {
  const objectLock = await hasObjectLock(client, Bucket);
  const Body = Buffer.from('holdfast');
  const crc = Buffer.alloc(4);
  crc.writeUInt32BE(crc32(Body));
  const put = (): Promise<PutObjectCommandOutput> =>
    client.send(new PutObjectCommand({ Bucket, Key, Body, IfNoneMatch: '*', ChecksumCRC32: crc.toString('base64') }));
  const first = await put();
  const legalHold = objectLock && (await keepsHolds(client, { Bucket, Key }));
  const second = await put().catch((error: unknown) => {
    if (answerOf(error)?.status === 412) return undefined;
    throw error;
  });
  for (const { VersionId } of [first, second ?? first]) {
    await client.send(new DeleteObjectCommand({ Bucket, Key, ...(VersionId === undefined ? {} : { VersionId }) }));
  }
  return {
    conditionalPut: second === undefined,
    checksums: first.ChecksumCRC32 !== undefined,
    versioned: first.VersionId !== undefined,
    objectLock,
    legalHold,
  };
}

/** Places a hold on the probe's object and lifts it again. */
async function keepsHolds(client: S3Client, target: { Bucket: string; Key: string }): Promise<boolean> {
  try {
    for (const Status of ['ON', 'OFF'] as const) {
      await client.send(
        new PutObjectLegalHoldCommand({ ...target, LegalHold: { Status }, ChecksumAlgorithm: 'CRC32' }),
      );
    }
    return true;
  } catch (error) {
    if (isAbsent(answerOf(error)?.status)) return false;
    throw error;
  }
}

/** Servers without an ability say so with one of these; anything else is a fault that must not pass for "no". */
function isAbsent(status: number | undefined): boolean {
  return status === 400 || status === 404 || status === 405 || status === 501;
}

async function hasObjectLock(client: S3Client, Bucket: string): Promise<boolean> {
  try {
    const answer = await client.send(new GetObjectLockConfigurationCommand({ Bucket }));
    return answer.ObjectLockConfiguration?.ObjectLockEnabled === 'Enabled';
  } catch (error) {
    if (answerOf(error)?.name === 'NoSuchBucket') {
      throw new StoreError('unavailable', `there is no bucket ${Bucket}: create it or correct the name`, {
        cause: error,
      });
    }
    if (isAbsent(answerOf(error)?.status)) return false;
    throw error;
  }
}
