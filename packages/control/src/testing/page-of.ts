import type { Page, PageRequest, TimeRange } from '../pagination/page.ts';

/** One page of items that are sorted by `keyOf`: the obvious form of key-set pagination. */
export function pageOf<Item>(items: readonly Item[], keyOf: (item: Item) => string, page: PageRequest): Page<Item> {
  const start = page.afterKey === undefined ? 0 : items.findIndex((item) => keyOf(item) === page.afterKey) + 1;
  const chosen = items.slice(start, start + page.limit);
  const last = chosen.at(-1);
  return last !== undefined && start + chosen.length < items.length
    ? { items: chosen, nextKey: keyOf(last) }
    : { items: chosen };
}

/** Ascending by a text. */
export function ascending<Item>(keyOf: (item: Item) => string): (a: Item, b: Item) => number {
  return (a, b) => (keyOf(a) < keyOf(b) ? -1 : keyOf(a) > keyOf(b) ? 1 : 0);
}

/** Newest first, ties by a text. */
export function newestFirst<Item extends { readonly createdAt: number }>(
  keyOf: (item: Item) => string,
): (a: Item, b: Item) => number {
  const tie = ascending(keyOf);
  return (a, b) => b.createdAt - a.createdAt || tie(a, b);
}

export function isWithin(at: number | undefined, range: TimeRange | undefined): boolean {
  if (range === undefined) return true;
  if (at === undefined) return false;
  return at > (range.after ?? Number.NEGATIVE_INFINITY) && at < (range.before ?? Number.POSITIVE_INFINITY);
}

/** True when the filter is absent or equal. */
export function fits<T>(value: T, wanted: T | undefined): boolean {
  return wanted === undefined || value === wanted;
}
