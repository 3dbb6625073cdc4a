import type { Page } from '@holdfast/control';
import { type RawBuilder, type SelectQueryBuilder, sql } from 'kysely';
import { type PageOrder, readPage } from '../database/page.ts';
import { decodePageKey, encodePageKey, type PageKey } from '../database/page-key.ts';

/** Rows that one call looks at; more would make somebody wait for what may not be there. */
const MOST_SCANNED = 5000;

/**
 * A page of the rows that match a condition which no index answers. Looks at a bounded part of the ordered list; where
 * that ends before the page is full, the next page goes on there.
 * @throws InvalidPageKeyError
 */
export async function scanPage<Tables, From extends keyof Tables, Row extends object>(
  query: SelectQueryBuilder<Tables, From, Row>,
  matches: RawBuilder<boolean> | undefined,
  order: PageOrder<Row>,
  mostScanned = MOST_SCANNED,
): Promise<Page<Row>> {
  if (matches === undefined) return await readPage(query, order);
  const { list, filter, columns, direction, page } = order;
  const names = sql.join(columns.map((column) => sql.ref(column)));
  const [after, until] = direction === 'asc' ? ['>', '<='] : ['<', '>='];
  const beside = (operator: string | undefined, key: PageKey): RawBuilder<boolean> =>
    sql<boolean>`(${names}) ${sql.raw(operator ?? '')} (${sql.join(key.map((part) => sql`${part}`))})`;
  const keyOf = (row: Row): PageKey => columns.map((column) => row[column]) as PageKey;

  let part = query;
  if (page.afterKey !== undefined) {
    part = part.where(beside(after, decodePageKey(list, filter, page.afterKey, columns.length)));
  }
  for (const column of columns) part = part.orderBy(sql.ref(column), direction);
  const [edge] = await part
    .limit(1)
    .offset(mostScanned - 1)
    .execute();
  const within = edge === undefined ? part : part.where(beside(until, keyOf(edge)));
  const found = await within
    .where(matches)
    .limit(page.limit + 1)
    .execute();
  const items = found.slice(0, page.limit);
  const last = found.length > page.limit ? items.at(-1) : edge;
  return last === undefined ? { items } : { items, nextKey: encodePageKey(list, filter, keyOf(last)) };
}

/** True when one of the columns or expressions contains the text, whatever its case. */
export function containsText(
  texts: readonly RawBuilder<unknown>[],
  text: string | undefined,
): RawBuilder<boolean> | undefined {
  if (text === undefined) return undefined;
  const pattern = `%${text.toLowerCase().replace(/[\\%_]/g, (special) => `\\${special}`)}%`;
  const any = texts.map((each) => sql<boolean>`lower(coalesce(${each}, '')) like ${pattern} escape '\\'`);
  return sql<boolean>`(${sql.join(any, sql` or `)})`;
}
