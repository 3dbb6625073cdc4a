/** Lists that are searched and sorted where the data is, for who looks for something among many. */
import type { JobKind } from '../job-summaries/job-summary-store.ts';
import type { Page, PageRequest, TimeRange } from '../pagination/page.ts';
import type { Scope } from '../scope.ts';

/** Orders that an index answers; ties go by the time of creation. */
export type JobSort = 'created' | 'state' | 'resource' | 'resource-type' | 'vault';
export type RecoveryPointSort = 'created' | 'resource' | 'resource-type';

interface Search extends Scope {
  /** Part of a name, ARN, ID or message, in any case. */
  readonly text?: string;
  readonly isAscending: boolean;
}

export interface JobSearch extends Search {
  readonly kind: JobKind;
  readonly sortBy: JobSort;
  readonly states?: readonly string[];
  readonly resourceType?: string;
  readonly messageCategory?: string;
  readonly created?: TimeRange;
}

export interface RecoveryPointSearch extends Search {
  readonly vaultId: string;
  readonly sortBy: RecoveryPointSort;
  readonly resourceType?: string;
  readonly created?: TimeRange;
}

/** Resources are always in the order of their ARNs. */
export interface ResourceSearch extends Search {
  readonly resourceType?: string;
  readonly sourceName?: string;
}

/**
 * Answers with identifiers in order. A page may have fewer of them than asked for, even none, and still a key for the
 * next one: a call looks at a bounded part of the list, so that rare matches never hold it up.
 */
export interface SearchPort {
  jobIds(search: JobSearch, page: PageRequest): Promise<Page<string>>;
  recoveryPointArns(search: RecoveryPointSearch, page: PageRequest): Promise<Page<string>>;
  resourceArns(search: ResourceSearch, page: PageRequest): Promise<Page<string>>;
  protectedResourceArns(search: ResourceSearch, page: PageRequest): Promise<Page<string>>;
}
