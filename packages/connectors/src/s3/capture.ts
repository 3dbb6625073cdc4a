import type { ItemEntry, ItemRecord } from '@holdfast/engine';
import type { BackupRequest, BackupSession, ConnectorContext } from '../sdk/v1/connector.ts';
import { ConnectorError } from '../sdk/v1/connector-error.ts';
import { type BucketDescription, type Buckets, versioningProblem } from './buckets.ts';
import { CapturePlan } from './capture-plan.ts';
import { type CaptureState, decodeState, encodeState } from './capture-state.ts';
import type { S3Settings } from './config.ts';
import type { S3Connection } from './connection.ts';
import { s3Error } from './errors.ts';
import { joinWithParent } from './join-parent.ts';
import { BUCKET_SECTION, type BucketFacts, encodeSection } from './object-record.ts';
import { orderedPrefetch, type PrefetchTask } from './ordered-prefetch.ts';
import { settledTime } from './settled-time.ts';
import { listVersions } from './version-listing.ts';
import { VersionReader } from './version-reader.ts';

const DAY_MS = 86_400_000;
/** Contents and answers that wait for the engine. */
const AHEAD = { tasks: 1024, bytes: 48 * 1024 * 1024 };

export interface CaptureDependencies {
  readonly connection: S3Connection;
  readonly buckets: Buckets;
  readonly settings: S3Settings;
  readonly context: ConnectorContext;
}

/** Opens a bucket for a backup: checks that it keeps versions and fixes the moment that the backup will tell. */
export async function openCapture(dependencies: CaptureDependencies, request: BackupRequest): Promise<BackupSession> {
  const { connection, buckets, context } = dependencies;
  request.signal.throwIfAborted();
  const bucket = await buckets.byArn(request.resourceArn, request.signal);
  const problem = versioningProblem(bucket.name, bucket.versioning);
  if (problem !== undefined) {
    // Somebody must act: trying again later does not help, and a continuous backup ends (RST-20).
    throw new ConnectorError('denied', problem.message, { hint: problem.hint });
  }
  if (await buckets.isRestoreUnfinished(bucket.name)) {
    throw new ConnectorError('unavailable', `A restore into ${bucket.name} runs or was interrupted.`);
  }
  const consistentAt = await settledTime(connection, bucket.name, context.now, request.signal);
  return new BucketCapture(dependencies, request, bucket, consistentAt);
}

/** One backup of one bucket. */
class BucketCapture implements BackupSession {
  readonly kind = 'items';
  readonly restoreMetadata: BackupSession['restoreMetadata'];
  readonly consistentAt: number;
  readonly estimate?: NonNullable<BackupSession['estimate']>;
  readonly #dependencies: CaptureDependencies;
  readonly #request: BackupRequest;
  readonly #bucket: BucketDescription;
  readonly #before: CaptureState | undefined;
  readonly #rechecks: boolean;
  readonly #totals = { items: 0, bytes: 0 };
  #isReleased = false;

  constructor(
    dependencies: CaptureDependencies,
    request: BackupRequest,
    bucket: BucketDescription,
    consistentAt: number,
  ) {
    this.#dependencies = dependencies;
    this.#request = request;
    this.#bucket = bucket;
    this.consistentAt = consistentAt;
    if (bucket.lastBackup !== undefined) this.estimate = bucket.lastBackup;
    this.restoreMetadata = {
      DestinationBucketName: bucket.name,
      NewBucket: 'false',
      Encrypted: 'false',
      EncryptionType: 'original',
      CreationToken: bucket.name,
    };
    this.#before = decodeState(request.parent?.state);
    // Continuous backups come every few minutes, and asking costs a request or two for each object.
    const askedAt = this.#before?.attributesAt ?? Number.NEGATIVE_INFINITY;
    this.#rechecks = request.continuous === undefined || askedAt + DAY_MS <= consistentAt;
  }

  async *entries(signal: AbortSignal): AsyncGenerator<ItemEntry> {
    if (this.#isReleased) throw new Error('entries() was called after release()');
    signal.throwIfAborted();
    const stop = new AbortController();
    const both = AbortSignal.any([signal, stop.signal]);
    try {
      yield { item: this.#root() };
      for await (const entries of orderedPrefetch(this.#tasks(both), AHEAD)) {
        signal.throwIfAborted();
        for (const entry of entries) {
          this.#count(entry);
          yield entry;
        }
      }
    } catch (error) {
      signal.throwIfAborted();
      throw s3Error(`The backup of ${this.#bucket.name} stopped`, error);
    } finally {
      stop.abort(new Error('the backup ended'));
    }
  }

  async *#tasks(signal: AbortSignal): AsyncGenerator<PrefetchTask<readonly ItemEntry[]>> {
    const { connection } = this.#dependencies;
    const parent = this.#request.parent?.content;
    const plan = new CapturePlan({
      reader: this.#reader(signal),
      parent,
      keepFromAt: this.#request.continuous?.keepFromAt,
      consistentAt: this.consistentAt,
      rechecksAttributes: this.#rechecks,
    });
    const listed = listVersions(connection, this.#bucket.name, signal);
    for await (const joined of joinWithParent(listed, parent?.items() ?? nothing())) {
      const task = plan.taskFor(joined);
      if (task !== undefined) yield task;
    }
  }

  #reader(signal: AbortSignal): VersionReader {
    const { connection, settings } = this.#dependencies;
    const { options, parent } = this.#request;
    return new VersionReader({
      connection,
      bucket: this.#bucket.name,
      keepTags: settings.objectTags && options['BackupObjectTags'] !== 'disabled',
      keepAcls: settings.objectAcls && !this.#bucket.hasNoAcls && options['BackupACLs'] !== 'disabled',
      // A parent that cannot be read may still have the content: only the engine knows.
      fetchesAhead: parent === undefined || parent.content !== undefined,
      signal,
    });
  }

  #root(): ItemRecord {
    const facts: BucketFacts = {
      bucket: this.#bucket.name,
      consistentAt: this.consistentAt,
      capture: 'listing',
      tags: this.#bucket.tags,
    };
    const metadata = { extra: { [BUCKET_SECTION]: encodeSection(facts) } };
    return { path: new Uint8Array(0), type: 'directory', sizeBytes: 0, metadata };
  }

  #count(entry: ItemEntry): void {
    if (!('item' in entry)) return;
    this.#totals.items += 1;
    this.#totals.bytes += entry.item.sizeBytes;
  }

  async state(): Promise<Uint8Array> {
    const attributesAt = this.#rechecks ? this.consistentAt : (this.#before?.attributesAt ?? 0);
    return encodeState({ consistentAt: this.consistentAt, attributesAt });
  }

  async release({ stored }: { readonly stored: boolean }): Promise<void> {
    if (this.#isReleased) throw new Error('release() was called twice');
    this.#isReleased = true;
    if (stored) await this.#dependencies.buckets.rememberBackup(this.#bucket.name, this.#totals);
  }
}

async function* nothing(): AsyncGenerator<never> {}
