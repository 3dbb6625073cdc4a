import {
  CopyObjectCommand,
  DeleteObjectCommand,
  GetObjectCommand,
  HeadObjectCommand,
  type HeadObjectCommandOutput,
  ListObjectsV2Command,
  PutObjectCommand,
  PutObjectLegalHoldCommand,
  PutObjectRetentionCommand,
  RestoreObjectCommand,
  type S3Client,
} from '@aws-sdk/client-s3';
import { assertChecksum, bodyLength } from '../checksum.ts';
import type {
  GetOptions,
  ListedObject,
  ObjectFacts,
  PutOptions,
  RequestOptions,
  Store,
  StoreProperties,
  StoreRetention,
  StoreTier,
} from '../store.ts';
import { isStoreError, StoreError } from '../store-error.ts';
import { assertStoreKey } from '../store-key.ts';
import { isLocked, laterRetention, retentionCovers } from '../store-retention.ts';
import { readBody } from './read-body.ts';
import { probeS3 } from './s3-capabilities.ts';
import { s3Client } from './s3-client.ts';
import { answerOf, asS3StoreError } from './s3-errors.ts';
import { putMultipart } from './s3-multipart.ts';
import { checksumOf, factsOf, lockAttributes, putAttributes, storageClassOf } from './s3-objects.ts';
import type { S3Capabilities, S3StoreOptions } from './s3-options.ts';

const DAY_MS = 86_400_000;

export interface S3Surroundings {
  readonly now: () => number;
  /** A name that was never used before, for the probe. */
  readonly newName: () => string;
}

/** Opens a bucket as a store; probes the server unless `capabilities` tells what it can do. */
export async function openS3Store(options: S3StoreOptions, { now, newName }: S3Surroundings): Promise<Store> {
  return new S3Store(options, options.capabilities ?? (await probeS3(options, newName())), now);
}

interface Version {
  readonly id: string;
  readonly retention: StoreRetention | undefined;
  readonly isHeld: boolean;
}

/** Objects in an S3-compatible bucket; one PUT per object, no LIST but in `list`. */
class S3Store implements Store {
  readonly properties: StoreProperties;
  readonly #client: S3Client;
  readonly #options: S3StoreOptions;
  readonly #capabilities: S3Capabilities;
  readonly #prefix: string;
  readonly #now: () => number;

  constructor(options: S3StoreOptions, capabilities: S3Capabilities, now: () => number) {
    this.#now = now;
    this.#client = s3Client(options);
    this.#options = options;
    this.#capabilities = capabilities;
    this.#prefix = options.prefix === undefined ? '' : `${options.prefix}/`;
    this.properties = {
      label: `s3 bucket ${options.bucket}${options.prefix === undefined ? '' : `/${options.prefix}`}`,
      maxObjectBytes: 5 * 2 ** 40,
      singlePutBytes: options.singlePutBytes ?? 2 ** 30,
      parallelRequests: options.maxSockets ?? 32,
      requestLatencyMs: 20,
      checksums: capabilities.checksums ? 'store' : 'writer',
      putIfAbsent: capabilities.conditionalPut ? 'atomic' : 'checked',
      retention: capabilities.objectLock ? 'enforced' : 'none',
      ...(capabilities.objectLock ? {} : { retentionMessage: `object lock is off for bucket ${options.bucket}` }),
      legalHold: capabilities.legalHold ? 'enforced' : 'none',
      coldTier: options.coldClass === undefined ? 'none' : options.coldClass.needsWarmUp ? 'delayed' : 'instant',
    };
  }

