import { EngineError, type ItemRecord } from '@holdfast/engine';
import type { ConnectorContext, RecoveryPointContent, RestoreOutcome, RestoreRequest } from '../sdk/v1/connector.ts';
import { ConnectorError } from '../sdk/v1/connector-error.ts';
import type { Buckets } from './buckets.ts';
import type { S3Settings } from './config.ts';
import type { S3Connection } from './connection.ts';
import { assertFit, bucketExists, makeBucket, ownerOf } from './destination-bucket.ts';
import { asRequestError, hasCode, hasStatus, isHopeless, objectIssue, s3Error } from './errors.ts';
import { type ExistingKeys, ListedKeys, SingleKeys } from './existing-keys.ts';
import { displayKey, nameOfKey, pathOfKey } from './item-paths.ts';
import { attributesOf, grantsOf } from './object-attributes.ts';
import { bucketFactsOf } from './object-record.ts';
import { OpenUploads } from './open-uploads.ts';
import { partSizes } from './part-sizes.ts';
import { parseRestoreMetadata, type S3RestoreMetadata } from './restore-metadata.ts';
import { isWanted, planRestore, type RestorePlan } from './restore-plan.ts';
import { type ObjectAt, stateAt } from './state-at.ts';
import { TaskPool } from './task-pool.ts';
import { Uploader } from './upload.ts';

const MEMORY_BYTES = 128 * 1024 * 1024;

export interface RestoreDependencies {
  readonly connection: S3Connection;
  readonly buckets: Buckets;
  readonly settings: S3Settings;
  readonly context: ConnectorContext;
}

/** Restores the state of a bucket at a moment into a new or an existing bucket (RST-40 to RST-50). */
export async function restoreBucket(
  dependencies: RestoreDependencies,
  request: RestoreRequest,
): Promise<RestoreOutcome> {
  const { connection, buckets, context } = dependencies;
  const { signal } = request;
  signal.throwIfAborted();
  const metadata = parseRestoreMetadata(request.metadata);
  const plan = await planFor(dependencies, request, metadata);
  context.log('info', 'restore planned', { ...plan });
  const uploads = new OpenUploads(context.stateDirectory, plan.jobId, context.now);
  await uploads.abortLeftovers(connection);
  // Tags follow a restore of everything only (RST-36).
  const tags = plan.items === undefined ? request.tags : {};
  if (plan.isNewBucket) await makeBucket(dependencies, plan, tags, signal);
  else await assertFit(connection, plan.bucket, signal);
  const run = new RestoreRun(dependencies, request, plan, uploads);
  await run.run();
  const message = run.message(metadata.withoutEffect);
  const createdResourceArn = buckets.arnOf(plan.bucket);
  if (!plan.isNewBucket) return { createdResourceArn, message };
  const record = await buckets.register.get(plan.bucket);
  await buckets.register.put(plan.bucket, {
    ...(record ?? { name: plan.bucket, tags }),
    restored: { jobId: plan.jobId, finished: true },
  });
  const created = await buckets.describe(plan.bucket, signal, context.now());
  return { createdResourceArn, message, resource: buckets.resource(created) };
}

async function planFor(
  { connection, buckets }: RestoreDependencies,
  { content, jobId, pointInTime, signal }: RestoreRequest,
  metadata: S3RestoreMetadata,
): Promise<RestorePlan> {
  const root = await content.item(new Uint8Array(0));
  if (root === undefined) throw new ConnectorError('permanent', 'The recovery point holds no bucket.');
  const { bucket: sourceBucket, consistentAt } = bucketFactsOf(root);
  const plan = planRestore({
    jobId,
    metadata,
    sourceBucket,
    targetAt: pointInTime?.targetAt ?? consistentAt,
    consistentAt,
    destination: {
      exists: await bucketExists(connection, metadata.bucket, signal),
      record: await buckets.register.get(metadata.bucket),
    },
  });
  await assertSomethingToRestore(content, plan);
  return plan;
}

