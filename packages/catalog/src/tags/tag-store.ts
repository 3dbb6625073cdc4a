import type { Page, PageRequest, TagStore, Tags } from '@holdfast/control';
import type { Catalog } from '../database/catalog.ts';
import { mapPage, readPage } from '../database/page.ts';

/** Tags of everything that has an ARN and can be tagged. */
export class CatalogTagStore implements TagStore {
  readonly #catalog: Catalog;

  constructor(catalog: Catalog) {
    this.#catalog = catalog;
  }

  async list(accountId: string, resourceArn: string, page: PageRequest): Promise<Page<{ key: string; value: string }>> {
    const query = this.#catalog.db
      .selectFrom('tags')
      .select(['key', 'value'])
      .where('account_id', '=', accountId)
      .where('resource_arn', '=', resourceArn);
    const order = { list: 'tags', filter: [accountId, resourceArn], columns: ['key'], direction: 'asc' } as const;
    return mapPage(await readPage(query, { ...order, page }), ({ key, value }) => ({ key, value }));
  }

  async put(accountId: string, resourceArn: string, tags: Tags, limit: number): Promise<boolean> {
    return await this.#catalog.transaction(async () => {
      const existing = await this.#catalog.db
        .selectFrom('tags')
        .select('key')
        .where('account_id', '=', accountId)
        .where('resource_arn', '=', resourceArn)
        .execute();
      const keys = new Set([...existing.map(({ key }) => key), ...Object.keys(tags)]);
      if (keys.size > limit) return false;
      await this.#write(accountId, resourceArn, tags);
      return true;
    });
  }

  async #write(accountId: string, resourceArn: string, tags: Tags): Promise<void> {
    const rows = Object.entries(tags).map(([key, value]) => ({
      account_id: accountId,
      resource_arn: resourceArn,
      key,
      value,
    }));
    if (rows.length === 0) return;
    await this.#catalog.db
      .insertInto('tags')
      .values(rows)
      .onConflict((conflict) =>
        conflict
          .columns(['account_id', 'resource_arn', 'key'])
          .doUpdateSet((eb) => ({ value: eb.ref('excluded.value') })),
      )
      .execute();
  }

  async remove(accountId: string, resourceArn: string, keys: readonly string[]): Promise<void> {
    if (keys.length === 0) return;
    await this.#catalog.db
      .deleteFrom('tags')
      .where('account_id', '=', accountId)
      .where('resource_arn', '=', resourceArn)
      .where('key', 'in', keys)
      .execute();
  }

  async removeAll(accountId: string, resourceArn: string): Promise<void> {
    await this.#catalog.db
      .deleteFrom('tags')
      .where('account_id', '=', accountId)
      .where('resource_arn', '=', resourceArn)
      .execute();
  }
}
