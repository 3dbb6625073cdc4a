import type { IncomingHttpHeaders } from 'node:http';
import { GetObjectTaggingCommand } from '@aws-sdk/client-s3';
import type { ContentSource, ItemEntry, ItemIssue, ItemMetadata, ItemRecord } from '@holdfast/engine';
import { ByteBudget } from './byte-budget.ts';
import type { S3Connection } from './connection.ts';
import { asRequestError, hasCode, hasStatus, isHopeless, objectIssue, S3RequestError, s3Error } from './errors.ts';
import { pathOf } from './item-paths.ts';
import { type ObjectAcl, parseAcl } from './object-acl.ts';
import { PIECE_BYTES, readInPieces, type VersionToRead, versionRequest } from './object-content.ts';
import { encodeSection, OBJECT_SECTION, type ObjectFacts } from './object-record.ts';
import { bodyOf } from './signed-request.ts';
import type { ListedVersion } from './version-listing.ts';

const PIECES_BUDGET_BYTES = 64 * 1024 * 1024;

/** Headers of an object that a restore gives back. */
const CONTENT_HEADERS = [
  'cache-control',
  'content-disposition',
  'content-encoding',
  'content-language',
  'content-type',
  'expires',
  'x-amz-website-redirect-location',
];
const USER_PREFIX = 'x-amz-meta-';

export interface VersionReaderOptions {
  readonly connection: S3Connection;
  readonly bucket: string;
  readonly keepTags: boolean;
  readonly keepAcls: boolean;
  /** Fetch small contents at once instead of when the engine asks for them. */
  readonly fetchesAhead: boolean;
  readonly signal: AbortSignal;
}

/** Tags and access control list: what can change on a version after it was made. */
export type Attributes = Pick<ObjectFacts, 'tags' | 'acl'>;

/** Reads versions of objects from a bucket into items. */
export class VersionReader {
  readonly #options: VersionReaderOptions;
  readonly #pieces = new ByteBudget(PIECES_BUDGET_BYTES);
  /** Tags were read once: a number of tags that a store hides from those without the right is no hidden one. */
  #mayReadTags = false;
  /** Rights that turned out to be missing for the whole bucket; each is reported once. */
  readonly #refused = new Set<'tags' | 'acl'>();

  constructor(options: VersionReaderOptions) {
    this.#options = options;
  }

  /** Memory that `read` holds until its result is given on. */
  memoryOf(version: ListedVersion): number {
    return this.#options.fetchesAhead && version.sizeBytes <= PIECE_BYTES ? version.sizeBytes : 0;
  }

