import type { Page, PageRequest } from '../pagination/page.ts';
import type { Tags } from '../scope.ts';

/** Tags of what the API can tag: vaults, recovery points, plans and more, all by ARN. */
export interface TagStore {
  /** By key, ascending. */
  list(accountId: string, resourceArn: string, page: PageRequest): Promise<Page<{ key: string; value: string }>>;
  /** Adds or replaces; false, and nothing written, when the resource would then carry more than `limit` tags. */
  put(accountId: string, resourceArn: string, tags: Tags, limit: number): Promise<boolean>;
  remove(accountId: string, resourceArn: string, keys: readonly string[]): Promise<void>;
  removeAll(accountId: string, resourceArn: string): Promise<void>;
}
