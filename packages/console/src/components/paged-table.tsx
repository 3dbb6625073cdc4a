import Box from '@cloudscape-design/components/box';
import Button from '@cloudscape-design/components/button';
import Header from '@cloudscape-design/components/header';
import Pagination from '@cloudscape-design/components/pagination';
import SpaceBetween from '@cloudscape-design/components/space-between';
import Table, { type TableProps } from '@cloudscape-design/components/table';
import TextFilter from '@cloudscape-design/components/text-filter';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { type ReactNode, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useConsole } from '../session/use-console.ts';
import { ErrorAlert } from './error-alert.tsx';
import { arrange, type Column } from './table-column.ts';
import { TablePreferencesButton, useTablePreferences } from './table-preferences.tsx';

export interface ListPage<T> {
  readonly items: readonly T[];
  readonly nextToken?: string | undefined;
}

interface PagedTableProps<T> {
  /** Under this name the viewer's preferences are remembered. */
  readonly id: string;
  readonly title: string;
  readonly description?: ReactNode;
  readonly columns: readonly Column<T>[];
  readonly keyOf: (item: T) => string;
  readonly queryKey: readonly unknown[];
  /** Reads one page from the server; a list is never read as a whole. */
  readonly load: (nextToken: string | undefined, pageSize: number) => Promise<ListPage<T>>;
  /** What to say, and to offer, when there is nothing. */
  readonly empty: ReactNode;
  /** Filters that the server applies. */
  readonly filters?: ReactNode;
  readonly actions?: (selected: readonly T[], clear: () => void) => ReactNode;
  readonly selection?: TableProps.SelectionType;
  readonly isDisabled?: (item: T) => boolean;
  /** How often to look again, ms, given what is shown; false for never. */
  readonly refreshMs?: (items: readonly T[]) => number | false;
  readonly variant?: TableProps.Variant;
}

/** A table over a list of the API: pages come from the server; the page shown is sorted and searched in place. */
export function PagedTable<T>(props: PagedTableProps<T>) {
  const { t } = useTranslation();
  const { region, session } = useConsole();
  const { columns, keyOf } = props;
  const [preferences, setPreferences] = useTablePreferences(props.id, columns);
  const scope = JSON.stringify([session.accountId, region, preferences.pageSize, ...props.queryKey]);
  const [pages, setPages] = useState<PagePosition>(firstPage(scope));
  // Other filters begin at the first page again.
  const position = pages.scope === scope ? pages : firstPage(scope);
  const [text, setText] = useState('');
  const [selectedKeys, setSelectedKeys] = useState<readonly string[]>([]);

  const token = position.tokens[position.index];
  const query = useQuery({
    queryKey: [session.accountId, region, ...props.queryKey, preferences.pageSize, token],
    queryFn: () => props.load(token, preferences.pageSize),
    placeholderData: keepPreviousData,
    refetchInterval: ({ state }) => props.refreshMs?.(state.data?.items ?? []) ?? false,
  });

  const items = query.data?.items ?? [];
  const shown = arrange(items, columns, text, preferences.sorting);
  const selected = items.filter((item) => selectedKeys.includes(keyOf(item)));
  const nextToken = query.isPlaceholderData ? undefined : query.data?.nextToken;
  const definitions = columns.map((column) => definitionOf(column));

  if (query.isError) {
    return <ErrorAlert header={t('common.loadFailed')} error={query.error} onRetry={() => void query.refetch()} />;
  }
  return (
    <Table
      variant={props.variant ?? 'container'}
      items={shown}
      trackBy={keyOf}
      columnDefinitions={definitions}
      columnDisplay={preferences.display}
      wrapLines={preferences.wrapLines}
      loading={query.isPending}
      loadingText={t('common.loading')}
      resizableColumns
      enableKeyboardNavigation
      sortingColumn={definitions.find(({ id }) => id === preferences.sorting?.columnId)}
      sortingDescending={preferences.sorting?.isDescending ?? false}
      onSortingChange={({ detail }) =>
        setPreferences({ sorting: { columnId: columnIdOf(detail), isDescending: detail.isDescending === true } })
      }
      {...(props.selection === undefined
        ? {}
        : {
            selectionType: props.selection,
            selectedItems: selected,
            onSelectionChange: ({ detail }: { detail: { selectedItems: T[] } }) =>
              setSelectedKeys(detail.selectedItems.map(keyOf)),
            ...(props.isDisabled === undefined ? {} : { isItemDisabled: props.isDisabled }),
          })}
      ariaLabels={{
        tableLabel: props.title,
        selectionGroupLabel: props.title,
        allItemsSelectionLabel: () => t('common.selectItem', { name: t('common.all') }),
        itemSelectionLabel: (_state, item) => t('common.selectItem', { name: keyOf(item) }),
      }}
      header={
        <Header
          counter={`(${selected.length > 0 ? `${selected.length}/` : ''}${items.length}${nextToken === undefined ? '' : '+'})`}
          description={props.description}
          actions={
            <SpaceBetween direction="horizontal" size="xs">
              <Button
                iconName="refresh"
                ariaLabel={t('common.refresh')}
                loading={query.isFetching && !query.isPending}
                onClick={() => void query.refetch()}
              />
              <div className="holdfast-inline">{props.actions?.(selected, () => setSelectedKeys([]))}</div>
            </SpaceBetween>
          }
        >
          {props.title}
        </Header>
      }
      filter={
        <div className="holdfast-filters">
          <TextFilter
            filteringText={text}
            filteringPlaceholder={t('common.search')}
            filteringAriaLabel={t('common.search')}
            countText={text === '' ? '' : t('common.matches', { count: shown.length })}
            onChange={({ detail }) => setText(detail.filteringText)}
          />
          {props.filters}
        </div>
      }
      empty={
        <Box textAlign="center" padding={{ vertical: 'm' }}>
          {text === '' ? (
            props.empty
          ) : (
            <SpaceBetween size="m">
              <b>{t('common.noMatches')}</b>
              <Button onClick={() => setText('')}>{t('common.clearFilter')}</Button>
            </SpaceBetween>
          )}
        </Box>
      }
      pagination={
        <Pagination
          currentPageIndex={position.index + 1}
          pagesCount={position.index + (nextToken === undefined ? 1 : 2)}
          openEnd={nextToken !== undefined}
          ariaLabels={{
            nextPageLabel: t('common.nextPage'),
            previousPageLabel: t('common.previousPage'),
            pageLabel: (page) => t('common.page', { page }),
          }}
          onChange={({ detail }) => setPages(moveTo(position, detail.currentPageIndex - 1, nextToken))}
        />
      }
      preferences={<TablePreferencesButton columns={columns} preferences={preferences} onChange={setPreferences} />}
    />
  );
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

function moveTo(position: PagePosition, index: number, nextToken: string | undefined): PagePosition {
  if (index < position.tokens.length) return { ...position, index };
  if (nextToken === undefined) return position;
  return { ...position, tokens: [...position.tokens, nextToken], index: position.tokens.length };
}

function definitionOf<T>(column: Column<T>): TableProps.ColumnDefinition<T> {
  return {
    id: column.id,
    header: column.header,
    cell: (item) => column.cell?.(item) ?? column.value(item) ?? '-',
    sortingField: column.id,
    ...(column.width === undefined ? {} : { width: column.width }),
  };
}

function columnIdOf<T>(detail: TableProps.SortingState<T>): string {
  return detail.sortingColumn.sortingField ?? '';
}