  /**
   * The item of a version; what refuses to be read becomes an item without content and an issue.
   * @throws ConnectorError when going on with other objects has no use
   */
  async read(version: ListedVersion): Promise<readonly ItemEntry[]> {
    if (version.isMarker) return [{ item: this.#item(version, {}, inline()) }];
    try {
      const isWhole = this.memoryOf(version) > 0 || (version.sizeBytes === 0 && this.#options.fetchesAhead);
      const { bucket, connection, signal } = this.#options;
      const request = isWhole
        ? versionRequest(version)
        : ({ method: 'HEAD', key: version.key, versionId: version.versionId } as const);
      const [answer, acl] = await Promise.all([
        connection.send(bucket, request, signal, isWhole ? version.sizeBytes : 0),
        this.#acl(version),
      ]);
      const tags = this.#mayHaveTags(answer.headers) ? await this.#tags(version) : {};
      const facts = { ...factsOfHeaders(answer.headers), ...tags.value, ...acl.value };
      const content = isWhole ? inline(bodyOf(answer)) : this.contentOf(version);
      return [...issuesOf(tags, acl), { item: this.#item(version, facts, content) }];
    } catch (error) {
      this.#options.signal.throwIfAborted();
      return this.#unreadable(version, asRequestError(error));
    }
  }

  /** Tags and list of a version whose content is known already. */
  async attributes(
    version: ListedVersion,
  ): Promise<{ readonly facts: Attributes; readonly issues: readonly ItemEntry[] }> {
    const [tags, acl] = await Promise.all([this.#tags(version), this.#acl(version)]);
    return { facts: { ...tags.value, ...acl.value }, issues: issuesOf(tags, acl) };
  }

  contentOf(version: VersionToRead): ContentSource {
    const { connection, bucket } = this.#options;
    return {
      kind: 'stream',
      open: (signal) => readInPieces(connection, bucket, version, this.#pieces, signal),
    };
  }

  #item(version: ListedVersion, more: Partial<ObjectFacts>, content: ContentSource): ItemRecord {
    const facts = { ...factsOfListing(version), ...more };
    return itemOf(version, facts, { content, fingerprint: fingerprintOf(version) });
  }

  #unreadable(version: ListedVersion, error: Error): readonly ItemEntry[] {
    const path = pathOf(version.key, version.at, version.versionId);
    if (hasCode(error, 'NoSuchKey', 'NoSuchVersion') || hasStatus(error, 404)) {
      if (hasCode(error, 'NoSuchBucket')) throw s3Error(`The bucket ${this.#options.bucket} is gone`, error);
      return [{ issue: objectIssue(path, version.key, 'vanished', 'it was removed while the backup worked') }];
    }
    if (isHopeless(error)) throw s3Error(`The backup of ${this.#options.bucket} stopped`, error);
    const { code, reason } = whyUnreadable(error);
    const facts = { ...factsOfListing(version), missing: code };
    // Without a fingerprint, so that the next backup tries again; the item tells a restore that something belongs here.
    const item = itemOf(version, facts, { content: inline() });
    return [{ issue: objectIssue(path, version.key, code, reason) }, { item: { ...item, sizeBytes: 0 } }];
  }

  /** Whether tags must be asked for: always, unless the store tells their number with each object and it is none. */
  #mayHaveTags(headers: IncomingHttpHeaders): boolean {
    if (Number(headers['x-amz-tagging-count'] ?? 0) > 0 || !this.#mayReadTags) return true;
    const isKnown = 'x-rgw-object-type' in headers || /AmazonS3|MinIO/.test(String(headers.server));
    return !isKnown;
  }

  async #tags(version: ListedVersion): Promise<Attribute> {
    if (!this.#options.keepTags || this.#refused.has('tags')) return {};
    const { bucket, connection, signal } = this.#options;
    const command = new GetObjectTaggingCommand({ Bucket: bucket, Key: version.key, VersionId: version.versionId });
    try {
      const { TagSet = [] } = await connection.request(signal, (client, options) => client.send(command, options));
      this.#mayReadTags = true;
      const tags = Object.fromEntries(TagSet.map(({ Key, Value }) => [Key ?? '', Value ?? '']));
      return TagSet.length === 0 ? {} : { value: { tags } };
    } catch (error) {
      return this.#attributeRefused('tags', error);
    }
  }

  async #acl(version: ListedVersion): Promise<Attribute> {
    if (!this.#options.keepAcls || this.#refused.has('acl')) return {};
    const { bucket, connection, signal } = this.#options;
    const request = { method: 'GET', key: version.key, versionId: version.versionId, query: { acl: '' } } as const;
    try {
      const answer = await connection.send(bucket, request, signal);
      const acl: ObjectAcl | undefined = parseAcl(bodyOf(answer).toString('utf8'));
      return acl === undefined ? {} : { value: { acl } };
    } catch (error) {
      return this.#attributeRefused('acl', error);
    }
  }

  /** Vanished versions are told by the request for their content. */
  #attributeRefused(what: 'tags' | 'acl', error: unknown): Attribute {
    this.#options.signal.throwIfAborted();
    if (hasStatus(error, 404)) return {};
    if (isHopeless(error)) throw error;
    if (this.#refused.has(what)) return {};
    this.#refused.add(what);
    const name = what === 'acl' ? 'access control lists' : 'tags';
    const message = `The ${name} of objects cannot be read and are left out from here on: ${reasonOf(error)}.`;
    return { issue: { path: new Uint8Array(0), code: `${what}-not-read`, message, dataMissing: false } };
  }
}

interface Attribute {
  readonly value?: Attributes;
  readonly issue?: ItemIssue;
}

function issuesOf(...attributes: readonly Attribute[]): readonly ItemEntry[] {
  return attributes.flatMap(({ issue }) => (issue === undefined ? [] : [{ issue }]));
}

/** Also the facts of a version that is not read again. */
export function factsOfListing(version: ListedVersion): ObjectFacts {
  const { versionId, at, tie, isMarker, etag, storageClass } = version;
  return {
    versionId,
    at,
    ...(tie === 0 ? {} : { tie }),
    ...(isMarker ? { isMarker } : { etag, ...(storageClass === undefined ? {} : { storageClass }) }),
  };
}

function factsOfHeaders(headers: IncomingHttpHeaders): Pick<ObjectFacts, 'headers' | 'userMetadata' | 'encryption'> {
  const kept: Record<string, string> = {};
  const userMetadata: Record<string, string> = {};
  for (const [name, value] of Object.entries(headers)) {
    if (typeof value !== 'string') continue;
    if (CONTENT_HEADERS.includes(name)) kept[name] = value;
    else if (name.startsWith(USER_PREFIX)) userMetadata[name.slice(USER_PREFIX.length)] = value;
  }
  const algorithm = headers['x-amz-server-side-encryption'];
  const keyId = headers['x-amz-server-side-encryption-aws-kms-key-id'];
  return {
    headers: kept,
    ...(Object.keys(userMetadata).length === 0 ? {} : { userMetadata }),
    ...(typeof algorithm !== 'string'
      ? {}
      : { encryption: { algorithm, ...(typeof keyId === 'string' ? { keyId } : {}) } }),
  };
}

/** Equal as long as the content is: a version never changes, but one with the identifier `null` can be replaced. */
export function fingerprintOf({ versionId, etag, sizeBytes, isMarker }: ListedVersion): Uint8Array {
  return Buffer.from(JSON.stringify([isMarker ? 'marker' : etag, sizeBytes, versionId]), 'utf8');
}

export function itemOf(
  version: Pick<ListedVersion, 'key' | 'at' | 'versionId' | 'sizeBytes'>,
  facts: ObjectFacts,
  details: { readonly content: ContentSource; readonly fingerprint?: Uint8Array },
): ItemRecord {
  const metadata: ItemMetadata = { extra: { [OBJECT_SECTION]: encodeSection(facts) } };
  const path = pathOf(version.key, version.at, version.versionId);
  return { path, type: 'object', sizeBytes: version.sizeBytes, metadata, ...details };
}

function inline(bytes: Uint8Array = new Uint8Array(0)): ContentSource {
  return { kind: 'inline', bytes };
}

function whyUnreadable(error: Error): { readonly code: string; readonly reason: string } {
  if (hasCode(error, 'InvalidObjectState')) {
    return { code: 'archived', reason: 'it lies in an archive class: bring it back from there to have it backed up' };
  }
  if (hasStatus(error, 401, 403)) return { code: 'denied', reason: `it refuses to be read (${reasonOf(error)})` };
  if (hasStatus(error, 400)) {
    return {
      code: 'customer-key',
      reason: `it cannot be read without what only its owner has, such as a key of SSE-C (${reasonOf(error)})`,
    };
  }
  return { code: 'unreadable', reason: reasonOf(error) };
}

function reasonOf(error: unknown): string {
  if (error instanceof S3RequestError) return [error.code, error.message].filter((text) => text !== '').join(': ');
  return error instanceof Error ? error.message : String(error);
}
