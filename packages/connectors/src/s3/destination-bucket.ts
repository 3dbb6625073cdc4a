import {
  CreateBucketCommand,
  DeletePublicAccessBlockCommand,
  GetBucketAclCommand,
  PutBucketTaggingCommand,
  PutBucketVersioningCommand,
} from '@aws-sdk/client-s3';
import { ConnectorError } from '../sdk/v1/connector-error.ts';
import { type Buckets, hasAclsOff, versioningOf, versioningProblem } from './buckets.ts';
import type { S3Settings } from './config.ts';
import type { S3Connection } from './connection.ts';
import { hasCode, hasStatus, s3Error } from './errors.ts';
import type { RestorePlan } from './restore-plan.ts';

/** Whether a bucket of the name exists, whoever owns it. */
export async function bucketExists(connection: S3Connection, bucket: string, signal: AbortSignal): Promise<boolean> {
  try {
    await connection.send(bucket, { method: 'HEAD' }, signal);
    return true;
  } catch (error) {
    if (hasStatus(error, 404)) return false;
    if (hasStatus(error, 403)) return true;
    throw s3Error(`Cannot look at the bucket ${bucket}`, error);
  }
}

/** An existing bucket must keep versions and take access control lists (RST-46, RST-48). */
export async function assertFit(connection: S3Connection, bucket: string, signal: AbortSignal): Promise<void> {
  try {
    const problem = versioningProblem(bucket, await versioningOf(connection, bucket, signal));
    if (problem !== undefined) {
      throw new ConnectorError('invalid-request', problem.message.replace('backups', 'restores'), {
        hint: problem.hint,
      });
    }
    if (await hasAclsOff(connection, bucket, signal)) {
      throw new ConnectorError('invalid-request', `The bucket ${bucket} takes no access control lists.`, {
        hint: 'Set its object ownership to ObjectWriter or BucketOwnerPreferred, or restore into a new bucket.',
      });
    }
  } catch (error) {
    signal.throwIfAborted();
    throw s3Error(`Cannot restore into the bucket ${bucket}`, error);
  }
}

/** Makes the new bucket of a restore, remembered before it exists, so that a second call of the job finds it its own. */
export async function makeBucket(
  { connection, buckets, settings }: { connection: S3Connection; buckets: Buckets; settings: S3Settings },
  plan: RestorePlan,
  tags: Readonly<Record<string, string>>,
  signal: AbortSignal,
): Promise<void> {
  const { bucket: Bucket, jobId } = plan;
  await buckets.register.put(Bucket, { name: Bucket, tags: { ...tags }, restored: { jobId, finished: false } });
  const isElsewhere = settings.endpoint === undefined && settings.region !== 'us-east-1';
  const place = isElsewhere
    ? { CreateBucketConfiguration: { LocationConstraint: settings.region as 'eu-west-1' } }
    : {};
  const create = new CreateBucketCommand({ Bucket, ObjectOwnership: 'ObjectWriter', ...place });
  const versions = { Bucket, VersioningConfiguration: { Status: 'Enabled' } } as const;
  const TagSet = Object.entries(tags).map(([Key, Value]) => ({ Key, Value }));
  try {
    await connection
      .request(signal, (client, options) => client.send(create, options))
      .catch((error: unknown) => {
        if (!hasCode(error, 'BucketAlreadyOwnedByYou')) throw error;
      });
    await connection.request(signal, (client, options) =>
      client.send(new PutBucketVersioningCommand(versions), options),
    );
    await allowPublicAccess(connection, Bucket, signal);
    if (TagSet.length > 0) {
      const tagging = new PutBucketTaggingCommand({ Bucket, Tagging: { TagSet } });
      await connection.request(signal, (client, options) => client.send(tagging, options));
    }
  } catch (error) {
    signal.throwIfAborted();
    throw s3Error(`Cannot make the bucket ${Bucket}`, error);
  }
}

/** A restored bucket has the block of public access off (RST-46); stores without such blocks say so. */
async function allowPublicAccess(connection: S3Connection, Bucket: string, signal: AbortSignal): Promise<void> {
  const command = new DeletePublicAccessBlockCommand({ Bucket });
  try {
    await connection.request(signal, (client, options) => client.send(command, options));
  } catch (error) {
    if (!hasStatus(error, 400, 403, 404, 405, 501)) throw error;
  }
}

/** The canonical identifier of the bucket's owner, who will own what is restored; undefined when it may not be asked. */
export async function ownerOf(
  connection: S3Connection,
  Bucket: string,
  signal: AbortSignal,
): Promise<string | undefined> {
  const command = new GetBucketAclCommand({ Bucket });
  try {
    const { Owner } = await connection.request(signal, (client, options) => client.send(command, options));
    return Owner?.ID;
  } catch (error) {
    if (hasStatus(error, 400, 403, 405, 501)) return undefined;
    throw s3Error(`Cannot look at the bucket ${Bucket}`, error);
  }
}
