import { ListObjectsV2Command } from '@aws-sdk/client-s3';
import type { S3Connection } from './connection.ts';
import { nameOfKey } from './item-paths.ts';
import { decodeListedKey } from './version-listing.ts';

/**
 * Which keys a bucket has now. Asked in the order of the keys, it costs one request for a thousand keys of the bucket
 * that lie between the first and the last that were asked for.
 */
export class DestinationObjects {
  readonly #keys: AsyncGenerator<string>;
  #next: Promise<string | undefined> | undefined;

  constructor(connection: S3Connection, bucket: string, prefix: string, signal: AbortSignal) {
    this.#keys = keysOf(connection, bucket, prefix, signal);
  }

  async has(key: string): Promise<boolean> {
    const wanted = nameOfKey(key);
    for (;;) {
      this.#next ??= this.#keys.next().then((step) => (step.done === true ? undefined : nameOfKey(step.value)));
      const next = await this.#next;
      if (next === undefined || next > wanted) return false;
      if (next === wanted) return true;
      this.#next = undefined;
    }
  }

  async close(): Promise<void> {
    await this.#keys.return(undefined);
  }
}

async function* keysOf(
  connection: S3Connection,
  Bucket: string,
  Prefix: string,
  signal: AbortSignal,
): AsyncGenerator<string> {
  let token: string | undefined;
  do {
    const more = token === undefined ? {} : { ContinuationToken: token };
    const command = new ListObjectsV2Command({ Bucket, Prefix, EncodingType: 'url', ...more });
    const answer = await connection.request(signal, (client, options) => client.send(command, options));
    for (const { Key = '' } of answer.Contents ?? []) yield decodeListedKey(Key);
    token = answer.IsTruncated === true ? answer.NextContinuationToken : undefined;
  } while (token !== undefined);
}
