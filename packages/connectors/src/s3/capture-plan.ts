import type { ContentSource, ItemEntry, ItemRecord } from '@holdfast/engine';
import type { ParentContent } from '../sdk/v1/continuous.ts';
import { objectIssue } from './errors.ts';
import { keyOfPath } from './item-paths.ts';
import type { JoinedVersion } from './join-parent.ts';
import { encodeSection, OBJECT_SECTION, objectFactsOf } from './object-record.ts';
import type { PrefetchTask } from './ordered-prefetch.ts';
import type { ListedVersion } from './version-listing.ts';
import { factsOfListing, fingerprintOf, itemOf, type VersionReader } from './version-reader.ts';

const NOTHING: ContentSource = { kind: 'inline', bytes: new Uint8Array(0) };

type Entries = readonly ItemEntry[];

export interface CapturePlanOptions {
  readonly reader: VersionReader;
  /** Absent: no parent, or one that cannot be read now. */
  readonly parent: ParentContent | undefined;
  /** Removed versions are kept on while restores to times from here on may need them; absent: not at all. */
  readonly keepFromAt: number | undefined;
  /** When the bucket was looked at: what is not there any more went before. */
  readonly lookedAt: number;
  /** Ask again for tags and lists of current versions whose content did not change. */
  readonly rechecksAttributes: boolean;
}

/** Decides for each version whether it is read, taken over from the parent, or carried on although the bucket lost it. */
export class CapturePlan {
  readonly #options: CapturePlanOptions;
  /** The last version of the present key that still is in the bucket. */
  #newer: { readonly key: string; readonly at: number } | undefined;

  constructor(options: CapturePlanOptions) {
    this.#options = options;
  }

  taskFor({ listed, parent, kept }: JoinedVersion): PrefetchTask<Entries> | undefined {
    if (kept !== undefined) return this.#kept(kept);
    if (listed === undefined) return parent === undefined ? undefined : this.#removed(parent);
    this.#newer = listed;
    const { reader } = this.#options;
    if (parent === undefined || !isSame(listed, parent)) {
      return { bytes: reader.memoryOf(listed), start: () => reader.read(listed) };
    }
    if (this.#options.rechecksAttributes && listed.isLatest && !listed.isMarker) {
      return { bytes: 0, start: () => this.#recheck(listed, parent) };
    }
    return { bytes: 0, start: () => [{ item: this.#takenOver(listed, parent) }] };
  }

  /** What no notification named. */
  #kept(kept: ItemRecord): PrefetchTask<Entries> | undefined {
    const facts = objectFactsOf(kept);
    if (facts.removedAt !== undefined) return this.#removed(kept);
    const key = keyOfPath(kept.path) ?? '';
    const { at, versionId, etag = '', missing, isMarker } = facts;
    this.#newer = { key, at };
    if (missing !== undefined) {
      const issue = objectIssue(kept.path, key, missing, 'it could not be read when it was last tried');
      return { bytes: 0, start: () => [{ issue }, { item: { ...kept, content: NOTHING } }] };
    }
    const version = { key, versionId, etag, sizeBytes: kept.sizeBytes };
    const content = isMarker === true ? NOTHING : this.#options.reader.contentOf(version);
    return { bytes: 0, start: () => [{ item: { ...kept, content } }] };
  }

  #takenOver(listed: ListedVersion, parent: ItemRecord): ItemRecord {
    const before = objectFactsOf(parent);
    const { removedAt: _, ...facts } = { ...before, ...factsOfListing(listed) };
    return itemOf(listed, facts, { content: this.#contentOf(listed), fingerprint: fingerprintOf(listed) });
  }

  async #recheck(listed: ListedVersion, parent: ItemRecord): Promise<Entries> {
    const { facts: attributes, issues } = await this.#options.reader.attributes(listed);
    const { removedAt: _, tags, acl, ...facts } = { ...objectFactsOf(parent), ...factsOfListing(listed) };
    // What could not be asked stays as the parent knew it.
    const kept = issues.length === 0 ? {} : { ...(tags && { tags }), ...(acl && { acl }) };
    const details = { content: this.#contentOf(listed), fingerprint: fingerprintOf(listed) };
    return [...issues, { item: itemOf(listed, { ...facts, ...kept, ...attributes }, details) }];
  }

  #contentOf(listed: ListedVersion): ContentSource {
    return listed.isMarker ? NOTHING : this.#options.reader.contentOf(listed);
  }

  /** A version that the bucket has no more, kept on while the window needs it. */
  #removed(parent: ItemRecord): PrefetchTask<Entries> | undefined {
    const { keepFromAt, lookedAt, parent: content } = this.#options;
    if (keepFromAt === undefined || content === undefined) return undefined;
    const facts = objectFactsOf(parent);
    // It was there at the moment that the parent tells, and is not at this one; when it went in between nobody knows.
    const goneAt = facts.removedAt ?? lookedAt;
    if (goneAt < keepFromAt || this.#wasReplacedBefore(parent, keepFromAt)) return undefined;
    const metadata = { extra: { [OBJECT_SECTION]: encodeSection({ ...facts, removedAt: goneAt }) } };
    const open = () => content.read(parent.path);
    return { bytes: 0, start: () => [{ item: { ...parent, metadata, content: { kind: 'stream', open } } }] };
  }

  /** A newer version that still is there had its place before the window began. */
  #wasReplacedBefore(parent: ItemRecord, keepFromAt: number): boolean {
    const newer = this.#newer;
    return newer !== undefined && newer.at < keepFromAt && newer.key === keyOfPath(parent.path);
  }
}

/** The parent has the content of this version. */
function isSame(listed: ListedVersion, parent: ItemRecord): boolean {
  if (parent.fingerprint === undefined || parent.sizeBytes !== listed.sizeBytes) return false;
  return Buffer.compare(parent.fingerprint, fingerprintOf(listed)) === 0;
}
