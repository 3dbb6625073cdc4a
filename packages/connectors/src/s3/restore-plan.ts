import { ConnectorError } from '../sdk/v1/connector-error.ts';
import type { BucketRecord } from './buckets.ts';
import type { S3RestoreMetadata, WantedItem } from './restore-metadata.ts';

/** What a restore will do, decided before anything is made. */
export interface RestorePlan {
  readonly jobId: string;
  readonly bucket: string;
  readonly isNewBucket: boolean;
  /** Continues an earlier call of the same job: what exists in the new bucket was restored by that. */
  readonly isResumed: boolean;
  /** The moment whose state is restored, in ms. */
  readonly targetAt: number;
  readonly encryption: S3RestoreMetadata['encryption'];
  /** Absent: everything. */
  readonly items: readonly WantedItem[] | undefined;
}

export interface RestorePlanInput {
  readonly jobId: string;
  readonly metadata: S3RestoreMetadata;
  readonly sourceBucket: string;
  readonly targetAt: number;
  readonly consistentAt: number;
  readonly destination: {
    readonly exists: boolean;
    /** What is remembered of a bucket of this name. */
    readonly record: BucketRecord | undefined;
  };
}

/**
 * Decides where a restore goes and what it takes.
 * @throws ConnectorError `conflict` when the new bucket exists, `not-found` when the existing one does not,
 * `invalid-request` for items of another bucket or a time that the recovery point does not know
 */
export function planRestore(input: RestorePlanInput): RestorePlan {
  const { jobId, metadata, destination, targetAt } = input;
  const { bucket, isNewBucket, encryption, items } = metadata;
  const isResumed = isNewBucket && destination.record?.restored?.jobId === jobId;
  if (isNewBucket && destination.exists && !isResumed) {
    throw new ConnectorError('conflict', `The bucket ${bucket} exists already.`, {
      hint: 'Choose another DestinationBucketName, or NewBucket=false to add to what is there.',
    });
  }
  if (!isNewBucket && !destination.exists) {
    throw new ConnectorError('not-found', `There is no bucket ${bucket} to restore into.`, {
      hint: 'Correct DestinationBucketName, or make it with NewBucket=true.',
    });
  }
  const foreign = items?.find((item) => item.bucket !== undefined && item.bucket !== input.sourceBucket);
  if (foreign !== undefined) {
    throw new ConnectorError('invalid-request', `ItemsToRestore names the bucket ${foreign.bucket}.`, {
      hint: `The recovery point holds ${input.sourceBucket}: write s3://${input.sourceBucket}/${foreign.key}.`,
    });
  }
  if (targetAt > input.consistentAt) {
    const latest = new Date(input.consistentAt).toISOString();
    throw new ConnectorError('invalid-request', `The recovery point knows the bucket until ${latest} only.`, {
      hint: 'Choose an earlier RestoreTime.',
    });
  }
  return { jobId, bucket, isNewBucket, isResumed, targetAt, encryption, items };
}

/** Whether an object was asked for. */
export function isWanted(items: readonly WantedItem[] | undefined, key: string): boolean {
  return items?.some((item) => (item.isPrefix ? key.startsWith(item.key) : key === item.key)) ?? true;
}