/** A restore of named items of which none exists would make an empty bucket and look like a success. */
async function assertSomethingToRestore(content: RecoveryPointContent, plan: RestorePlan): Promise<void> {
  if (plan.items === undefined) return;
  for await (const _ of wantedObjects(content, plan)) return;
  const names = plan.items.map(({ key }) => displayKey(key)).join(', ');
  const at = new Date(plan.targetAt).toISOString();
  throw new ConnectorError('not-found', `The bucket held none of ${names} at ${at}.`, {
    hint: 'Case counts; a prefix ends with a slash.',
  });
}

/** The objects that the plan takes, in the order of their keys. */
async function* wantedObjects(content: RecoveryPointContent, plan: RestorePlan): AsyncGenerator<ObjectAt> {
  const { items, targetAt } = plan;
  if (items === undefined || items.some(({ isPrefix }) => isPrefix)) {
    for await (const object of stateAt(content.items(), targetAt)) if (isWanted(items, object.key)) yield object;
    return;
  }
  // Single objects are found without a walk over the whole bucket.
  const keys = [...new Set(items.map(({ key }) => key))].sort((a, b) => (nameOfKey(a) < nameOfKey(b) ? -1 : 1));
  for (const key of keys) yield* stateAt(versionsOf(content, key), targetAt);
}

async function* versionsOf(content: RecoveryPointContent, key: string): AsyncGenerator<ItemRecord> {
  yield* content.items(pathOfKey(key));
}

/** Writes the objects of one restore. */
class RestoreRun {
  readonly #dependencies: RestoreDependencies;
  readonly #request: RestoreRequest;
  readonly #plan: RestorePlan;
  readonly #uploader: Uploader;
  #owner: string | undefined;
  #restored = 0;
  #skipped = 0;
  #bytes = 0;

