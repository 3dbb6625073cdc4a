import type { PageRequest, TimeRange } from '@holdfast/control';
import { type RawBuilder, sql } from 'kysely';

/** Conditions of a list, each absent when its filter is. Columns are our own names, never input. */
type Condition = RawBuilder<boolean> | undefined;

/** True when every condition that is there is true. */
export function allOf(conditions: readonly Condition[]): RawBuilder<boolean> {
  const present = conditions.filter((condition) => condition !== undefined);
  return present.length === 0 ? sql<boolean>`1 = 1` : sql<boolean>`${sql.join(present, sql` and `)}`;
}

export function equals(column: string, value: string | number | undefined): Condition {
  return value === undefined ? undefined : sql<boolean>`${sql.ref(column)} = ${value}`;
}

/** One of the values; none of them when the list is empty. */
export function oneOf(column: string, values: readonly string[] | undefined): Condition {
  if (values === undefined) return undefined;
  if (values.length === 1) return equals(column, values[0]);
  if (values.length === 0) return sql<boolean>`1 = 0`;
  return sql<boolean>`${sql.ref(column)} in (${sql.join(values)})`;
}

/** Both ends exclusive, as the API's "after" and "before" say; a time that is missing lies in no range. */
export function within(column: string, range: TimeRange | undefined): Condition {
  if (range === undefined) return undefined;
  const after = range.after === undefined ? undefined : sql<boolean>`${sql.ref(column)} > ${range.after}`;
  const before = range.before === undefined ? undefined : sql<boolean>`${sql.ref(column)} < ${range.before}`;
  return allOf([after, before]);
}

/**
 * A range of the column by which a list is sorted, newest first. Pages after the first lie below their key, which lies
 * below `before`: leaving `before` out then lets the database start at the key instead of at the range's end.
 */
export function withinFrom(page: PageRequest, column: string, range: TimeRange | undefined): Condition {
  if (page.afterKey === undefined || range === undefined) return within(column, range);
  return within(column, range.after === undefined ? undefined : { after: range.after });
}
