import type { Page, PageRequest } from '../pagination/page.ts';
import type { Scope, Tags } from '../scope.ts';

/** A resource that a source's connector found, or that a restore created. */
export interface ResourceRecord extends Scope {
  readonly arn: string;
  readonly resourceType: string;
  readonly name: string;
  readonly sourceName: string;
  /** Where it is on the machine, for directories and files. */
  readonly path?: string;
  /** Tags that the source itself keeps. */
  readonly sourceTags: Tags;
  /** Tags that users put on it here; they win over `sourceTags`. */
  readonly localTags: Tags;
  readonly sizeBytes?: number;
  readonly status: 'available' | 'unavailable' | 'vanished';
  readonly statusMessage?: string;
  readonly createdAt?: number;
  readonly firstSeenAt: number;
  readonly lastSeenAt: number;
  /** The restore job that made it, for what a restore test may delete again. */
  readonly createdByRestoreJobId?: string;
}

export interface ResourceListQuery extends Scope {
  readonly resourceType?: string;
  readonly sourceName?: string;
  readonly path?: string;
  readonly statuses?: readonly ResourceRecord['status'][];
}

export interface ResourceStore {
  get(scope: Scope, arn: string): Promise<ResourceRecord | undefined>;
  /** By ARN, ascending. */
  list(query: ResourceListQuery, page: PageRequest): Promise<Page<ResourceRecord>>;
  /**
   * Inserts or refreshes by scope and ARN in one transaction. An existing resource keeps its `localTags`,
   * `firstSeenAt` and `createdByRestoreJobId`.
   */
  upsert(resources: readonly ResourceRecord[]): Promise<void>;
  /** Marks what the source no longer shows (`lastSeenAt` before `seenSince`) as vanished; the ARNs so marked. */
  markVanished(scope: Scope, sourceName: string, seenSince: number): Promise<readonly string[]>;
  /** Replaces the local tags; false when there is no such resource. */
  setLocalTags(scope: Scope, arn: string, tags: Tags): Promise<boolean>;
  remove(scope: Scope, arn: string): Promise<void>;
  removeOfSource(scope: Scope, sourceName: string): Promise<void>;
}

/** The tags of a resource as selections and backups see them. */
export function effectiveTags(resource: Pick<ResourceRecord, 'sourceTags' | 'localTags'>): Tags {
  return { ...resource.sourceTags, ...resource.localTags };
}
