import {
  AbortMultipartUploadCommand,
  type CompletedPart,
  CompleteMultipartUploadCommand,
  type CompleteMultipartUploadCommandInput,
  PutObjectTaggingCommand,
} from '@aws-sdk/client-s3';
import type { S3Connection } from './connection.ts';
import { hasCode, hasStatus, S3RequestError } from './errors.ts';
import type { ObjectHeaders } from './object-attributes.ts';
import type { OpenUploads } from './open-uploads.ts';
import { partSizes } from './part-sizes.ts';
import { bodyOf } from './signed-request.ts';
import { TaskPool } from './task-pool.ts';

export interface Upload {
  readonly bucket: string;
  readonly key: string;
  readonly sizeBytes: number;
  /** Headers, metadata, tags, grants and encryption of the new object. */
  readonly attributes: ObjectHeaders;
  /** The tags once more, which are set again on what came in parts: some stores keep none that an upload begins with. */
  readonly tags: Readonly<Record<string, string>> | undefined;
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
    if (partSizes(upload.sizeBytes) === undefined) await this.#putWhole(upload);
    else await this.#putParts(upload);
  }

  async #putWhole({ bucket, key, attributes, content }: Upload): Promise<void> {
    const body: Uint8Array[] = [];
    for await (const part of content()) body.push(part);
    await this.#connection.send(bucket, { method: 'PUT', key, headers: attributes, body }, this.#signal);
    this.#onBytes(lengthOf(body));
  }

  async #putParts(upload: Upload): Promise<void> {
    const target = { Bucket: upload.bucket, Key: upload.key };
    const UploadId = await this.#begin(upload);
    const open = { bucket: upload.bucket, key: upload.key, uploadId: UploadId };
    try {
      await this.#open.add(open);
      const Parts = await this.#sendParts(upload, UploadId);
      const VersionId = await this.#complete(upload, { ...target, UploadId, MultipartUpload: { Parts } });
      await this.#tag(upload.tags, { ...target, VersionId });
    } catch (error) {
      if (await abortUpload(this.#connection, open)) await this.#open.remove(open);
      throw error;
    }
    await this.#open.remove(open);
  }

  async #begin({ bucket, key, attributes }: Upload): Promise<string> {
    const request = { method: 'POST', key, query: { uploads: '' }, headers: attributes } as const;
    const answer = bodyOf(await this.#connection.send(bucket, request, this.#signal)).toString('utf8');
    const uploadId = /<UploadId>([^<&]+)<\/UploadId>/.exec(answer)?.[1];
    if (uploadId !== undefined) return uploadId;
    throw new S3RequestError('MalformedAnswer', 'the store began an upload and did not name it', { status: 200 });
  }

  /** @returns the version that was made, when the store tells it */
  async #complete(
    { bucket, key, sizeBytes }: Upload,
    command: CompleteMultipartUploadCommandInput,
  ): Promise<string | undefined> {
    try {
      const { VersionId } = await this.#connection.request(this.#signal, (client, options) =>
        client.send(new CompleteMultipartUploadCommand(command), options),
      );
      return VersionId;
    } catch (error) {
      // The answer to an earlier attempt may have been lost: then the upload is gone because the object is there.
      if (!hasCode(error, 'NoSuchUpload')) throw error;
      const { headers } = await this.#connection.send(bucket, { method: 'HEAD', key }, this.#signal);
      if (Number(headers['content-length']) !== sizeBytes) throw error;
      return undefined;
    }
  }

  async #tag(
    tags: Upload['tags'],
    target: { readonly Bucket: string; readonly Key: string; readonly VersionId: string | undefined },
  ): Promise<void> {
    if (tags === undefined) return;
    const TagSet = Object.entries(tags).map(([Key, Value]) => ({ Key, Value }));
    const command = new PutObjectTaggingCommand({ ...target, Tagging: { TagSet } });
    await this.#connection.request(this.#signal, (client, options) => client.send(command, options));
  }

  async #sendParts({ bucket, key, sizeBytes, content }: Upload, uploadId: string): Promise<CompletedPart[]> {
    const sizes = partSizes(sizeBytes);
    if (sizes === undefined) throw new Error(`${sizeBytes} bytes need no parts`);
    const parts: CompletedPart[] = [];
    const pool = new TaskPool(sizes.atOnce, Number.MAX_SAFE_INTEGER);
    try {
      for await (const body of inPiecesOf(sizes.bytes, content())) {
        const PartNumber = parts.length + 1;
        const part: CompletedPart = { PartNumber };
        parts.push(part);
        await pool.add(0, async () => {
          const query = { partNumber: String(PartNumber), uploadId };
          const { headers } = await this.#connection.send(bucket, { method: 'PUT', key, query, body }, this.#signal);
          part.ETag = headers.etag;
          this.#onBytes(lengthOf(body));
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

/** Pieces of one length, the last one shorter, each as views of what came. */
async function* inPiecesOf(pieceBytes: number, content: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array[]> {
  let parts: Uint8Array[] = [];
  let bytes = 0;
  for await (let part of content) {
    while (bytes + part.byteLength >= pieceBytes) {
      const rest = pieceBytes - bytes;
      yield [...parts, part.subarray(0, rest)];
      part = part.subarray(rest);
      parts = [];
      bytes = 0;
    }
    if (part.byteLength > 0) parts.push(part);
    bytes += part.byteLength;
  }
  if (bytes > 0) yield parts;
}

function lengthOf(body: readonly Uint8Array[]): number {
  return body.reduce((sum, part) => sum + part.byteLength, 0);
}
