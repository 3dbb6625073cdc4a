/** How job counts become the rows of the summary actions (API2-46 to API2-54). Pure. */
import type { JobCount } from './job-summary-store.ts';

const DAY_MS = 86_400_000;

export type AggregationPeriod = 'ONE_DAY' | 'SEVEN_DAYS' | 'FOURTEEN_DAYS';

export interface SummaryPeriod {
  readonly from: number;
  readonly to: number;
}

/** The stretches of time that are counted: 14 single days (UTC, today the last), or one stretch of 7 or 14 days. */
export function summaryPeriods(period: AggregationPeriod, now: number): readonly SummaryPeriod[] {
  const tomorrow = (Math.floor(now / DAY_MS) + 1) * DAY_MS;
  if (period === 'SEVEN_DAYS') return [{ from: tomorrow - 7 * DAY_MS, to: tomorrow }];
  if (period === 'FOURTEEN_DAYS') return [{ from: tomorrow - 14 * DAY_MS, to: tomorrow }];
  return Array.from({ length: 14 }, (_, index) => {
    const from = tomorrow - (14 - index) * DAY_MS;
    return { from, to: from + DAY_MS };
  });
}

/** What to do with one dimension: a value selects, `ANY` (or nothing) makes one row per value, `AGGREGATE_ALL` sums. */
export type Dimension =
  | { readonly mode: 'each' }
  | { readonly mode: 'sum' }
  | { readonly mode: 'only'; readonly value: string };

export function dimension(text: string | undefined, canonical: (text: string) => string): Dimension {
  if (text === undefined || text === 'ANY') return { mode: 'each' };
  return text === 'AGGREGATE_ALL' ? { mode: 'sum' } : { mode: 'only', value: canonical(text) };
}

export interface SummaryDimensions {
  readonly account: Dimension;
  readonly state: Dimension;
  readonly resourceType: Dimension;
  readonly messageCategory: Dimension;
}

export interface SummaryRow extends JobCount {
  readonly period: SummaryPeriod;
}

const SUM = 'AGGREGATE_ALL';

/** Rows of one period, sorted by account, state, type and category so that pages are stable. */
export function aggregate(
  counts: readonly JobCount[],
  dimensions: SummaryDimensions,
  period: SummaryPeriod,
): readonly SummaryRow[] {
  const rows = new Map<string, SummaryRow>();
  for (const count of counts) {
    const row = project(count, dimensions, period);
    if (row === undefined) continue;
    const key = rowKey(row);
    const sum = rows.get(key);
    rows.set(key, sum === undefined ? row : { ...sum, count: sum.count + row.count });
  }
  return [...rows].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, row]) => row);
}

/** The place of a row in the list of all rows. */
export function rowKey(row: SummaryRow): string {
  const period = String(row.period.from).padStart(15, '0');
  return JSON.stringify([period, row.accountId, row.state, row.resourceType, row.messageCategory ?? '']);
}

function project(count: JobCount, dimensions: SummaryDimensions, period: SummaryPeriod): SummaryRow | undefined {
  const accountId = projected(dimensions.account, count.accountId);
  const state = projected(dimensions.state, count.state);
  const resourceType = projected(dimensions.resourceType, count.resourceType);
  const category = projected(dimensions.messageCategory, count.messageCategory ?? '');
  if (accountId === undefined || state === undefined || resourceType === undefined || category === undefined) {
    return undefined;
  }
  const row = { accountId, state, resourceType, count: count.count, period };
  return category === '' ? row : { ...row, messageCategory: category };
}

function projected(rule: Dimension, value: string): string | undefined {
  if (rule.mode === 'sum') return SUM;
  if (rule.mode === 'each') return value;
  return rule.value === value ? value : undefined;
}
