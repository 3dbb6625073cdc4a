import {
  type DeleteMarkerEntry,
  ListObjectVersionsCommand,
  type ListObjectVersionsOutput,
  type ObjectVersion,
} from '@aws-sdk/client-s3';
import { ConnectorError } from '../sdk/v1/connector-error.ts';
import type { S3Connection } from './connection.ts';
import { nameOfKey, versionName } from './item-paths.ts';

const VERSIONS_OF_A_KEY = 100;

/** A version of an object, or a delete marker, as a listing tells it. */
export interface ListedVersion {
  readonly key: string;
  readonly versionId: string;
  /**
   * When it was made, in ms: the store's LastModified, but never later than that of the version above it, so that times
   * follow the order of the versions also where a store's clocks differ.
   */
  readonly at: number;
  /** Among versions of the same time, 0 is the newest. */
  readonly tie: number;
  readonly isLatest: boolean;
  readonly isMarker: boolean;
  readonly etag: string;
  readonly sizeBytes: number;
  readonly storageClass: string | undefined;
  /** What orders it in path order. */
  readonly sortKey: string;
}

/** Everything in a bucket, each key's newest version first, in path order; one page is asked for ahead. */
export function listVersions(
  connection: S3Connection,
  bucket: string,
  signal: AbortSignal,
): AsyncGenerator<ListedVersion> {
  return versions({ connection, bucket }, signal);
}

/** The same of one key. */
export function listVersionsOf(
  connection: S3Connection,
  bucket: string,
  key: string,
  signal: AbortSignal,
): AsyncGenerator<ListedVersion> {
  return versions({ connection, bucket, key }, signal);
}

interface Listing {
  readonly connection: S3Connection;
  readonly bucket: string;
  /** Absent: all. */
  readonly key?: string;
}

async function* versions(listing: Listing, signal: AbortSignal): AsyncGenerator<ListedVersion> {
  let group: ListedVersion[] = [];
  let lastSortKey = '';
  for await (const entry of rawEntries(listing, signal)) {
    const above = group.at(-1);
    const isSameKey = above?.key === entry.key;
    const at = isSameKey && above !== undefined ? Math.min(above.at, entry.at) : entry.at;
    if (!(isSameKey && above?.at === at)) {
      for (const version of inPathOrder(group)) {
        lastSortKey = following(lastSortKey, version);
        yield version;
      }
      group = [];
    }
    const sortKey = `${nameOfKey(entry.key)}\x00${versionName(at, entry.versionId)}`;
    group.push({ ...entry, at, tie: group.length, sortKey });
  }
  for (const version of inPathOrder(group)) {
    lastSortKey = following(lastSortKey, version);
    yield version;
  }
}

/** Versions of one key and one time, which the store lists newest first and paths order by identifier. */
function inPathOrder(group: readonly ListedVersion[]): readonly ListedVersion[] {
  if (group.length < 2) return group;
  return [...group].sort((a, b) => (a.sortKey < b.sortKey ? -1 : 1));
}

function following(last: string, { sortKey, key }: ListedVersion): string {
  if (sortKey > last) return sortKey;
  throw new ConnectorError('permanent', `The store lists ${JSON.stringify(key)} out of order.`, {
    hint: 'A listing must be in the byte order of the keys, as S3 defines it; this store cannot be backed up.',
  });
}

type RawVersion = Omit<ListedVersion, 'tie' | 'sortKey'>;

async function* rawEntries(listing: Listing, signal: AbortSignal): AsyncGenerator<RawVersion> {
  const ask = (marker: Marker | undefined) => listPage(listing, marker, signal);
  let next: ReturnType<typeof ask> | undefined = ask(undefined);
  while (next !== undefined) {
    const { entries, marker }: Page = await next;
    next = marker === undefined ? undefined : ask(marker);
    // It is awaited after this page was read; a failure until then must not count as unhandled.
    next?.catch(() => undefined);
    yield* entries;
  }
}

interface Marker {
  readonly key: string;
  readonly versionId: string | undefined;
}

