import type { Page, PageRequest } from '../pagination/page.ts';
import type { Tags } from '../scope.ts';
import type { TagStore } from '../tags/tag-store.ts';
import { ascending, pageOf } from './page-of.ts';

export class MemoryTagStore implements TagStore {
  readonly #tags = new Map<string, Tags>();

  of(accountId: string, arn: string): Tags {
    return this.#tags.get(`${accountId} ${arn}`) ?? {};
  }

  async list(accountId: string, arn: string, page: PageRequest): Promise<Page<{ key: string; value: string }>> {
    const entries = Object.entries(this.of(accountId, arn)).map(([key, value]) => ({ key, value }));
    return pageOf(entries.sort(ascending(({ key }) => key)), ({ key }) => key, page);
  }

  async put(accountId: string, arn: string, tags: Tags, limit: number): Promise<boolean> {
    const merged = { ...this.of(accountId, arn), ...tags };
    if (Object.keys(merged).length > limit) return false;
    this.#tags.set(`${accountId} ${arn}`, merged);
    return true;
  }

  async remove(accountId: string, arn: string, keys: readonly string[]): Promise<void> {
    const kept = Object.entries(this.of(accountId, arn)).filter(([key]) => !keys.includes(key));
    this.#tags.set(`${accountId} ${arn}`, Object.fromEntries(kept));
  }

  async removeAll(accountId: string, arn: string): Promise<void> {
    this.#tags.delete(`${accountId} ${arn}`);
  }
}
