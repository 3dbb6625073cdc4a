import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import { useConsole } from '../session/use-console.ts';
import { findInPages, firstWithItems, type ListPage, type ServerSearch } from './list-page.ts';
import { type Column, containsText, type Sorting, sorted } from './table-column.ts';

/** The viewer is still typing. */
const TYPING_MS = 300;

interface ListPagesOptions<T> {
  readonly columns: readonly Column<T>[];
  readonly queryKey: readonly unknown[];
  readonly load: (nextToken: string | undefined, pageSize: number) => Promise<ListPage<T>>;
  readonly search?: ServerSearch<T> | undefined;
  readonly searchScope?: string | undefined;
  readonly refreshMs?: ((items: readonly T[]) => number | false) | undefined;
  readonly pageSize: number;
  readonly sorting: Sorting | undefined;
}

/**
 * The page of a list that a table shows. A text and an order hold for the whole list: the server applies them where it
 * can; otherwise a text is looked for in a bounded stretch, and a list that fits on one page is sorted here.
 */
export function useListPages<T>({ columns, search, pageSize, sorting, ...options }: ListPagesOptions<T>) {
  const { region, session } = useConsole();
  const [typed, setTyped] = useState({ scope: options.searchScope, text: '' });
  const text = typed.scope === options.searchScope ? typed.text : '';
  const setText = (next: string): void => setTyped({ scope: options.searchScope, text: next });
  const wanted = useSettled(text.trim());
  const order = search?.sorts[sorting?.columnId ?? ''];
  const sort = order === undefined ? undefined : { name: order, isDescending: sorting?.isDescending === true };
  const key = [session.accountId, region, ...options.queryKey, pageSize, wanted, sort];
  const scope = JSON.stringify(key);
  const [pages, setPages] = useState<PagePosition>(firstPage(scope));
  // Other filters begin at the first page again.
  const position = pages.scope === scope ? pages : firstPage(scope);
  const nextToken = position.tokens[position.index];

  const read = (): Promise<ListPage<T>> => {
    if (search !== undefined && (wanted !== '' || sort !== undefined)) {
      return firstWithItems((token) => search.load({ text: wanted, sort, nextToken: token, pageSize }), nextToken);
    }
    if (wanted === '') return options.load(nextToken, pageSize);
    return findInPages(options.load, (item) => containsText(item, columns, wanted), { nextToken, pageSize });
  };
  const query = useQuery({
    queryKey: [...key, nextToken],
    queryFn: read,
    placeholderData: keepPreviousData,
    refetchInterval: ({ state }) => options.refreshMs?.(state.data?.items ?? []) ?? false,
  });

  const items = query.data?.items ?? [];
  const following = query.isPlaceholderData ? undefined : query.data?.nextToken;
  const isWhole = position.index === 0 && following === undefined && !query.isPending;
  return {
    query,
    text,
    setText,
    /** A text is applied to what is shown. */
    isFiltered: wanted !== '',
    items: isWhole && sort === undefined ? sorted(items, columns, sorting) : items,
    /** All of the list is there, so that any column can sort it. */
    isWhole,
    pageIndex: position.index,
    hasNext: following !== undefined,
    moveTo: (index: number) => setPages(moved(position, index, following)),
  };
}

/** The text once the viewer has stopped typing. */
function useSettled(text: string): string {
  const [settled, setSettled] = useState(text);
  useEffect(() => {
    const timer = window.setTimeout(() => setSettled(text), text === '' ? 0 : TYPING_MS);
    return () => window.clearTimeout(timer);
  }, [text]);
  return settled;
}

/** Where in a list the viewer is: the API gives a token for the next page only, so the way there is remembered. */
interface PagePosition {
  readonly scope: string;
  readonly tokens: readonly (string | undefined)[];
  readonly index: number;
}

function firstPage(scope: string): PagePosition {
  return { scope, tokens: [undefined], index: 0 };
}

function moved(position: PagePosition, index: number, nextToken: string | undefined): PagePosition {
  if (index < position.tokens.length) return { ...position, index };
  if (nextToken === undefined) return position;
  return { ...position, tokens: [...position.tokens, nextToken], index: position.tokens.length };
}
