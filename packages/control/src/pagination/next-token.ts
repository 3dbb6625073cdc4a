/**
 * `NextToken` of the list actions: opaque to clients, bound to the caller, the action and the filters with which the
 * list was begun (a token of another list would silently skip items), and good for one day.
 */
import type { RequestContext } from '@holdfast/wire';
import { invalidParameter } from '../errors.ts';
import { requestFingerprint } from '../request-fingerprint.ts';
import type { Page, PageRequest } from './page.ts';

const LIFETIME_MS = 86_400_000;
const MAXIMUM_PAGE = 1000;

interface ListInput {
  readonly MaxResults?: number | undefined;
  readonly NextToken?: string | undefined;
}

type ListContext = Pick<RequestContext, 'accountId' | 'region' | 'operation' | 'now'>;

export interface ListedPage<Item> {
  readonly items: readonly Item[];
  /** For the response's `NextToken`; absent on the last page. */
  readonly NextToken?: string;
}

/**
 * Runs one page of a list: reads the token, asks the store, makes the next token.
 * `MaxResults` absent means the maximum, 1000 (or `largestPage`).
 * @throws ServiceError InvalidParameterValueException for a bad MaxResults or a token that is not of this list
 */
export async function listPage<Item>(
  input: ListInput,
  context: ListContext,
  fetch: (page: PageRequest) => Promise<Page<Item>>,
  largestPage: number = MAXIMUM_PAGE,
): Promise<ListedPage<Item>> {
  const binding = requestFingerprint(
    { filters: { ...input, MaxResults: undefined, NextToken: undefined }, ...scopeOf(context) },
    [],
  );
  const afterKey = input.NextToken === undefined ? undefined : readToken(input.NextToken, binding, context.now);
  const page = await fetch({
    limit: Math.min(checkedMaxResults(input.MaxResults), largestPage),
    ...(afterKey === undefined ? {} : { afterKey }),
  });
  if (page.nextKey === undefined) return { items: page.items };
  return { items: page.items, NextToken: writeToken(page.nextKey, binding, context.now) };
}

function scopeOf(context: ListContext): object {
  return { accountId: context.accountId, region: context.region, operation: context.operation };
}

function checkedMaxResults(maxResults: number | undefined): number {
  if (maxResults === undefined) return MAXIMUM_PAGE;
  if (Number.isInteger(maxResults) && maxResults >= 1 && maxResults <= MAXIMUM_PAGE) return maxResults;
  throw invalidParameter(
    `MaxResults must be a whole number from 1 to ${MAXIMUM_PAGE}, not ${maxResults}.`,
    'MaxResults',
  );
}

function writeToken(key: string, binding: string, now: number): string {
  return Buffer.from(JSON.stringify([key, binding, now])).toString('base64url');
}

function readToken(token: string, binding: string, now: number): string {
  const [key, boundTo, madeAt] = decode(token);
  if (boundTo !== binding) {
    throw invalidParameter(
      'NextToken belongs to another list: repeat the request that gave it, filters included.',
      'NextToken',
    );
  }
  if (now - madeAt > LIFETIME_MS) {
    throw invalidParameter('NextToken has expired. Start the list again without it.', 'NextToken');
  }
  return key;
}

function decode(token: string): [string, string, number] {
  try {
    const parts: unknown = JSON.parse(Buffer.from(token, 'base64url').toString());
    if (Array.isArray(parts) && parts.length === 3) {
      const [key, binding, madeAt] = parts as unknown[];
      if (typeof key === 'string' && typeof binding === 'string' && typeof madeAt === 'number') {
        return [key, binding, madeAt];
      }
    }
  } catch (error) {
    throw invalidToken(error);
  }
  throw invalidToken();
}

function invalidToken(cause?: unknown): Error {
  const error = invalidParameter('NextToken is not one that this service gave.', 'NextToken');
  error.cause = cause;
  return error;
}
