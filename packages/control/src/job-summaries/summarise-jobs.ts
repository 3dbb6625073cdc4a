import { canonicalMessageCategory } from '../job-messages/message-category.ts';
import { listPage } from '../pagination/next-token.ts';
import type { Page, PageRequest } from '../pagination/page.ts';
import type { ControlPorts } from '../ports.ts';
import { canonicalResourceType } from '../resources/resource-types.ts';
import {
  type AggregationPeriod,
  aggregate,
  type Dimension,
  dimension,
  rowKey,
  type SummaryDimensions,
  type SummaryRow,
  summaryPeriods,
} from './aggregation.ts';
import type { JobKind } from './job-summary-store.ts';

const LARGEST_PAGE = 500;

export interface SummaryInput {
  readonly AccountId?: string | undefined;
  readonly State?: string | undefined;
  readonly ResourceType?: string | undefined;
  readonly MessageCategory?: string | undefined;
  readonly AggregationPeriod?: AggregationPeriod | undefined;
  readonly MaxResults?: number | undefined;
  readonly NextToken?: string | undefined;
}

type SummaryContext = Parameters<typeof listPage>[1];

export interface Summaries {
  readonly period: AggregationPeriod;
  readonly rows: readonly SummaryRow[];
  readonly NextToken?: string;
}

/** One page of the summary of a kind of job; at most 500 rows (API2-54). */
export async function summariseJobs(
  ports: ControlPorts,
  kind: JobKind,
  input: SummaryInput,
  context: SummaryContext,
): Promise<Summaries> {
  const period = input.AggregationPeriod ?? 'ONE_DAY';
  const { accountIds, account } = await accountsOf(ports, context.accountId, input.AccountId);
  const dimensions: SummaryDimensions = {
    account,
    state: dimension(input.State, (state) => state),
    resourceType: dimension(input.ResourceType, canonicalResourceType),
    messageCategory: kind === 'restore' ? { mode: 'each' } : dimension(input.MessageCategory, canonicalMessageCategory),
  };
  const { items, NextToken } = await listPage(
    input,
    context,
    async (page) => pageOf(await allRows(ports, kind, accountIds, context, dimensions, period), page),
    LARGEST_PAGE,
  );
  return { period, rows: items, ...(NextToken === undefined ? {} : { NextToken }) };
}

/** Members of no organisation, and plain members of one, see themselves whatever they ask for (API2-49). */
async function accountsOf(
  ports: ControlPorts,
  callerId: string,
  asked: string | undefined,
): Promise<{ accountIds: readonly string[]; account: Dimension }> {
  const membership = await ports.organization.membership(callerId);
  const mayAsk = membership?.isManagementAccount === true || membership?.isDelegatedAdministrator === true;
  if (!mayAsk || asked === undefined) return { accountIds: [callerId], account: { mode: 'each' } };
  if (asked === 'ANY') return { accountIds: membership.accountIds, account: { mode: 'each' } };
  if (asked === 'AGGREGATE_ALL') return { accountIds: membership.accountIds, account: { mode: 'sum' } };
  const accountIds = membership.accountIds.includes(asked) ? [asked] : [callerId];
  return { accountIds, account: { mode: 'each' } };
}

async function allRows(
  ports: ControlPorts,
  kind: JobKind,
  accountIds: readonly string[],
  context: SummaryContext,
  dimensions: SummaryDimensions,
  period: AggregationPeriod,
): Promise<readonly SummaryRow[]> {
  const rows: SummaryRow[] = [];
  for (const stretch of summaryPeriods(period, context.now)) {
    const query = { kind, accountIds, region: context.region, from: stretch.from, to: stretch.to };
    rows.push(...aggregate(await ports.stores.jobSummaries.countJobs(query), dimensions, stretch));
  }
  return rows;
}

function pageOf(rows: readonly SummaryRow[], page: PageRequest): Page<SummaryRow> {
  const rest = rows.filter((row) => page.afterKey === undefined || rowKey(row) > page.afterKey);
  const items = rest.slice(0, page.limit);
  const last = items.at(-1);
  return rest.length > items.length && last !== undefined ? { items, nextKey: rowKey(last) } : { items };
}
