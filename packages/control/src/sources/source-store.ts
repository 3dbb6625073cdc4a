import type { Page, PageRequest } from '../pagination/page.ts';
import type { Scope } from '../scope.ts';

/** A place with resources that Holdfast can reach. Settings hold references to secrets, never secrets. */
export interface SourceRecord extends Scope {
  readonly name: string;
  /** The connector's kind, for example `directory`. */
  readonly kind: string;
  readonly settings: Readonly<Record<string, unknown>>;
  /** Tags that every resource of this source carries, besides its own. */
  readonly tags: Readonly<Record<string, string>>;
  /** Declared in the configuration file (and removed there) or through the admin API. */
  readonly origin: 'configuration' | 'api';
  readonly createdAt: number;
  readonly status: 'unchecked' | 'reachable' | 'unreachable';
  readonly statusMessage?: string;
  readonly lastDiscoveredAt?: number;
}

export interface SourceStatus {
  readonly status: SourceRecord['status'];
  readonly statusMessage?: string;
  readonly lastDiscoveredAt?: number;
}

export interface SourceStore {
  /** False when a source of that name exists in the scope. */
  create(source: SourceRecord): Promise<boolean>;
  /** Inserts or replaces: how the configuration file is brought in at start. */
  put(source: SourceRecord): Promise<void>;
  get(scope: Scope, name: string): Promise<SourceRecord | undefined>;
  /** By name, ascending. */
  list(scope: Scope, page: PageRequest): Promise<Page<SourceRecord>>;
  /** Of all scopes, for the discovery loop. */
  listAll(page: PageRequest): Promise<Page<SourceRecord>>;
  setStatus(scope: Scope, name: string, status: SourceStatus): Promise<void>;
  remove(scope: Scope, name: string): Promise<boolean>;
}
