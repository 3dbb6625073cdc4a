/** Reading lists page by page: one page is never more than what is shown, however long the list is. */

export interface ListPage<T> {
  readonly items: readonly T[];
  readonly nextToken?: string | undefined;
}

/** What a server that can search and sort is asked for. */
export interface SearchRequest {
  /** Empty: everything. */
  readonly text: string;
  /** Under the server's name for the order. */
  readonly sort: { readonly name: string; readonly isDescending: boolean } | undefined;
  readonly nextToken: string | undefined;
  readonly pageSize: number;
}

/** A list that the server itself searches and sorts. */
export interface ServerSearch<T> {
  /** The server's name of the order, by column. */
  readonly sorts: Readonly<Record<string, string>>;
  readonly load: (request: SearchRequest) => Promise<ListPage<T>>;
}

/** Requests for one page of matches; where they find too little, the viewer asks for more with the next page. */
const MOST_REQUESTS = 10;
const SCAN_PAGE = 100;

/** Follows pages until one has something in it: servers may stop a search before they have found anything. */
export async function firstWithItems<T>(
  load: (nextToken: string | undefined) => Promise<ListPage<T>>,
  nextToken: string | undefined,
): Promise<ListPage<T>> {
  let page = await load(nextToken);
  for (
    let request = 1;
    request < MOST_REQUESTS && page.items.length === 0 && page.nextToken !== undefined;
    request += 1
  ) {
    page = await load(page.nextToken);
  }
  return page;
}

/** Looks through a list that the server cannot search, a bounded stretch at a time. */
export async function findInPages<T>(
  load: (nextToken: string | undefined, pageSize: number) => Promise<ListPage<T>>,
  matches: (item: T) => boolean,
  { nextToken, pageSize }: { readonly nextToken: string | undefined; readonly pageSize: number },
): Promise<ListPage<T>> {
  const found: T[] = [];
  let token = nextToken;
  for (let request = 0; request < MOST_REQUESTS; request += 1) {
    const page = await load(token, SCAN_PAGE);
    found.push(...page.items.filter(matches));
    token = page.nextToken;
    if (token === undefined || found.length >= pageSize) break;
  }
  return { items: found, nextToken: token };
}