  async put(key: string, body: readonly Uint8Array[], options: PutOptions): Promise<void> {
    await this.#call(key, options.signal, async (target, request) => {
      this.#assertTier(key, options.tier ?? 'warm');
      assertChecksum(key, body, options.checksum);
      const isLarge = bodyLength(body) > this.properties.singlePutBytes;
      if (isLarge || !this.#capabilities.conditionalPut) await this.#assertAbsent(key, options);
      const attributes = putAttributes(this.#options, this.#capabilities, options);
      const [first = new Uint8Array(0)] = body;
      const bytes =
        body.length === 1 ? Buffer.from(first.buffer, first.byteOffset, first.byteLength) : Buffer.concat(body);
      if (isLarge) {
        await putMultipart(this.#client, target, attributes, bytes, options.checksum, this.#capabilities, request);
        return;
      }
      const crc =
        this.#capabilities.checksums && options.checksum.algorithm === 'crc32'
          ? { ChecksumCRC32: Buffer.from(options.checksum.value).toString('base64') }
          : {};
      const put = { ...target, ...attributes, ...crc, Body: bytes, IfNoneMatch: '*' };
      await this.#client.send(new PutObjectCommand(put), request);
    });
  }

  async get(key: string, options: GetOptions = {}): Promise<Uint8Array> {
    return this.#call(key, options.signal, async (target, request) => {
      const { range } = options;
      if (range?.length === 0) {
        await this.#head(target, request);
        return new Uint8Array(0);
      }
      const Range = range === undefined ? {} : { Range: `bytes=${range.offset}-${range.offset + range.length - 1}` };
      const answer = await this.#client.send(new GetObjectCommand({ ...target, ...Range }), request);
      const length = range?.length ?? answer.ContentLength ?? 0;
      const bytes = await readBody(answer.Body, key, length, answer.ContentLength, options.signal);
      const checksum = range === undefined ? checksumOf(answer) : undefined;
      if (checksum !== undefined) assertChecksum(key, [bytes], checksum);
      return bytes;
    });
  }

  async head(key: string, options: RequestOptions = {}): Promise<ObjectFacts> {
    return this.#call(key, options.signal, async (target, request) =>
      factsOf(await this.#head(target, request), this.#options),
    );
  }

  async delete(key: string, options: RequestOptions = {}): Promise<void> {
    await this.#call(key, options.signal, async (target, request) => {
      if (this.#capabilities.versioned) await this.#deleteVersions(key, target, request);
      else await this.#client.send(new DeleteObjectCommand(target), request);
    });
  }

  async *list(prefix: string, options: RequestOptions = {}): AsyncIterable<ListedObject> {
    const { signal } = options;
    let ContinuationToken: string | undefined;
    do {
      signal?.throwIfAborted();
      const command = new ListObjectsV2Command({
        Bucket: this.#options.bucket,
        Prefix: this.#prefix + prefix,
        ...(ContinuationToken === undefined ? {} : { ContinuationToken }),
      });
      const answer = await this.#client
        .send(command, signal === undefined ? {} : { abortSignal: signal })
        .catch((error) => {
          throw asS3StoreError(error, prefix, signal);
        });
      for (const { Key = '', Size = 0, LastModified } of answer.Contents ?? []) {
        yield { key: Key.slice(this.#prefix.length), sizeBytes: Size, storedAt: LastModified?.getTime() ?? 0 };
      }
      ContinuationToken = answer.IsTruncated === true ? answer.NextContinuationToken : undefined;
    } while (ContinuationToken !== undefined);
  }

  async extendRetention(key: string, retention: StoreRetention, options: RequestOptions = {}): Promise<void> {
    await this.#call(key, options.signal, async (target, request) => {
      const held = factsOf(await this.#head(target, request), this.#options).retention;
      if (!this.#capabilities.objectLock || retentionCovers(held, retention)) return;
      const { ObjectLockMode: Mode, ObjectLockRetainUntilDate: RetainUntilDate } = lockAttributes(
        laterRetention(held, retention),
      );
      await this.#client.send(
        new PutObjectRetentionCommand({ ...target, Retention: { Mode, RetainUntilDate }, ChecksumAlgorithm: 'CRC32' }),
        request,
      );
    });
  }

  async setHold(key: string, isHeld: boolean, options: RequestOptions = {}): Promise<void> {
    await this.#call(key, options.signal, async (target, request) => {
      const { isHeld: held = false } = factsOf(await this.#head(target, request), this.#options);
      if (!this.#capabilities.legalHold || held === isHeld) return;
      const LegalHold = { Status: isHeld ? ('ON' as const) : ('OFF' as const) };
      await this.#client.send(
        new PutObjectLegalHoldCommand({ ...target, LegalHold, ChecksumAlgorithm: 'CRC32' }),
        request,
      );
    });
  }

  async setTier(key: string, tier: StoreTier, options: RequestOptions = {}): Promise<void> {
    await this.#call(key, options.signal, async (target, request) => {
      this.#assertTier(key, tier);
      const head = await this.#head(target, request);
      const facts = factsOf(head, this.#options);
      if (facts.tier === tier) return;
      if (facts.availability !== 'ready') throw new StoreError('cold', `${key} must be warmed up first`, { key });
      if (this.#capabilities.versioned && (facts.isHeld === true || isLocked(facts.retention, this.#now()))) {
        // Changing the class makes a new version, and the old one could not be removed: both would be billed.
        throw new StoreError('locked', `${key} is locked or held in a versioned bucket and cannot change its class`, {
          key,
        });
      }
      await this.#client.send(
        new CopyObjectCommand({
          ...target,
          CopySource: encodeURI(`${target.Bucket}/${target.Key}`),
          MetadataDirective: 'COPY',
          StorageClass: storageClassOf(this.#options, tier) ?? 'STANDARD',
          ...(facts.retention === undefined ? {} : lockAttributes(facts.retention)),
        }),
        request,
      );
      const { VersionId } = head;
      if (VersionId !== undefined) await this.#client.send(new DeleteObjectCommand({ ...target, VersionId }), request);
    });
  }

  async warmUp(key: string, forMs: number, options: RequestOptions = {}): Promise<void> {
    await this.#call(key, options.signal, async (target, request) => {
      if (factsOf(await this.#head(target, request), this.#options).availability !== 'cold') return;
      const RestoreRequest = { Days: Math.ceil(forMs / DAY_MS), GlacierJobParameters: { Tier: 'Bulk' as const } };
      await this.#client.send(new RestoreObjectCommand({ ...target, RestoreRequest }), request).catch((error) => {
        if (answerOf(error)?.name !== 'RestoreAlreadyInProgress') throw error;
      });
    });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#client.destroy();
  }

  async #call<T>(
    key: string,
    signal: AbortSignal | undefined,
    work: (target: { Bucket: string; Key: string }, request: { abortSignal?: AbortSignal }) => Promise<T>,
  ): Promise<T> {
    signal?.throwIfAborted();
    assertStoreKey(key);
    try {
      const target = { Bucket: this.#options.bucket, Key: this.#prefix + key };
      return await work(target, signal === undefined ? {} : { abortSignal: signal });
    } catch (error) {
      throw asS3StoreError(error, key, signal);
    }
  }

  #head(
    target: { Bucket: string; Key: string },
    request: { abortSignal?: AbortSignal },
  ): Promise<HeadObjectCommandOutput> {
    const mode = this.#capabilities.checksums ? { ChecksumMode: 'ENABLED' as const } : {};
    return this.#client.send(new HeadObjectCommand({ ...target, ...mode }), request);
  }

  /** Removes the newest version, delete markers included, until nothing is left under the key. */
  async #deleteVersions(
    key: string,
    target: { Bucket: string; Key: string },
    request: { abortSignal?: AbortSignal },
  ): Promise<void> {
    for (;;) {
      const newest = await this.#newestVersion(target, request);
      if (newest === undefined) return;
      try {
        await this.#client.send(new DeleteObjectCommand({ ...target, VersionId: newest.id }), request);
      } catch (error) {
        if (answerOf(error)?.status === 403 && newest.isHeld) {
          throw new StoreError('locked', `${key} is under legal hold`, { key, cause: error });
        }
        if (answerOf(error)?.status === 403 && isLocked(newest.retention, this.#now())) {
          const until = new Date(newest.retention?.untilAt ?? 0).toISOString();
          throw new StoreError('locked', `${key} is locked until ${until}`, { key, cause: error });
        }
        throw error;
      }
    }
  }

  async #newestVersion(
    target: { Bucket: string; Key: string },
    request: { abortSignal?: AbortSignal },
  ): Promise<Version | undefined> {
    try {
      const head = await this.#head(target, request);
      if (head.VersionId === undefined)
        throw new StoreError('unavailable', 'a versioned bucket answers without version');
      const { retention, isHeld = false } = factsOf(head, this.#options);
      return { id: head.VersionId, retention, isHeld };
    } catch (error) {
      const answer = answerOf(error);
      if (answer?.status !== 404) throw error;
      const marker = answer.headers['x-amz-delete-marker'] === 'true' ? answer.headers['x-amz-version-id'] : undefined;
      return marker === undefined ? undefined : { id: marker, retention: undefined, isHeld: false };
    }
  }

  async #assertAbsent(key: string, options: RequestOptions): Promise<void> {
    try {
      await this.head(key, options);
    } catch (error) {
      if (isStoreError(error, 'not-found')) return;
      throw error;
    }
    throw new StoreError('already-exists', `${key} exists already`, { key });
  }

  #assertTier(key: string, tier: StoreTier): void {
    if (tier === 'warm' || this.#options.coldClass !== undefined) return;
    throw new StoreError('unsupported', `this store has no cold tier for ${key}`, { key });
  }
}
