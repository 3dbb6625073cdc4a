import { ListObjectsV2Command } from '@aws-sdk/client-s3';
import type { S3Connection } from './connection.ts';
import { hasStatus } from './errors.ts';
import { nameOfKey } from './item-paths.ts';
import { keyDecoder } from './version-listing.ts';

/** Which keys a bucket has now. */
export interface ExistingKeys {
  has(key: string): Promise<boolean>;
  close(): Promise<void>;
}

export interface Place {
  readonly connection: S3Connection;
  readonly bucket: string;
  readonly signal: AbortSignal;
}

/** Asks for each key by itself. */
export class SingleKeys implements ExistingKeys {
  readonly #place: Place;

  constructor(place: Place) {
    this.#place = place;
  }

  async has(key: string): Promise<boolean> {
    const { connection, bucket, signal } = this.#place;
    try {
      await connection.send(bucket, { method: 'HEAD', key }, signal);
      return true;
    } catch (error) {
      if (hasStatus(error, 404)) return false;
      throw error;
    }
  }

  async close(): Promise<void> {
    // Nothing is held between two questions.
  }
}

/**
 * Walks along a listing, so keys must be asked for in their order: one request for a thousand keys with the prefix that lie
 * between the first and the last that are asked for.
 */
export class ListedKeys implements ExistingKeys {
  readonly #keys: AsyncGenerator<string>;
  #next: Promise<string | undefined> | undefined;

  constructor(place: Place, prefix: string) {
    this.#keys = keysOf(place, prefix);
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

async function* keysOf({ connection, bucket, signal }: Place, Prefix: string): AsyncGenerator<string> {
  let token: string | undefined;
  do {
    const more = token === undefined ? {} : { ContinuationToken: token };
    const command = new ListObjectsV2Command({ Bucket: bucket, Prefix, EncodingType: 'url', ...more });
    const answer = await connection.request(signal, (client, options) => client.send(command, options));
    const decode = keyDecoder(answer.EncodingType);
    for (const { Key = '' } of answer.Contents ?? []) yield decode(Key);
    token = answer.IsTruncated === true ? answer.NextContinuationToken : undefined;
  } while (token !== undefined);
}
