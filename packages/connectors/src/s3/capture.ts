import type { ItemEntry, ItemRecord } from '@holdfast/engine';
import type { BackupRequest, BackupSession, ConnectorContext } from '../sdk/v1/connector.ts';
import { ConnectorError } from '../sdk/v1/connector-error.ts';
import { type BucketDescription, type Buckets, versioningProblem } from './buckets.ts';
import { CapturePlan } from './capture-plan.ts';
import { type CaptureState, decodeState, encodeState } from './capture-state.ts';
import type { S3Settings } from './config.ts';
import type { S3Connection } from './connection.ts';
import { s3Error } from './errors.ts';
import { type JoinedVersion, joinWithParent } from './join-parent.ts';
import { ChangeHints, DELIVERY_MS } from './notifications/change-hints.ts';
import type { HintProof } from './notifications/hint-proof.ts';
import { joinHinted } from './notifications/join-hinted.ts';
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
  const { buckets } = dependencies;
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
  const scope = await scopeOf(dependencies, request, bucket.name);
  return new BucketCapture(dependencies, request, bucket, scope);
}

/** What one capture looks at, and what it thereby tells. */
interface CaptureScope {
  /** What the capture before this one left. */
  readonly before: CaptureState | undefined;
  /** The moment that the capture tells exactly, by the clock of the store. */
  readonly consistentAt: number;
  /** When the bucket is looked at. */
  readonly lookedAt: number;
  /** All keys that may have changed; absent: the whole bucket is listed. */
  readonly keys?: readonly string[];
  readonly notifications?: CaptureState['notifications'];
  /** Of a listing: what it says about the notifications before it. */
  readonly proof?: HintProof | undefined;
}

async function scopeOf(
  { connection, settings, context }: CaptureDependencies,
  request: BackupRequest,
  bucket: string,
): Promise<CaptureScope> {
  const { signal, parent } = request;
  const before = decodeState(parent?.state);
  const isContinuous = request.continuous !== undefined;
  const dependencies = { connection, settings, context };
  const hints = isContinuous ? await ChangeHints.open(dependencies, bucket, before, signal) : undefined;
  const lookedAt = await settledTime(connection, bucket, context.now, signal);
  const listing = { before, consistentAt: lookedAt, lookedAt };
  if (hints === undefined) return listing;
  const place = await hints.here();
  const mustList = hints.mustList(lookedAt) || parent?.content === undefined || areAttributesDue(before, lookedAt);
  const keys = mustList ? undefined : await hints.keysUntil(place);
  const notifications = await hints.stateAfter(place, keys === undefined ? lookedAt : undefined);
  if (keys === undefined) return { ...listing, notifications, proof: await hints.proof(place, before, lookedAt) };
  // What was written just now may not have been told yet.
  const consistentAt = Math.max(lookedAt - DELIVERY_MS, before?.consistentAt ?? 0);
  return { before, consistentAt, lookedAt, keys, notifications };
}

/** Continuous backups come every few minutes, and asking costs a request or two for each object. */
function areAttributesDue(before: CaptureState | undefined, now: number): boolean {
  return (before?.attributesAt ?? Number.NEGATIVE_INFINITY) + DAY_MS <= now;
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
  readonly #scope: CaptureScope;
  readonly #rechecksAll: boolean;
  readonly #totals = { items: 0, bytes: 0 };
  #isReleased = false;

  constructor(
    dependencies: CaptureDependencies,
    request: BackupRequest,
    bucket: BucketDescription,
    scope: CaptureScope,
  ) {
    this.#dependencies = dependencies;
    this.#request = request;
    this.#bucket = bucket;
    this.#scope = scope;
    this.consistentAt = scope.consistentAt;
    if (bucket.lastBackup !== undefined) this.estimate = bucket.lastBackup;
    this.restoreMetadata = {
      DestinationBucketName: bucket.name,
      NewBucket: 'false',
      Encrypted: 'false',
      EncryptionType: 'original',
      CreationToken: bucket.name,
    };
    this.#rechecksAll = request.continuous === undefined || areAttributesDue(scope.before, scope.lookedAt);
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
    const parent = this.#request.parent?.content;
    const plan = new CapturePlan({
      reader: this.#reader(signal),
      parent,
      keepFromAt: this.#request.continuous?.keepFromAt,
      lookedAt: this.#scope.lookedAt,
      // A notification may also tell of new tags.
      rechecksAttributes: this.#rechecksAll || this.#scope.keys !== undefined,
    });
    for await (const joined of this.#versions(parent?.items() ?? nothing(), signal)) {
      this.#scope.proof?.see(joined);
      const task = plan.taskFor(joined);
      if (task !== undefined) yield task;
    }
  }

  #versions(parentItems: AsyncIterable<ItemRecord>, signal: AbortSignal): AsyncGenerator<JoinedVersion> {
    const { connection } = this.#dependencies;
    const bucket = this.#bucket.name;
    const { keys } = this.#scope;
    if (keys !== undefined) return joinHinted({ connection, bucket, keys }, parentItems, signal);
    return joinWithParent(listVersions(connection, bucket, signal), parentItems);
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
    const { notifications } = this.#scope;
    const facts: BucketFacts = {
      bucket: this.#bucket.name,
      consistentAt: this.consistentAt,
      capture: notifications === undefined ? 'listing' : 'notifications',
      ...(notifications === undefined ? {} : { listedAt: notifications.listedAt }),
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
    const { before, notifications, proof } = this.#scope;
    const attributesAt = this.#rechecksAll ? this.consistentAt : (before?.attributesAt ?? 0);
    const state = { consistentAt: this.consistentAt, attributesAt };
    if (notifications === undefined) return encodeState(state);
    const isProven = proof?.isProven(notifications.isProven) ?? notifications.isProven;
    if (proof !== undefined && proof.missed > 0) this.#tellMissed(proof.missed);
    return encodeState({ ...state, notifications: { ...notifications, isProven } });
  }

  #tellMissed(versions: number): void {
    const bucket = this.#bucket.name;
    const hint = 'See whether the store reaches the publicUrl of the source.';
    this.#dependencies.context.log('warn', 'notifications did not arrive; changes are found by listing', {
      ...{ bucket, versions, hint },
    });
  }

  async release({ stored }: { readonly stored: boolean }): Promise<void> {
    if (this.#isReleased) throw new Error('release() was called twice');
    this.#isReleased = true;
    if (stored) await this.#dependencies.buckets.rememberBackup(this.#bucket.name, this.#totals);
  }
}

async function* nothing(): AsyncGenerator<never> {}