interface Page {
  readonly entries: readonly RawVersion[];
  readonly marker: Marker | undefined;
}

async function listPage(
  { connection, bucket, key }: Listing,
  marker: Marker | undefined,
  signal: AbortSignal,
): Promise<Page> {
  const command = {
    Bucket: bucket,
    // Keys may hold what XML cannot.
    EncodingType: 'url',
    // Keys that only begin like this one come after it.
    ...(key === undefined ? {} : { Prefix: key, MaxKeys: VERSIONS_OF_A_KEY }),
    ...(marker === undefined ? {} : { KeyMarker: marker.key, VersionIdMarker: marker.versionId }),
  } as const;
  const answer = await connection.request(signal, (client, options) =>
    client.send(new ListObjectVersionsCommand(command), options),
  );
  const all = entriesOf(answer);
  const entries = key === undefined ? all : all.filter((entry) => entry.key === key);
  const last = all.at(-1);
  const isEnd = answer.IsTruncated !== true || last === undefined || (key !== undefined && last.key !== key);
  if (isEnd) return { entries, marker: undefined };
  // Stores differ in whether they encode NextKeyMarker; the last key of the page says the same.
  return { entries, marker: { key: last.key, versionId: answer.NextVersionIdMarker ?? last.versionId } };
}

/** The two lists of an answer as the one that the store had: by key, and the newest first. */
function entriesOf(answer: ListObjectVersionsOutput): RawVersion[] {
  const decode = keyDecoder(answer.EncodingType);
  const versions = (answer.Versions ?? []).map((entry) => rawVersion(entry, decode));
  const markers = (answer.DeleteMarkers ?? []).map((entry) => rawMarker(entry, decode));
  if (markers.length === 0) return versions;
  const merged: RawVersion[] = [];
  let [v, m] = [0, 0];
  for (
    let [version, marker] = [versions[v], markers[m]];
    version ?? marker;
    [version, marker] = [versions[v], markers[m]]
  ) {
    const takesMarker = version === undefined || (marker !== undefined && isBefore(marker, version));
    const next = takesMarker ? marker : version;
    if (next !== undefined) merged.push(next);
    if (takesMarker) m += 1;
    else v += 1;
  }
  return merged;
}

function isBefore(a: RawVersion, b: RawVersion): boolean {
  if (a.key !== b.key) return Buffer.compare(Buffer.from(a.key), Buffer.from(b.key)) < 0;
  if (a.isLatest !== b.isLatest) return a.isLatest;
  return a.at > b.at;
}

function rawVersion(entry: ObjectVersion, decode: KeyDecoder): RawVersion {
  return {
    ...whatAllHave(entry, decode),
    isMarker: false,
    etag: entry.ETag ?? '',
    sizeBytes: entry.Size ?? 0,
    storageClass: entry.StorageClass,
  };
}

function rawMarker(entry: DeleteMarkerEntry, decode: KeyDecoder): RawVersion {
  return { ...whatAllHave(entry, decode), isMarker: true, etag: '', sizeBytes: 0, storageClass: undefined };
}

function whatAllHave(entry: ObjectVersion | DeleteMarkerEntry, decode: KeyDecoder) {
  return {
    key: decode(entry.Key ?? ''),
    versionId: entry.VersionId ?? 'null',
    at: entry.LastModified?.getTime() ?? 0,
    isLatest: entry.IsLatest === true,
  };
}

type KeyDecoder = (listed: string) => string;

/** How keys are written in a listing that was asked for with `EncodingType: url`, which some stores do not know. */
export function keyDecoder(encodingType: string | undefined): KeyDecoder {
  return encodingType === 'url' ? decodeListedKey : (listed) => listed;
}

/** @throws ConnectorError for a key that is not UTF-8, which S3 does not allow */
function decodeListedKey(encoded: string): string {
  try {
    return decodeURIComponent(encoded.replaceAll('+', ' '));
  } catch (error) {
    throw new ConnectorError('permanent', `The store lists a key that is not UTF-8: ${encoded}.`, {
      hint: 'Rename or remove that object, then back up again.',
      cause: error,
    });
  }
}
