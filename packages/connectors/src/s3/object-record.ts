/** What is kept of a version of an object beside its content, as a section of the item's metadata. */
import type { ItemRecord } from '@holdfast/engine';
import type { ObjectAcl } from './object-acl.ts';

/** Section of the metadata of each version: JSON in UTF-8. */
export const OBJECT_SECTION = 's3.object';
/** Section of the metadata of the root item. */
export const BUCKET_SECTION = 's3.bucket';

export interface ObjectFacts {
  readonly versionId: string;
  /** When the version was made, in ms. */
  readonly at: number;
  /** Among versions of the same key and time: 0 is the newest. */
  readonly tie?: number;
  readonly isMarker?: true;
  readonly etag?: string;
  readonly storageClass?: string;
  /** Content headers in lower case, for example `content-type`; one character per byte. */
  readonly headers?: Readonly<Record<string, string>>;
  /** User metadata, names without `x-amz-meta-`. */
  readonly userMetadata?: Readonly<Record<string, string>>;
  readonly tags?: Readonly<Record<string, string>>;
  readonly acl?: ObjectAcl;
  readonly encryption?: { readonly algorithm: string; readonly keyId?: string };
  /** When it was removed from the bucket for good, in ms; kept on for restores to times before. */
  readonly removedAt?: number;
  /** Why its content is not in the recovery point, as an issue's code. */
  readonly missing?: string;
}

export interface BucketFacts {
  readonly bucket: string;
  /** The moment, by the clock of the store, whose state the recovery point tells exactly. */
  readonly consistentAt: number;
  /** How changes were found: by comparing the bucket's listing with the parent, or by keys that notifications named. */
  readonly capture: 'listing' | 'notifications';
  /** With notifications: when the whole bucket was last listed, in ms. */
  readonly listedAt?: number;
  readonly tags: Readonly<Record<string, string>>;
}

export function encodeSection(facts: ObjectFacts | BucketFacts): Uint8Array {
  return Buffer.from(JSON.stringify(facts), 'utf8');
}

/** @throws RangeError for an item that this connector did not make */
export function objectFactsOf(item: ItemRecord): ObjectFacts {
  return decode<ObjectFacts>(item, OBJECT_SECTION);
}

/** @throws RangeError for an item that this connector did not make */
export function bucketFactsOf(root: ItemRecord): BucketFacts {
  return decode<BucketFacts>(root, BUCKET_SECTION);
}

function decode<Facts>(item: ItemRecord, section: string): Facts {
  const bytes = item.metadata.extra?.[section];
  if (bytes === undefined) throw new RangeError(`the recovery point was not made from a bucket: it lacks ${section}`);
  return JSON.parse(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('utf8')) as Facts;
}