  constructor(dependencies: RestoreDependencies, request: RestoreRequest, plan: RestorePlan, uploads: OpenUploads) {
    this.#dependencies = dependencies;
    this.#request = request;
    this.#plan = plan;
    this.#uploader = new Uploader(dependencies.connection, uploads, request.signal, (bytes) => {
      this.#bytes += bytes;
      this.#report();
    });
  }

  async run(): Promise<void> {
    const { connection, settings } = this.#dependencies;
    const { content, signal } = this.#request;
    const { bucket, isNewBucket, isResumed } = this.#plan;
    this.#owner = await ownerOf(connection, bucket, signal);
    const mayExist = !isNewBucket || isResumed;
    const existing = mayExist ? this.#existing() : undefined;
    const pool = new TaskPool(settings.maxConcurrentRequests, MEMORY_BYTES);
    try {
      for await (const object of wantedObjects(content, this.#plan)) {
        signal.throwIfAborted();
        if ((await existing?.has(object.key)) === true) this.#exists();
        else await pool.add(memoryOf(object), () => this.#restore(object));
      }
      await pool.finish();
    } catch (error) {
      await pool.settle();
      signal.throwIfAborted();
      throw s3Error(`The restore into ${bucket} stopped`, error);
    } finally {
      await existing?.close();
    }
  }

  message(withoutEffect: readonly string[]): string {
    const { bucket, isNewBucket, targetAt } = this.#plan;
    const state = new Date(targetAt).toISOString();
    const kind = isNewBucket ? 'new bucket' : 'bucket';
    const skipped = this.#skipped === 0 ? '' : ` ${this.#skipped} existed already and were left as they are.`;
    const unused = withoutEffect.length === 0 ? '' : ` Without effect: ${withoutEffect.join(', ')}.`;
    return `${this.#restored} objects as of ${state} restored into the ${kind} ${bucket}.${skipped}${unused}`;
  }

  /** What the destination has: single objects are asked for, everything else is listed as far as it is needed. */
  #existing(): ExistingKeys {
    const { bucket, items } = this.#plan;
    const place = { connection: this.#dependencies.connection, bucket, signal: this.#request.signal };
    if (items?.every(({ isPrefix }) => !isPrefix) === true) return new SingleKeys(place);
    const [first, ...more] = items ?? [];
    return new ListedKeys(place, first !== undefined && more.length === 0 ? first.key : '');
  }

  /** A new bucket holds only what an earlier call of this restore put there (RST-49). */
  #exists(): void {
    if (this.#plan.isNewBucket) this.#restored += 1;
    else this.#skipped += 1;
    this.#report();
  }

  async #restore(object: ObjectAt): Promise<void> {
    const { key, item, facts } = object;
    const { signal } = this.#request;
    if (facts.missing !== undefined) {
      this.#lost(object, facts.missing, 'its content could not be read when the bucket was backed up');
      return;
    }
    const plain = attributesOf(facts, this.#plan.encryption);
    const grants = grantsOf(facts.acl, this.#owner);
    const upload = {
      bucket: this.#plan.bucket,
      key,
      sizeBytes: item.sizeBytes,
      tags: facts.tags,
      content: () => this.#request.content.read(item.path),
    };
    try {
      try {
        await this.#uploader.put({ ...upload, attributes: { ...plain, ...grants } });
      } catch (error) {
        if (Object.keys(grants).length === 0 || !isGrantRefused(error)) throw error;
        this.#aclLost(object, error);
        await this.#uploader.put({ ...upload, attributes: plain });
      }
      this.#restored += 1;
      this.#report();
    } catch (error) {
      signal.throwIfAborted();
      this.#refused(object, error);
    }
  }

  #refused(object: ObjectAt, error: unknown): void {
    if (error instanceof EngineError) {
      if (error.code !== 'damaged' && error.code !== 'not-found') throw error;
      this.#lost(object, 'damaged', error.message);
      return;
    }
    const cause = asRequestError(error);
    if (isHopeless(cause) || this.#isEncryptionRefused(cause)) throw this.#stopped(cause);
    this.#lost(object, 'not-written', cause.message);
  }

  /** An encryption that was asked for is asked for with every object. */
  #isEncryptionRefused(cause: Error): boolean {
    return this.#plan.encryption.type !== 'original' && isEncryptionRefused(cause);
  }

  /** What the store refuses for one object because of the request it refuses for all. */
  #stopped(cause: Error): ConnectorError {
    const { bucket } = this.#plan;
    if (!this.#isEncryptionRefused(cause)) return s3Error(`The restore into ${bucket} stopped`, cause);
    return new ConnectorError('invalid-request', `The restore into ${bucket} stopped: ${cause.message}.`, {
      hint: 'The store may not know this encryption or KMSKey: correct them, or try EncryptionType=original.',
      cause,
    });
  }

  #aclLost(object: ObjectAt, error: unknown): void {
    const reason = `its access control list was refused (${asRequestError(error).message}), so it is private`;
    this.#request.issue(objectIssue(object.item.path, object.key, 'acl-not-restored', reason, false));
  }

  #lost({ item, key }: ObjectAt, code: string, reason: string): void {
    this.#request.issue(objectIssue(item.path, key, code, reason));
    this.#report();
  }

  #report(): void {
    this.#request.progress({ bytes: this.#bytes, items: this.#restored + this.#skipped });
  }
}

function memoryOf({ item }: ObjectAt): number {
  return partSizes(item.sizeBytes)?.memoryBytes ?? item.sizeBytes;
}

/** Users and groups of one store mean nothing to another one. */
function isGrantRefused(error: unknown): boolean {
  return hasCode(
    asRequestError(error),
    'InvalidArgument',
    'InvalidRequest',
    'UnresolvableGrantByEmailAddress',
    'AccessControlListNotSupported',
    'AccessDenied',
    'NotImplemented',
    'NoSuchUser',
  );
}

/** Some stores answer with the words of their key service, and with a code of wrong credentials. */
function isEncryptionRefused(cause: Error): boolean {
  if (hasStatus(cause, 400, 403) && /\bkms\b/i.test(cause.message)) return true;
  return hasCode(
    cause,
    'InvalidArgument',
    'InvalidRequest',
    'InvalidEncryptionAlgorithmError',
    'KMS.DisabledException',
    'KMS.NotFoundException',
    'NotImplemented',
  );
}
