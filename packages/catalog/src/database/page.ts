import type { Page, PageRequest } from '@holdfast/control';
import { type SelectQueryBuilder, sql } from 'kysely';
import { decodePageKey, encodePageKey, type PageKey } from './page-key.ts';

export interface PageOrder<Row> {
  /** Name of the list, part of the key: a key of one list is refused by another. */
  readonly list: string;
  /** The filters that were applied, part of the key for the same reason. */
  readonly filter: unknown;
  /** Sort columns, all in one direction; together unique, the last one usually an id. Never null. */
  readonly columns: readonly (keyof Row & string)[];
  readonly direction: 'asc' | 'desc';
  readonly page: PageRequest;
}

/**
 * Reads one page of a query that has its filters but no order yet. Pages follow the sort key, never an offset: rows
 * that come or go between two calls neither repeat nor hide others, and page 10,000 costs as much as the first.
 * @throws InvalidPageKeyError
 */
export async function readPage<Tables, From extends keyof Tables, Row extends object>(
  query: SelectQueryBuilder<Tables, From, Row>,
  order: PageOrder<Row>,
): Promise<Page<Row>> {
  const { list, filter, columns, direction, page } = order;
  const names = columns.map((column) => sql.ref(column));
  let paged = query;
  if (page.afterKey !== undefined) {
    const values = decodePageKey(list, filter, page.afterKey, columns.length).map((part) => sql`${part}`);
    const beyond = sql.raw(direction === 'asc' ? '>' : '<');
    paged = paged.where(sql<boolean>`(${sql.join(names)}) ${beyond} (${sql.join(values)})`);
  }
  for (const name of names) paged = paged.orderBy(name, direction);
  const rows = await paged.limit(page.limit + 1).execute();
  if (rows.length <= page.limit) return { items: rows };
  const items = rows.slice(0, page.limit);
  const last = items.at(-1);
  if (last === undefined) return { items };
  const key = columns.map((column) => last[column]) as PageKey;
  return { items, nextKey: encodePageKey(list, filter, key) };
}

/** The same page with its rows turned into what the caller wants. */
export function mapPage<From, To>(page: Page<From>, convert: (row: From) => To): Page<To> {
  const items = page.items.map(convert);
  return page.nextKey === undefined ? { items } : { items, nextKey: page.nextKey };
}
