import { createHash } from 'node:crypto';
import {
  AbortMultipartUploadCommand,
  type CompletedPart,
  CompleteMultipartUploadCommand,
  type CompleteMultipartUploadCommandInput,
  CreateMultipartUploadCommand,
  type CreateMultipartUploadCommandInput,
  PutObjectCommand,
  UploadPartCommand,
} from '@aws-sdk/client-s3';
import type { S3Connection } from './connection.ts';
import { hasCode, hasStatus } from './errors.ts';
import type { OpenUploads } from './open-uploads.ts';
import { TaskPool } from './task-pool.ts';

/** What is larger goes up in parts. */
export const SINGLE_PUT_BYTES = 16 * 1024 * 1024;
const SMALLEST_PART_BYTES = 16 * 1024 * 1024;
const MOST_PARTS = 10_000;
const PARTS_AT_ONCE = 3;

export interface Upload {
  readonly bucket: string;
  readonly key: string;
  readonly sizeBytes: number;
  /** Headers, metadata, tags, grants and encryption of the new object. */
  readonly attributes: Omit<CreateMultipartUploadCommandInput, 'Bucket' | 'Key'>;
  content(): AsyncIterable<Uint8Array>;
}

/** Writes objects into buckets, large ones in parts; what fails leaves no parts behind. */
export class Uploader {
  readonly #connection: S3Connection;
  readonly #open: OpenUploads;
  readonly #signal: AbortSignal;
  readonly #onBytes: (bytes: number) => void;

  constructor(connection: S3Connection, open: OpenUploads, signal: AbortSignal, onBytes: (bytes: number) => void) {
    this.#connection = connection;
    this.#open = open;
    this.#signal = signal;
    this.#onBytes = onBytes;
  }

  /** @throws S3RequestError; whatever the content throws */
  async put(upload: Upload): Promise<void> {
    if (upload.sizeBytes > SINGLE_PUT_BYTES) await this.#putParts(upload);
    else await this.#putWhole(upload);
  }

  async #putWhole({ bucket, key, attributes, content }: Upload): Promise<void> {
    const parts: Uint8Array[] = [];
    for await (const part of content()) parts.push(part);
    const Body = Buffer.concat(parts);
    const command = { Bucket: bucket, Key: key, ...attributes, Body, ContentMD5: md5Of(Body) };
    await this.#connection.request(this.#signal, (client, options) =>
      client.send(new PutObjectCommand(command), options),
    );
    this.#onBytes(Body.byteLength);
  }

  async #putParts(upload: Upload): Promise<void> {
    const target = { Bucket: upload.bucket, Key: upload.key };
    const command = { ...target, ...upload.attributes };
    const { UploadId } = await this.#connection.request(this.#signal, (client, options) =>
      client.send(new CreateMultipartUploadCommand(command), options),
    );
    const open = { bucket: upload.bucket, key: upload.key, uploadId: UploadId ?? '' };
    try {
      await this.#open.add(open);
      const Parts = await this.#sendParts(upload, { ...target, UploadId });
      await this.#complete(upload, { ...target, UploadId, MultipartUpload: { Parts } });
    } catch (error) {
      if (await abortUpload(this.#connection, open)) await this.#open.remove(open);
      throw error;
    }
    await this.#open.remove(open);
  }

  async #complete({ bucket, key, sizeBytes }: Upload, command: CompleteMultipartUploadCommandInput): Promise<void> {
    try {
      await this.#connection.request(this.#signal, (client, options) =>
        client.send(new CompleteMultipartUploadCommand(command), options),
      );
    } catch (error) {
      // The answer to an earlier attempt may have been lost: then the upload is gone because the object is there.
      if (!hasCode(error, 'NoSuchUpload')) throw error;
      const { headers } = await this.#connection.send(bucket, { method: 'HEAD', key }, this.#signal);
      if (Number(headers['content-length']) !== sizeBytes) throw error;
    }
  }

  async #sendParts(
    { sizeBytes, content }: Upload,
    target: { readonly Bucket: string; readonly Key: string; readonly UploadId: string | undefined },
  ): Promise<CompletedPart[]> {
    const partBytes = Math.max(SMALLEST_PART_BYTES, Math.ceil(sizeBytes / MOST_PARTS));
    const parts: CompletedPart[] = [];
    const pool = new TaskPool(PARTS_AT_ONCE, Number.MAX_SAFE_INTEGER);
    try {
      for await (const Body of inPiecesOf(partBytes, content())) {
        const PartNumber = parts.length + 1;
        const part: CompletedPart = { PartNumber };
        parts.push(part);
        await pool.add(0, async () => {
          const command = { ...target, PartNumber, Body, ContentMD5: md5Of(Body) };
          const { ETag } = await this.#connection.request(this.#signal, (client, options) =>
            client.send(new UploadPartCommand(command), options),
          );
          part.ETag = ETag;
          this.#onBytes(Body.byteLength);
        });
      }
      await pool.finish();
      return parts;
    } finally {
      await pool.settle();
    }
  }
}

/**
 * Removes what an unfinished upload left; runs to its end also when the restore was aborted.
 * @returns whether nothing of it is left
 */
export async function abortUpload(
  connection: S3Connection,
  { bucket, key, uploadId }: { readonly bucket: string; readonly key: string; readonly uploadId: string },
): Promise<boolean> {
  const command = new AbortMultipartUploadCommand({ Bucket: bucket, Key: key, UploadId: uploadId });
  const { signal } = new AbortController();
  try {
    await connection.request(signal, (client, options) => client.send(command, options));
    return true;
  } catch (error) {
    // The register of open uploads keeps what could not be reached.
    return hasStatus(error, 404);
  }
}

async function* inPiecesOf(pieceBytes: number, content: AsyncIterable<Uint8Array>): AsyncGenerator<Buffer> {
  let parts: Uint8Array[] = [];
  let bytes = 0;
  for await (let part of content) {
    while (bytes + part.byteLength >= pieceBytes) {
      const rest = pieceBytes - bytes;
      yield Buffer.concat([...parts, part.subarray(0, rest)]);
      part = part.subarray(rest);
      parts = [];
      bytes = 0;
    }
    if (part.byteLength > 0) parts.push(part);
    bytes += part.byteLength;
  }
  if (bytes > 0) yield Buffer.concat(parts);
}

function md5Of(body: Uint8Array): string {
  return createHash('md5').update(body).digest('base64');
}
