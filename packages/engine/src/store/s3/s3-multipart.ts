import {
  AbortMultipartUploadCommand,
  type CompletedPart,
  CompleteMultipartUploadCommand,
  CreateMultipartUploadCommand,
  type CreateMultipartUploadCommandInput,
  type S3Client,
  UploadPartCommand,
} from '@aws-sdk/client-s3';
import type { StoreChecksum } from '../store.ts';
import type { S3Capabilities } from './s3-options.ts';

const MIN_PART_BYTES = 64 << 20;
const MAX_PARTS = 10_000;

export interface MultipartTarget {
  readonly Bucket: string;
  readonly Key: string;
}

/** Uploads a body in parts, one after the other; a failed upload is aborted, so that no part stays and is billed. */
export async function putMultipart(
  client: S3Client,
  target: MultipartTarget,
  attributes: Partial<CreateMultipartUploadCommandInput>,
  body: Buffer,
  checksum: StoreChecksum,
  capabilities: S3Capabilities,
  request: { readonly abortSignal?: AbortSignal },
): Promise<void> {
  const wholeCrc = capabilities.checksums && checksum.algorithm === 'crc32';
  const { UploadId } = await client.send(
    new CreateMultipartUploadCommand({
      ...target,
      ...attributes,
      ...(wholeCrc ? { ChecksumAlgorithm: 'CRC32', ChecksumType: 'FULL_OBJECT' } : {}),
    }),
    request,
  );
  try {
    const Parts: CompletedPart[] = [];
    const partBytes = Math.max(MIN_PART_BYTES, Math.ceil(body.byteLength / MAX_PARTS));
    for (let offset = 0; offset < body.byteLength; offset += partBytes) {
      const PartNumber = Parts.length + 1;
      const Body = body.subarray(offset, offset + partBytes);
      const { ETag, ChecksumCRC32 } = await client.send(
        new UploadPartCommand({ ...target, UploadId, PartNumber, Body }),
        request,
      );
      Parts.push({ PartNumber, ETag, ...(ChecksumCRC32 === undefined ? {} : { ChecksumCRC32 }) });
    }
    const whole = wholeCrc
      ? ({ ChecksumCRC32: Buffer.from(checksum.value).toString('base64'), ChecksumType: 'FULL_OBJECT' } as const)
      : {};
    const upload = { ...target, UploadId, MultipartUpload: { Parts }, IfNoneMatch: '*', ...whole };
    await client.send(new CompleteMultipartUploadCommand(upload), request);
  } catch (error) {
    await abandon(client, target, UploadId, error);
  }
}

/** Removes the parts and throws why they were given up; a second failure travels along as its suppressed twin. */
async function abandon(client: S3Client, target: MultipartTarget, UploadId: string | undefined, why: unknown) {
  try {
    await client.send(new AbortMultipartUploadCommand({ ...target, UploadId }));
  } catch (error) {
    if (why instanceof Error) why.message += ` (and its parts could not be removed: ${String(error)})`;
  }
  throw why;
}
